import type { Tx } from '../kernel/transact.js';
import { endSessionsOf } from './end-session.js';
import { passwordChanged } from './events.js';
import { notifySecurityChange } from './notify-security-change.js';
import { identityProblem } from './problems.js';
import { People } from './store.js';
import type { Person } from './words.js';

/**
 * Gives a person a new password: tickets and links made before are void, sessions end, and every contact point is told.
 *
 * @param person as it was when the proofs were checked
 * @param keep   the session that goes on: the one the change is made in
 * @throws Problem `password_refused` when a password, factor or role has changed since
 * Audited as `password.changed`.
 */
export async function setPassword(
  tx: Tx,
  person: Person,
  passwordHash: string,
  { how, keep }: { how: 'own' | 'reset'; keep?: string | undefined },
): Promise<void> {
  const set = await People(tx).updateOne(
    { _id: person._id, securityVersion: person.securityVersion },
    { $set: { passwordHash }, $inc: { securityVersion: 1 } },
    { session: tx.session },
  );
  if (set.modifiedCount !== 1) throw identityProblem('password_refused');
  await endSessionsOf(tx, person._id, 'password', keep);
  notifySecurityChange(tx, person, { kind: 'password-changed' });
  tx.record(passwordChanged(person._id, how));
}
