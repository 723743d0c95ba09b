import { newId } from '../kernel/ids.js';
import type { Tx } from '../kernel/transact.js';
import type { IdentityContext } from './context.js';
import { contactPointAdded } from './events.js';
import { identityProblem } from './problems.js';
import { People, readPerson } from './store.js';
import type { ContactPoint } from './words.js';

const MOST = 10; // contact points of one person

/**
 * Adds a telephone number, unconfirmed: it receives nothing, and only age makes it good for a callback. So whoever has an
 * authenticator re-verifies: with a session alone, a thief could be called back at his own number a week later.
 *
 * @param value E.164, `+8613800000000`
 * @throws Problem `step_up_required` · `contact_point_known` · `too_many_contact_points`
 * Audited as `contact-point.added`.
 */
export async function addPhone(
  tx: Tx,
  { stepUp }: Pick<IdentityContext, 'stepUp'>,
  personId: string,
  { value, reverified }: { value: string; reverified: boolean },
): Promise<ContactPoint> {
  const person = await readPerson(tx, personId);
  if (!person) throw identityProblem('person_not_found');
  if (person.totp && !reverified) throw stepUp.demand();
  if (person.contactPoints.some((point) => point.value === value)) throw identityProblem('contact_point_known');
  if (person.contactPoints.length >= MOST) throw identityProblem('too_many_contact_points');
  const point: ContactPoint = { _id: newId('contact'), kind: 'phone', value, trust: 'normal', addedAt: tx.now };
  await People(tx).updateOne({ _id: personId }, { $push: { contactPoints: point } }, { session: tx.session });
  tx.record(contactPointAdded(personId, point));
  return point;
}
