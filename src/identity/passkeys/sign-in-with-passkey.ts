import type { Input } from '../../kernel/route.js';
import type { IdentityContext } from '../context.js';
import { type KeptSession, keepSession } from '../deliver-session.js';
import { openSession } from '../open-session.js';
import type { RefreshIn } from '../view.js';
import { issueChallenge, readChallenge } from './challenge.js';
import type { Assertion } from './check-assertion.js';
import { relyingPartyOf } from './relying-party.js';
import { requestOptions } from './request-options.js';
import { spendChallenge } from './spent-challenges.js';
import { withPasskey } from './with-passkey.js';

const SIGN_IN = 'sign-in';

/**
 * What `navigator.credentials.get` is called with to sign in: names nobody, so that it tells nothing about anybody.
 *
 * @throws Problem `passkeys_unavailable` · `too_many_requests`
 */
export async function offerPasskeySignIn(ctx: IdentityContext, { actor }: Pick<Input, 'actor'>) {
  await ctx.identity.limits.signInBySource(actor.address ?? 'unknown');
  const challenge = issueChallenge(ctx.secrets, SIGN_IN, ctx.clock.now());
  return { publicKey: await requestOptions(relyingPartyOf(ctx).id, challenge) };
}

/**
 * Signs in with a passkey alone. It names its owner, its device has checked them, and it works on no page but ours: both
 * factors at once.
 *
 * @throws Problem `passkey_refused` · `ticket_refused` (something changed meanwhile; start again) · `passkeys_unavailable` ·
 *         `too_many_requests`
 * Audited as `session.opened`; a refusal as `proof.refused`.
 */
export async function signInWithPasskey(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act' | 'request'>,
  { credential, refreshIn }: { credential: Assertion; refreshIn: RefreshIn },
): Promise<KeptSession> {
  await ctx.identity.limits.signInBySource(input.actor.address ?? 'unknown');
  let signed: { challenge: string; endsAt: Date } | undefined;
  const shown = {
    personId: personIn(credential.userHandle),
    assertion: credential,
    purpose: SIGN_IN,
    expects: (challenge: string) => {
      const endsAt = readChallenge(ctx.secrets, SIGN_IN, challenge, ctx.clock.now());
      signed = endsAt && { challenge, endsAt };
      return endsAt !== undefined;
    },
    spend: async (tx: Parameters<typeof spendChallenge>[0]) =>
      signed !== undefined && (await spendChallenge(tx, signed.challenge, signed.endsAt)),
  };
  const userAgent = input.request.get('user-agent');
  return withPasskey(ctx, input, shown, async (tx, person) =>
    keepSession(await openSession(tx, ctx, person, { secondFactor: true, userAgent }), refreshIn),
  );
}

const PERSON_ID = /^person_[\w-]{1,80}$/;

function personIn(userHandle: string | undefined): string | undefined {
  const id = Buffer.from(userHandle ?? '', 'base64url').toString('utf8');
  return PERSON_ID.test(id) ? id : undefined;
}
