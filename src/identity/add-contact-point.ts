import { newId } from '../kernel/ids.js';
import type { Input } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import { checkPassword } from './check-password.js';
import type { IdentityContext } from './context.js';
import { contactPointAdded } from './events.js';
import { hasSecondFactor } from './has-second-factor.js';
import { notifySecurityChange } from './notify-security-change.js';
import { identityProblem } from './problems.js';
import { emailAddress, phoneNumber } from './schema.js';
import { sendConfirmation } from './send-confirmation.js';
import { People, readPerson } from './store.js';
import { type ContactKind, type ContactPoint, normalEmail } from './words.js';

const MOST = 10; // contact points of one person

export interface NewContactPoint {
  readonly kind: ContactKind;
  readonly value: string;
  /** Asked of those who have no factor to re-verify with. */
  readonly password?: string | undefined;
}

/**
 * Adds an address or a telephone number, unconfirmed: it receives nothing but the link or code that confirms it. Whoever has
 * a second factor re-verifies, everybody else gives the password again: with a session alone, a thief could be called back at
 * his own number a week later, or have our mails sent to himself.
 *
 * @param value E.164, `+8613800000000`, or an e-mail address
 * @throws Problem `step_up_required` · `password_refused` · `contact_value_refused` · `contact_point_known` ·
 *         `too_many_contact_points` · `too_many_requests`
 * Audited as `contact-point.added` and `contact-point.confirmation-sent`. Every other contact point is told.
 */
export async function addContactPoint(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act' | 'reverified'>,
  given: NewContactPoint,
): Promise<ContactPoint> {
  const { actor, act, reverified } = input;
  const value = readValue(given);
  const person = await readPerson(ctx.db, actor.id);
  if (!person) throw identityProblem('person_not_found');
  if (hasSecondFactor(person) && !reverified) throw ctx.stepUp.demand();
  if (!hasSecondFactor(person)) await checkPassword(ctx, input, given.password ?? '', 'add-contact-point');
  await ctx.identity.limits.contactByPerson(actor.id);
  await ctx.identity.limits.contactByValue(value);
  return act((tx) => add(tx, actor.id, { kind: given.kind, value }));
}

async function add(
  tx: Tx,
  personId: string,
  { kind, value }: { kind: ContactKind; value: string },
): Promise<ContactPoint> {
  const person = await readPerson(tx, personId);
  if (!person) throw identityProblem('person_not_found');
  if (person.contactPoints.some((point) => point.value === value)) throw identityProblem('contact_point_known');
  if (person.contactPoints.length >= MOST) throw identityProblem('too_many_contact_points');
  const point: ContactPoint = { _id: newId('contact'), kind, value, trust: 'normal', addedAt: tx.now };
  await People(tx).updateOne({ _id: personId }, { $push: { contactPoints: point } }, { session: tx.session });
  tx.record(contactPointAdded(personId, point));
  notifySecurityChange(tx, person, { kind: 'contact-point-added', contactPointId: point._id });
  sendConfirmation(tx, person, point);
  return point;
}

/** @throws Problem `contact_value_refused` */
function readValue({ kind, value }: NewContactPoint): string {
  const shape = kind === 'email' ? emailAddress : phoneNumber;
  if (shape.validate(value).error) throw identityProblem('contact_value_refused');
  return kind === 'email' ? normalEmail(value) : value;
}
