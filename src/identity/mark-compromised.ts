import type { Text } from '../kernel/locale.js';
import type { Tx } from '../kernel/transact.js';
import { contactPointCompromised } from './events.js';
import { notifySecurityChange } from './notify-security-change.js';
import { identityProblem } from './problems.js';
import { People, readPerson } from './store.js';
import { type ContactPoint, contactPointOf, mailOf, type Person } from './words.js';

/** A marked contact point, and what the mark means for its owner from this instant. */
export interface Marked {
  readonly point: ContactPoint;
  readonly follows: readonly Text[];
}

/**
 * Marks a contact point as in a thief's hands: from now on it verifies nobody and receives neither links nor codes, not even
 * those that wait in the outbox; and a link that resets the password, mailed before, is void. One way only: trust comes back through an identity check by staff, never from whoever is
 * signed in.
 *
 * @throws Problem `contact_point_not_found`
 * Audited as `contact-point.compromised`. Every other contact point is told, with a link to object; the marked mailbox too, by
 * a mail that holds nothing of use, for a thief with the session must not silence the owner.
 */
export async function markCompromised(tx: Tx, personId: string, contactPointId: string): Promise<Marked> {
  const person = await readPerson(tx, personId);
  const point = person && contactPointOf(person, contactPointId);
  if (!person || !point) throw identityProblem('contact_point_not_found');
  const marked: ContactPoint = {
    ...point,
    trust: 'compromised',
    compromisedAt: point.trust === 'compromised' ? (point.compromisedAt ?? tx.now) : tx.now,
  };
  const { trust, compromisedAt } = marked;
  await People(tx).updateOne(
    { _id: personId, 'contactPoints._id': contactPointId },
    {
      $set: { 'contactPoints.$.trust': trust, 'contactPoints.$.compromisedAt': compromisedAt },
      $inc: { securityVersion: 1 }, // a link to reset the password, mailed there before, is void
    },
    { session: tx.session },
  );
  tx.record(contactPointCompromised(personId, point));
  const contactPoints = person.contactPoints.map((each) => (each._id === contactPointId ? marked : each));
  const after = { ...person, contactPoints };
  if (point.trust === 'normal') tell(tx, after, marked);
  return { point: marked, follows: consequences(after, marked) };
}

function tell(tx: Tx, person: Person, { _id, kind, value, confirmedAt }: ContactPoint): void {
  notifySecurityChange(tx, person, { kind: 'contact-point-compromised', contactPointId: _id });
  if (kind !== 'email' || !confirmedAt) return;
  const params = { kind, at: tx.now.toISOString() };
  const whom = { to: value, locale: person.locale, personId: person._id, contactPointId: _id };
  tx.enqueue({ name: 'send-notice', payload: { template: 'contact-compromised', ...whom, params } });
}

/** In the order of what to do about it. */
export function consequences(person: Person, { kind, value }: ContactPoint): Text[] {
  const stranded = kind === 'email' && mailOf(person) === undefined;
  return [
    {
      'zh-CN': '从现在起，我们不再向它发送任何链接或验证码；已在等待发送的也不会发出。',
      en: 'From now on we send it neither links nor codes, not even those that were waiting to be sent.',
    },
    {
      'zh-CN': '它不能再用来证明您的身份；此前通过它完成的核实也不再算数。',
      en: 'It proves nothing about you any more, and checks that were made through it no longer count.',
    },
    ...(stranded ? [STRANDED] : []),
    ...(kind === 'email' && person.mailWord ? [WORD_SEEN] : []),
    ...(value === person.email ? [STILL_THE_NAME] : []),
    {
      'zh-CN': '您不能自行撤销这个标记；只有在工作人员重新核实您的身份之后才能恢复。',
      en: 'You cannot take the mark back yourself: only after our staff have verified who you are.',
    },
  ];
}

const STRANDED: Text = {
  'zh-CN': '您已没有可信的邮箱，我们的通知无法送达。请现在添加一个新的邮箱并确认；在此之前请登录查看案件。',
  en: 'You have no trusted mailbox left, so our notices do not reach you. Add another and confirm it now; until then, sign in to follow your case.',
};

const WORD_SEEN: Text = {
  'zh-CN': '能看到这个邮箱的人也看到了您的防钓鱼码。请现在换一个。',
  en: 'Whoever reads this mailbox has seen the word that you know our mails by. Choose another now.',
};

const STILL_THE_NAME: Text = {
  'zh-CN': '您仍用这个地址作为登录名，但没有密码和验证方式，仅凭它无法登录。请更换密码。',
  en: 'It is still the name you sign in with, though nobody signs in with it alone. Change your password.',
};
