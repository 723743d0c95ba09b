import type { Tx } from '../kernel/transact.js';
import { contactPointRestored } from './events.js';
import { notifySecurityChange } from './notify-security-change.js';
import { identityProblem } from './problems.js';
import { sendConfirmation } from './send-confirmation.js';
import { People, readPerson } from './store.js';
import { contactPointOf } from './words.js';

/**
 * Takes the mark of a compromised contact point back, at the word of staff who have the owner's identity proven anew. It begins
 * again as one that was added just now: unconfirmed, and too young to prove anybody.
 *
 * @throws Problem `contact_point_not_found` · `contact_point_trusted`
 * Audited as `contact-point.restored`, with the reason as a commitment. Every other contact point is told.
 */
export async function restoreContactPoint(
  tx: Tx,
  personId: string,
  contactPointId: string,
  { caseId, reason }: { caseId: string; reason: string },
): Promise<void> {
  const person = await readPerson(tx, personId);
  const point = person && contactPointOf(person, contactPointId);
  if (!person || !point) throw identityProblem('contact_point_not_found');
  if (point.trust !== 'compromised') throw identityProblem('contact_point_trusted');
  await People(tx).updateOne(
    { _id: personId, 'contactPoints._id': contactPointId },
    {
      $set: { 'contactPoints.$.trust': 'normal', 'contactPoints.$.addedAt': tx.now },
      $unset: { 'contactPoints.$.confirmedAt': 1 },
      $inc: { securityVersion: 1 },
    },
    { session: tx.session },
  );
  tx.record(contactPointRestored(personId, point, caseId, reason));
  notifySecurityChange(tx, person, { kind: 'contact-point-restored', contactPointId });
  sendConfirmation(tx, person, point);
}
