import { trusted } from 'mongoose';
import { hashToken, newToken } from '../kernel/ids.js';
import type { Input } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import type { IdentityContext } from './context.js';
import { reverificationAnswered } from './events.js';
import { withRecoveryCode } from './factors/with-recovery-code.js';
import { challengeOfReverification } from './passkeys/challenge.js';
import type { Assertion } from './passkeys/check-assertion.js';
import { withPasskey } from './passkeys/with-passkey.js';
import { identityProblem } from './problems.js';
import { withCode } from './spend-code.js';
import { Reverifications } from './store.js';
import type { Proved, Reverification } from './words.js';

/** What the act itself is sent with, in its `Reverification` header; `expiresAt` in UTC. */
export interface Answered {
  readonly token: string;
  readonly expiresAt: string;
}

/** What an answer was to open, for the audit log. */
export const purposeOf = (reverificationId: string): string => `reverification ${reverificationId}`;

/**
 * Answers a challenge with a code of the authenticator; the code is spent.
 *
 * @throws Problem what `settle` and `withCode` throw
 * Audited as `reverification.answered`; a refusal as `proof.refused`.
 */
export const answerByCode = (
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  { reverificationId, code }: { reverificationId: string; code: string },
): Promise<Answered> =>
  withCode(
    ctx,
    input,
    { personId: input.actor.id, code, purpose: purposeOf(reverificationId) },
    async (tx, _person, proof) => settle(tx, reverificationId, proof),
  );

/**
 * Answers it with a passkey, which signs this challenge and no other.
 *
 * @throws Problem what `settle` and `withPasskey` throw
 * Audited as `reverification.answered`; a refusal as `proof.refused`.
 */
export function answerByPasskey(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  { reverificationId, credential }: { reverificationId: string; credential: Assertion },
): Promise<Answered> {
  const expected = challengeOfReverification(ctx.secrets, reverificationId);
  const shown = {
    personId: input.actor.id,
    assertion: credential,
    purpose: purposeOf(reverificationId),
    expects: (challenge: string) => challenge === expected,
  };
  return withPasskey(ctx, input, shown, async (tx, _person, proof) => settle(tx, reverificationId, proof));
}

/**
 * Answers it with a recovery code; the code is used up.
 *
 * @throws Problem what `settle` and `withRecoveryCode` throw
 * Audited as `reverification.answered`; a refusal as `proof.refused`.
 */
export const answerByRecoveryCode = (
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  { reverificationId, recoveryCode }: { reverificationId: string; recoveryCode: string },
): Promise<Answered> =>
  withRecoveryCode(
    ctx,
    input,
    { personId: input.actor.id, code: recoveryCode, purpose: purposeOf(reverificationId) },
    async (tx, _person, proof) => settle(tx, reverificationId, proof),
  );

/**
 * Takes a challenge of this actor and session for answered, in the transaction that spends what answered it.
 *
 * @throws Problem `reverification_not_found` (another's, another session's, answered or older than 5 minutes)
 * Audited as `reverification.answered`.
 */
export async function settle(tx: Tx, reverificationId: string, proof: Proved): Promise<Answered> {
  const token = newToken();
  const answered = await Reverifications(tx)
    .findOneAndUpdate(
      {
        _id: reverificationId,
        personId: tx.actor.id,
        sessionId: tx.actor.sessionId ?? '',
        answeredAt: trusted({ $exists: false }),
        expiresAt: trusted({ $gt: tx.now }),
      },
      { $set: { answeredAt: tx.now, proof, tokenHash: hashToken(token) } },
      { session: tx.session, returnDocument: 'after' },
    )
    .lean<Reverification>()
    .exec();
  if (!answered) throw identityProblem('reverification_not_found');
  tx.record(reverificationAnswered(answered, proof));
  return { token, expiresAt: answered.expiresAt.toISOString() };
}
