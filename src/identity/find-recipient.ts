import type { Kernel } from '../kernel/route.js';
import { phoneCode } from './contact-confirmation.js';
import { baseUrlOf } from './context.js';
import { mailWordOf } from './mail-word.js';
import { signLink } from './signed-link.js';
import { findPeopleByContact, readPerson } from './store.js';
import { type ContactPoint, contactPointOf, type Person } from './words.js';

/** What a link proves, apart from any other use of the key. */
export const DISOWN = 'this was not me';
export const CONFIRM_CONTACT = 'confirm contact point';
export const RESET_PASSWORD = 'reset password';

/** Whom a message is for, as its outbox row names them, and which secret it will hold. */
export interface Addressed {
  readonly to: string;
  readonly personId?: string | undefined;
  readonly contactPointId?: string | undefined;
  readonly secret?: { readonly kind: string; readonly id: string } | undefined;
}

export interface Recipient {
  /** False: the contact point is compromised, and gets neither links nor codes. */
  readonly trusted: boolean;
  readonly mailWord?: string;
  readonly link?: string;
  readonly code?: string;
}

type Parts = Pick<Kernel, 'db' | 'secrets' | 'config'>;

/**
 * Looks at the moment a message leaves, not when it was queued: whether its contact point is still trusted, which word of
 * theirs the person knows our mails by, and what its link or code is.
 */
export const makeRecipients = (parts: Parts) => ({
  find: async (addressed: Addressed): Promise<Recipient> => {
    const person = await personOf(parts, addressed);
    const point = person && pointOf(person, addressed);
    if (point?.trust === 'compromised') return { trusted: false };
    const word = person && point?.confirmedAt ? mailWordOf(parts.secrets.linkKey, person) : undefined;
    return { trusted: true, ...(word !== undefined && { mailWord: word }), ...secretOf(parts, addressed) };
  },
});

async function personOf({ db }: Parts, { to, personId }: Addressed): Promise<Person | null> {
  if (personId !== undefined) return readPerson(db, personId);
  const people = await findPeopleByContact(db, to);
  // Of several who share a mailbox it is nobody's, unless one signs in with it.
  return people.find(({ email }) => email === to) ?? (people.length === 1 ? (people[0] ?? null) : null);
}

/** A contact point that was removed meanwhile is one no more, and told so all the same. */
const pointOf = (person: Person, { to, contactPointId }: Addressed): ContactPoint | undefined =>
  contactPointId === undefined
    ? person.contactPoints.find(({ value }) => value === to)
    : contactPointOf(person, contactPointId);

function secretOf(
  { secrets, config }: Parts,
  { secret, contactPointId = '' }: Addressed,
): Pick<Recipient, 'link' | 'code'> {
  const page = (path: string, purpose: string, ids: readonly string[]) => ({
    link: `${baseUrlOf({ config })}${path}#${signLink(secrets.linkKey, purpose, ids)}`,
  });
  switch (secret?.kind) {
    case 'disown':
      return page('/not-me', DISOWN, [secret.id, contactPointId]);
    case 'confirm-contact':
      return page('/confirm-contact', CONFIRM_CONTACT, [secret.id]);
    case 'reset-password':
      return page('/reset-password', RESET_PASSWORD, [secret.id]);
    case 'phone-code':
      return { code: phoneCode(secrets.linkKey, secret.id) };
    default:
      return {};
  }
}
