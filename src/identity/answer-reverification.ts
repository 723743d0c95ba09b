import { trusted } from 'mongoose';
import { hashToken, newToken } from '../kernel/ids.js';
import type { Input } from '../kernel/route.js';
import type { IdentityContext } from './context.js';
import { reverificationAnswered } from './events.js';
import { identityProblem } from './problems.js';
import { withCode } from './spend-code.js';
import { Reverifications } from './store.js';
import type { Reverification } from './words.js';

/**
 * Answers a challenge with a code; the code is spent.
 *
 * @returns the token for the `Reverification` header of the act itself, `expiresAt` in UTC
 * @throws Problem `reverification_not_found` (another's, another session's, answered or older than 5 minutes) ·
 *         what `withCode` throws
 * Audited as `reverification.answered`; a refusal as `proof.refused`.
 */
export async function answerReverification(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  { reverificationId, code }: { reverificationId: string; code: string },
): Promise<{ token: string; expiresAt: string }> {
  const { actor } = input;
  const purpose = `reverification ${reverificationId}`;
  return withCode(ctx, input, { personId: actor.id, code, purpose }, async (tx) => {
    const token = newToken();
    const answered = await Reverifications(tx)
      .findOneAndUpdate(
        {
          _id: reverificationId,
          personId: actor.id,
          sessionId: actor.sessionId ?? '',
          answeredAt: trusted({ $exists: false }),
          expiresAt: trusted({ $gt: tx.now }),
        },
        { $set: { answeredAt: tx.now, tokenHash: hashToken(token) } },
        { session: tx.session, returnDocument: 'after' },
      )
      .lean<Reverification>()
      .exec();
    if (!answered) throw identityProblem('reverification_not_found');
    tx.record(reverificationAnswered(answered));
    return { token, expiresAt: answered.expiresAt.toISOString() };
  });
}
