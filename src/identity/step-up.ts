import { trusted } from 'mongoose';
import { hashToken } from '../kernel/ids.js';
import { kernelProblem, type Problem } from '../kernel/problem.js';
import type { StepUp, StepUpBinding } from '../kernel/reverified-act.js';
import type { Transact, Tx } from '../kernel/transact.js';
import { reverificationRefused, reverificationUsed } from './events.js';
import { Reverifications } from './store.js';
import { REVERIFICATION_MS, type Reverification } from './words.js';

/** The authentication context class that acts on the list ask for (RFC 9470, 3). */
export const REVERIFIED_ACR = 'urn:firebreak:acr:reverified';

/**
 * Uses re-verifications up inside the transaction of the act they allow. Whoever presents one for something else learns
 * only that it does not hold; the audit log learns why, as `reverification.refused` in a transaction of its own.
 */
export function makeStepUp({ transact }: { readonly transact: Transact }): StepUp {
  return {
    demand,
    consume: async (tx, token, binding) => {
      const doc = await Reverifications(tx)
        .findOne({ tokenHash: hashToken(token) }, null, { session: tx.session })
        .lean<Reverification>()
        .exec();
      const reason = doc ? whyNot(doc, tx, binding) : 'unknown';
      if (!doc?.proof || reason) {
        await transact(tx.actor, async (own) =>
          own.record(reverificationRefused(binding.operation, reason ?? 'unknown', doc ?? undefined)),
        );
        throw demand();
      }
      // The condition, not the look above, decides between two acts that hold the same token.
      const used = await Reverifications(tx).updateOne(
        { _id: doc._id, usedAt: trusted({ $exists: false }) },
        { $set: { usedAt: tx.now } },
        { session: tx.session },
      );
      if (used.modifiedCount !== 1) throw demand();
      tx.record(reverificationUsed(doc));
      return doc.proof;
    },
  };
}

/** Why this re-verification does not allow this act; undefined when it does. */
function whyNot(doc: Reverification, { actor, now }: Tx, binding: StepUpBinding): string | undefined {
  if (doc.usedAt) return 'used';
  if (doc.expiresAt <= now) return 'expired';
  if (doc.personId !== actor.id) return 'another person';
  if (doc.sessionId !== actor.sessionId) return 'another session';
  if (doc.operation !== binding.operation) return 'another operation';
  if (doc.payloadHash !== binding.payloadHash) return 'another payload';
  if (doc.caseId !== binding.caseId) return 'another case';
  if (doc.accountId !== binding.accountId) return 'another account';
  if (doc.accountVersion !== binding.accountVersion) return 'the account changed';
  return undefined;
}

/** RFC 9470, 3: 401, what is missing, and how old it may be. */
function demand(): Problem {
  const maxAge = REVERIFICATION_MS / 1_000;
  const challenge = [
    'Bearer error="insufficient_user_authentication"',
    'error_description="Re-verify for exactly this act"',
    `acr_values="${REVERIFIED_ACR}"`,
    `max_age=${maxAge}`,
  ].join(', ');
  return kernelProblem('step_up_required', { headers: { 'WWW-Authenticate': challenge } });
}
