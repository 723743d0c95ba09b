import { MINUTE } from '../kernel/clock.js';
import { newId } from '../kernel/ids.js';
import type { Input } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import {
  CONTACT_LINK_MS,
  type ContactConfirmation,
  ContactConfirmations,
  PHONE_CODE_MS,
} from './contact-confirmation.js';
import type { IdentityContext } from './context.js';
import { confirmationSent } from './events.js';
import { identityProblem } from './problems.js';
import { readPerson } from './store.js';
import { type ContactPoint, contactPointOf, type Person } from './words.js';

/**
 * Sends the link, or the code, that shows a contact point to be the person's. The code before is void.
 *
 * The outbox names the confirmation only; link and code are made as the message leaves.
 * Audited as `contact-point.confirmation-sent`.
 */
export function sendConfirmation(tx: Tx, person: Pick<Person, '_id' | 'locale'>, point: ContactPoint): void {
  const byMail = point.kind === 'email';
  const doc: ContactConfirmation = {
    _id: newId('confirmation'),
    personId: person._id,
    contactPointId: point._id,
    kind: point.kind,
    failures: 0,
    createdAt: tx.now,
    expiresAt: new Date(tx.now.getTime() + (byMail ? CONTACT_LINK_MS : PHONE_CODE_MS)),
  };
  tx.append(ContactConfirmations, doc);
  tx.enqueue({
    name: byMail ? 'send-notice' : 'send-text',
    payload: {
      template: byMail ? 'confirm-contact' : 'phone-code',
      to: point.value,
      locale: person.locale,
      params: byMail ? { expiresAt: doc.expiresAt.toISOString() } : { minutes: PHONE_CODE_MS / MINUTE },
      personId: person._id,
      contactPointId: point._id,
      secret: { kind: byMail ? 'confirm-contact' : 'phone-code', id: doc._id },
    },
  });
  tx.record(confirmationSent(person._id, point));
}

/**
 * Sends another link or code to an own contact point that waits to be confirmed.
 *
 * @throws Problem `contact_point_not_found` · `contact_point_confirmed` · `contact_point_compromised` · `too_many_requests`
 * Audited as `contact-point.confirmation-sent`.
 */
export async function sendConfirmationAgain(
  ctx: IdentityContext,
  { actor, act }: Pick<Input, 'actor' | 'act'>,
  contactPointId: string,
): Promise<ContactPoint> {
  const { point: known } = unconfirmed(await readPerson(ctx.db, actor.id), contactPointId);
  await ctx.identity.limits.contactByPerson(actor.id);
  await ctx.identity.limits.contactByValue(known.value);
  return act(async (tx) => {
    const { person, point } = unconfirmed(await readPerson(tx, actor.id), contactPointId);
    sendConfirmation(tx, person, point);
    return point;
  });
}

/** @throws Problem `contact_point_not_found` · `contact_point_confirmed` · `contact_point_compromised` */
export function unconfirmed(person: Person | null, contactPointId: string): { person: Person; point: ContactPoint } {
  const point = person && contactPointOf(person, contactPointId);
  if (!person || !point) throw identityProblem('contact_point_not_found');
  if (point.trust === 'compromised') throw identityProblem('contact_point_compromised');
  if (point.confirmedAt) throw identityProblem('contact_point_confirmed');
  return { person, point };
}
