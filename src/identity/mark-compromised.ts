import type { Tx } from '../kernel/transact.js';
import { contactPointCompromised } from './events.js';
import { identityProblem } from './problems.js';
import { People, readPerson } from './store.js';
import { type ContactPoint, contactPointOf } from './words.js';

/**
 * Marks a contact point as in a thief's hands: from now on it verifies nobody and receives no links. One way only: trust
 * comes back through an identity check by staff, never from whoever is signed in.
 *
 * @throws Problem `contact_point_not_found`
 * Audited as `contact-point.compromised`. Every confirmed mailbox is told, the marked one too: the mail has no link, and a
 * thief with the session must not silence the owner.
 */
export async function markCompromised(tx: Tx, personId: string, contactPointId: string): Promise<ContactPoint> {
  const person = await readPerson(tx, personId);
  const point = person && contactPointOf(person, contactPointId);
  if (!person || !point) throw identityProblem('contact_point_not_found');
  await People(tx).updateOne(
    { _id: personId, 'contactPoints._id': contactPointId },
    { $set: { 'contactPoints.$.trust': 'compromised' } },
    { session: tx.session },
  );
  tx.record(contactPointCompromised(personId, point));
  for (const mailbox of person.contactPoints) {
    if (mailbox.kind !== 'email' || !mailbox.confirmedAt) continue;
    const params = { kind: point.kind, at: tx.now.toISOString() };
    const notice = { template: 'contact-compromised', to: mailbox.value, locale: person.locale, params };
    tx.enqueue({ name: 'send-notice', payload: notice });
  }
  return { ...point, trust: 'compromised' };
}
