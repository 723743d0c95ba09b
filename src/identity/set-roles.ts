import { mayManage } from '../access/index.js';
import type { Role } from '../kernel/actor.js';
import type { Tx } from '../kernel/transact.js';
import { refuseConflict } from './add-person.js';
import { endSessionsOf } from './end-session.js';
import { rolesChanged } from './events.js';
import { notifySecurityChange } from './notify-security-change.js';
import { identityProblem } from './problems.js';
import { People, readPerson } from './store.js';
import type { Person } from './words.js';

/**
 * Gives a person other roles; their sessions end, so that nothing goes on under the old ones.
 *
 * @throws Problem `own_roles` · `person_not_found` · `roles_in_conflict`
 * Audited as `person.roles-changed`. Their contact points are told.
 */
export async function setRoles(tx: Tx, personId: string, given: readonly Role[]): Promise<Person> {
  if (!mayManage(tx.actor.id, personId)) throw identityProblem('own_roles');
  refuseConflict(given);
  const roles = [...new Set(given)];
  const person = await readPerson(tx, personId);
  if (!person) throw identityProblem('person_not_found');
  await People(tx).updateOne(
    { _id: personId },
    { $set: { roles }, $inc: { securityVersion: 1 } },
    { session: tx.session },
  );
  await endSessionsOf(tx, personId, 'roles');
  tx.record(rolesChanged(personId, person.roles, roles));
  notifySecurityChange(tx, person, { kind: 'roles-changed' });
  return { ...person, roles };
}
