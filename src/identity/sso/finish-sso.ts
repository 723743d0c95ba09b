import { hashToken } from '../../kernel/ids.js';
import { Problem } from '../../kernel/problem.js';
import type { Input } from '../../kernel/route.js';
import type { Tx } from '../../kernel/transact.js';
import type { IdentityContext } from '../context.js';
import { requireOwnOrigin } from '../cookie.js';
import type { KeptSession } from '../deliver-session.js';
import { ssoRefused } from '../events.js';
import { identityProblem } from '../problems.js';
import { refuse } from '../refuse.js';
import type { SsoClaims } from './client.js';
import { acceptInvitation, linkOwnSso } from './link-sso.js';
import { reverifyBySso } from './reverify-by-sso.js';
import { signInBySso } from './sign-in-by-sso.js';
import { browserOf, redirectUriOf } from './start-sso.js';
import { linkView } from './view.js';
import { type SsoFlow, SsoFlows } from './words.js';

/** What the provider sent the browser back with. */
export interface BroughtBack {
  readonly state: string;
  readonly code?: string;
  readonly error?: string;
  readonly iss?: string;
}

/**
 * Comes back from a provider, to what the browser set out for: a session or a ticket, a link, or a re-verification.
 *
 * @throws Problem `sso_refused` (start again) · `origin_refused` · `sso_not_linked` · `sso_linked` · `sso_too_weak` ·
 *         `sso_unavailable` · `suspended` · `setup_required` · `too_many_requests`
 * A refusal is audited as `sso.refused`.
 */
export async function finishSso(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act' | 'request'>,
  back: BroughtBack,
): Promise<KeptSession<object>> {
  requireOwnOrigin(ctx, input.request);
  await ctx.identity.limits.tokenBySource(input.actor.address ?? 'unknown');
  await ctx.identity.keys.keepFresh();
  const flow = await SsoFlows(ctx.db)
    .findOne({ _id: hashToken(back.state) })
    .lean<SsoFlow>()
    .exec();
  const reason = flow ? whyNot(ctx, input, flow) : 'unknown';
  if (!flow || reason) return refuse(ctx, input, ssoRefused(reason ?? '', flow), identityProblem('sso_refused'));
  const userAgent = input.request.get('user-agent');
  try {
    const claims = await ctx.identity.sso.redeem(flow.provider, back.state, urlOf(ctx, back));
    return await input.act(async (tx) => {
      await useUp(tx, flow);
      return arrive(tx, ctx, flow, claims, userAgent);
    });
  } catch (error) {
    if (error instanceof Problem && error.status < 500)
      await ctx.transact(input.actor, async (tx) => tx.record(ssoRefused(error.code, flow)));
    throw error;
  }
}

function whyNot(
  ctx: IdentityContext,
  { actor, request }: Pick<Input, 'actor' | 'request'>,
  flow: SsoFlow,
): string | undefined {
  if (flow.expiresAt <= ctx.clock.now()) return 'expired';
  if (hashToken(browserOf(ctx, request) ?? '') !== flow.browserHash) return 'another browser';
  if (flow.personId !== undefined && flow.personId !== actor.id) return 'another person';
  if (flow.sessionId !== undefined && flow.sessionId !== actor.sessionId) return 'another session';
  return undefined;
}

const urlOf = (ctx: IdentityContext, back: BroughtBack): URL => {
  const url = new URL(redirectUriOf(ctx));
  for (const [name, value] of Object.entries(back)) if (value !== undefined) url.searchParams.set(name, value);
  return url;
};

/** The deletion, not the look above, decides between two that come back with one state. */
async function useUp(tx: Tx, { _id }: SsoFlow): Promise<void> {
  const used = await SsoFlows(tx).deleteOne({ _id }, { session: tx.session });
  if (used.deletedCount !== 1) throw identityProblem('sso_refused');
}

async function arrive(
  tx: Tx,
  ctx: IdentityContext,
  flow: SsoFlow,
  claims: SsoClaims,
  userAgent: string | undefined,
): Promise<KeptSession<object>> {
  switch (flow.purpose) {
    case 'sign-in':
      return signInBySso(tx, ctx, flow, claims, userAgent);
    case 'invitation':
      await acceptInvitation(tx, flow, claims);
      return signInBySso(tx, ctx, flow, claims, userAgent);
    case 'link':
      return { reply: { result: 'linked', link: linkView(await linkOwnSso(tx, flow, claims)) } };
    case 'reverify':
      return { reply: { result: 'reverified', ...(await reverifyBySso(tx, flow, claims)) } };
  }
}
