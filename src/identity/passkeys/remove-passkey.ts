import { hasStaffRole } from '../../access/index.js';
import type { Where } from '../../kernel/mongo.js';
import type { Proof } from '../../kernel/route.js';
import type { Tx } from '../../kernel/transact.js';
import type { IdentityContext } from '../context.js';
import { passkeyRemoved } from '../factors/events.js';
import { factorChanged } from '../factors/factor-changed.js';
import { factorProblem } from '../factors/problems.js';
import { requireAsOld } from '../factors/require-as-old.js';
import { hasSecondFactor } from '../has-second-factor.js';
import { People, readPerson } from '../store.js';
import type { Passkey, Person } from '../words.js';

/**
 * Takes a passkey away; every other session ends. Recovery codes go with the last second factor, for they stand in for one.
 *
 * @param proof  what answered the re-verification
 * @throws Problem `passkey_not_found` · `last_second_factor` (of staff) · `younger_factor`
 * Audited as `factor.removed`.
 */
export async function removePasskey(
  tx: Tx,
  ctx: IdentityContext,
  passkeyId: string,
  proof: Proof | undefined,
): Promise<void> {
  const { person, passkey } = await ownPasskey(tx, tx.actor.id, passkeyId);
  requireAsOld(ctx, proof, passkey.addedAt, tx.now);
  const passkeys = (person.passkeys ?? []).filter(({ _id }) => _id !== passkeyId);
  const last = !hasSecondFactor({ ...person, passkeys });
  if (last && hasStaffRole(person.roles)) throw factorProblem('last_second_factor');
  await People(tx).updateOne(
    { _id: person._id },
    { $set: { passkeys }, $inc: { securityVersion: 1 }, ...(last ? { $unset: { recovery: 1 } } : {}) },
    { session: tx.session },
  );
  tx.record(passkeyRemoved(person._id, passkeyId));
  await factorChanged(tx, person, { kind: 'passkey-removed', passed: false });
}

/** @throws Problem `passkey_not_found`, also for somebody else's */
export async function ownPasskey(
  where: Where,
  personId: string,
  passkeyId: string,
): Promise<{ person: Person; passkey: Passkey }> {
  const person = await readPerson(where, personId);
  const passkey = person?.passkeys?.find(({ _id }) => _id === passkeyId);
  if (!person || !passkey) throw factorProblem('passkey_not_found');
  return { person, passkey };
}
