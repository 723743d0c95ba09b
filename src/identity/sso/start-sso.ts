import type { Request, Response } from 'express';
import { Replay } from '../../kernel/idempotency.js';
import { hashToken, newToken } from '../../kernel/ids.js';
import type { Input } from '../../kernel/route.js';
import { baseUrlOf, type IdentityContext } from '../context.js';
import { readCookie, setOwnCookie } from '../cookie.js';
import { ssoStarted } from '../events.js';
import { SSO_FLOW_MS, type SsoFlow, SsoFlows } from './words.js';

export const SSO_COOKIE = 'sso';
const COOKIE_FORM = /^[\w-]{43}$/;

/** Where the provider sends the browser back to; it has to be registered there. */
export const redirectUriOf = (ctx: Pick<IdentityContext, 'config'>): string => `${baseUrlOf(ctx)}/sso/callback`;

interface KeptStart {
  readonly url: string;
  readonly browser: string;
}

/**
 * Sets out to a provider: the flow, bound to this browser by a cookie, and the address to go to.
 *
 * @throws Problem `sso_unknown` (it is not configured) · `sso_unavailable` (try again shortly) · `too_many_requests`
 * Audited as `sso.started`.
 */
export async function startSso(
  ctx: IdentityContext,
  { actor, act, request, response }: Pick<Input, 'actor' | 'act' | 'request' | 'response'>,
  bound: Pick<SsoFlow, 'provider' | 'purpose' | 'refreshIn' | 'reverificationId' | 'setupHash'>,
): Promise<{ url: string }> {
  await ctx.identity.limits.tokenBySource(actor.address ?? 'unknown');
  const state = newToken();
  const anew = bound.purpose === 'reverify' || bound.purpose === 'link';
  const url = await ctx.identity.sso.urlOf(bound.provider, state, redirectUriOf(ctx), anew);
  const browser = browserOf(ctx, request) ?? newToken();
  try {
    const kept = await act(async (tx): Promise<KeptStart> => {
      const flow: SsoFlow = {
        ...bound,
        _id: hashToken(state),
        browserHash: hashToken(browser),
        ...(actor.kind === 'person' && { personId: actor.id, sessionId: actor.sessionId ?? '' }),
        createdAt: tx.now,
        expiresAt: new Date(tx.now.getTime() + SSO_FLOW_MS),
      };
      await SsoFlows(tx).create([flow], { session: tx.session });
      tx.record(ssoStarted(flow));
      return { url, browser };
    });
    return hand(ctx, response, kept);
  } catch (error) {
    if (!(error instanceof Replay)) throw error;
    throw new Replay(error.status, hand(ctx, response, error.answer as KeptStart));
  }
}

/** What marks this browser; several flows of one browser, in several tabs, share it. */
export function browserOf(ctx: IdentityContext, request: Request): string | undefined {
  const cookie = readCookie(ctx, request, SSO_COOKIE);
  return cookie !== undefined && COOKIE_FORM.test(cookie) ? cookie : undefined;
}

function hand(ctx: IdentityContext, response: Response, { url, browser }: KeptStart): { url: string } {
  setOwnCookie(ctx, response, SSO_COOKIE, browser, new Date(ctx.clock.now().getTime() + SSO_FLOW_MS));
  return { url };
}
