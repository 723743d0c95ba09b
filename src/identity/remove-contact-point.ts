import type { Tx } from '../kernel/transact.js';
import { contactPointRemoved } from './events.js';
import { notifySecurityChange } from './notify-security-change.js';
import { identityProblem } from './problems.js';
import { People, readPerson } from './store.js';
import { contactPointOf } from './words.js';

/**
 * Takes a contact point off the file; never the address that the person signs in with, and never a compromised one, whose mark
 * must not be lost with it.
 *
 * @throws Problem `contact_point_not_found` · `sign_in_address` · `contact_point_compromised`
 * Audited as `contact-point.removed`. All are told that were there before, the removed one too: a thief would remove it first.
 */
export async function removeContactPoint(tx: Tx, personId: string, contactPointId: string): Promise<void> {
  const person = await readPerson(tx, personId);
  const point = person && contactPointOf(person, contactPointId);
  if (!person || !point) throw identityProblem('contact_point_not_found');
  if (point.value === person.email) throw identityProblem('sign_in_address');
  if (point.trust === 'compromised') throw identityProblem('contact_point_compromised');
  await People(tx).updateOne(
    { _id: personId },
    { $pull: { contactPoints: { _id: contactPointId } } },
    { session: tx.session },
  );
  tx.record(contactPointRemoved(personId, point));
  notifySecurityChange(tx, person, { kind: 'contact-point-removed' });
}
