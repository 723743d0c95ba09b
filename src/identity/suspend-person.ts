import { hasStaffRole, mayManage } from '../access/index.js';
import type { Tx } from '../kernel/transact.js';
import { endSessionsOf } from './end-session.js';
import { personReinstated, personSuspended } from './events.js';
import { notifySecurityChange } from './notify-security-change.js';
import { identityProblem } from './problems.js';
import { People, readPerson } from './store.js';
import type { Person } from './words.js';

/**
 * Shuts one of staff out: every session ends at once, and none opens until an admin takes it back. What they began goes on
 * with others.
 *
 * @throws Problem `own_roles` · `person_not_found` · `not_staff` (a customer's account is a case's to close) ·
 *         `already_suspended`
 * Audited as `person.suspended`, with the reason as a commitment. Their other contact points are told.
 */
export async function suspendPerson(tx: Tx, personId: string, { reason }: { reason: string }): Promise<Person> {
  const person = await staffPerson(tx, personId);
  if (person.suspendedAt) throw identityProblem('already_suspended');
  const suspendedAt = tx.now;
  await People(tx).updateOne(
    { _id: personId },
    { $set: { suspendedAt }, $inc: { securityVersion: 1 } },
    { session: tx.session },
  );
  await endSessionsOf(tx, personId, 'suspended');
  tx.record(personSuspended(personId, reason));
  notifySecurityChange(tx, person, { kind: 'suspended' });
  return { ...person, suspendedAt };
}

/**
 * Lets somebody in again who was suspended.
 *
 * @throws Problem `own_roles` · `person_not_found` · `not_staff` · `not_suspended`
 * Audited as `person.reinstated`. Their contact points are told.
 */
export async function reinstatePerson(tx: Tx, personId: string, { reason }: { reason: string }): Promise<Person> {
  const { suspendedAt, ...person } = await staffPerson(tx, personId);
  if (!suspendedAt) throw identityProblem('not_suspended');
  await People(tx).updateOne(
    { _id: personId },
    { $unset: { suspendedAt: 1 }, $inc: { securityVersion: 1 } },
    { session: tx.session },
  );
  tx.record(personReinstated(personId, reason));
  notifySecurityChange(tx, person, { kind: 'reinstated' });
  return person;
}

/** One of staff other than the actor. @throws Problem `own_roles` · `person_not_found` · `not_staff` */
export async function staffPerson(tx: Tx, personId: string): Promise<Person> {
  if (!mayManage(tx.actor.id, personId)) throw identityProblem('own_roles');
  const person = await readPerson(tx, personId);
  if (!person) throw identityProblem('person_not_found');
  if (!hasStaffRole(person.roles)) throw identityProblem('not_staff');
  return person;
}
