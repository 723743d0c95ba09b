import type { Role } from '../kernel/actor.js';
import type { AuditDraft } from '../kernel/audit-draft.js';
import type { PasswordReset } from './password-reset.js';
import type { SecurityChange } from './security-change.js';
import type { SsoFlow, SsoLink } from './sso/words.js';
import type { Speaker, SupportCode } from './support-words.js';
import type { ContactPoint, EndReason, Person, Proved, Registration, Reverification, Session } from './words.js';

const person = (personId: string) => ({ target: { kind: 'person', id: personId } });
const refused = { result: 'refused' } as const;

export const registrationAsked = (registration: Registration): AuditDraft => ({
  action: 'registration.asked',
  target: { kind: 'registration', id: registration._id },
  personal: { email: registration.email },
});

export const addressConfirmed = ({ _id, email, locale }: Person): AuditDraft => ({
  action: 'person.registered',
  ...person(_id),
  facts: { locale },
  personal: { email },
});

export const personInvited = ({ _id, email, roles }: Person, expiresAt: Date): AuditDraft => ({
  action: 'person.invited',
  ...person(_id),
  facts: { roles, linkExpiresAt: expiresAt.toISOString() },
  personal: { email },
});

export const setupFinished = (personId: string): AuditDraft => ({ action: 'person.set-up', ...person(personId) });

export const linkRefused = (
  kind: 'confirm-address' | 'setup' | 'reset-password' | 'confirm-contact' | 'disown',
): AuditDraft => ({
  action: 'link.refused',
  ...refused,
  facts: { kind },
});

export const rolesChanged = (personId: string, before: readonly Role[], after: readonly Role[]): AuditDraft => ({
  action: 'person.roles-changed',
  ...person(personId),
  facts: { before, after },
});

/** Why, in an admin's words, may name people. */
const managed = (action: string, personId: string, reason: string): AuditDraft => ({
  action,
  ...person(personId),
  personal: { reason },
});

export const personSuspended = (personId: string, reason: string) => managed('person.suspended', personId, reason);

export const personReinstated = (personId: string, reason: string) => managed('person.reinstated', personId, reason);

export const factorsReset = (personId: string, reason: string) => managed('person.factors-reset', personId, reason);

/** Everything was right but for what an admin decided about them. */
export const signInShutOut = (personId: string, because: string): AuditDraft => ({
  action: 'session.refused',
  ...refused,
  ...person(personId),
  facts: { because },
});

const ofCode = (action: string, { _id, speaker, personId, caseId }: SupportCode): AuditDraft => ({
  action,
  ...(caseId === undefined ? {} : { caseId }),
  target: { kind: 'support-code', id: _id },
  facts: { speaker, personId },
});

export const supportCodeMade = (code: SupportCode) => ofCode('support-code.made', code);

export const supportCodeRecognised = (code: SupportCode) => ofCode('support-code.recognised', code);

export const supportCodeRefused = (personId: string, speaker: Speaker, caseId: string | undefined): AuditDraft => ({
  action: 'support-code.refused',
  ...refused,
  ...(caseId === undefined ? {} : { caseId }),
  ...person(personId),
  facts: { speaker },
});

export const accountLinked = (personId: string, accountId: string): AuditDraft => ({
  action: 'account.linked',
  accountId,
  ...person(personId),
});

/** The same event whether somebody has the address or not, but for its target. */
export const signInRefused = (email: string, personId: string | undefined): AuditDraft => ({
  action: 'session.refused',
  ...refused,
  ...(personId === undefined ? {} : person(personId)),
  personal: { email },
});

export const sessionOpened = (session: Session): AuditDraft => ({
  action: 'session.opened',
  target: { kind: 'session', id: session._id },
  facts: { personId: session.personId, secondFactor: session.secondFactorAt !== undefined },
  personal: {
    ...(session.address === undefined ? {} : { address: session.address }),
    ...(session.userAgent === undefined ? {} : { userAgent: session.userAgent }),
  },
});

export const sessionRefreshed = (session: Session, lostAnswer: boolean): AuditDraft => ({
  action: 'session.refreshed',
  target: { kind: 'session', id: session._id },
  facts: { personId: session.personId, lostAnswer },
});

export const sessionEnded = (session: Pick<Session, '_id' | 'personId'>, reason: EndReason): AuditDraft => ({
  action: 'session.ended',
  target: { kind: 'session', id: session._id },
  facts: { personId: session.personId, reason },
});

/** Somebody asked to end sessions of their own; `ended`: how many were open. */
export const sessionsEndAsked = (personId: string, ended: number): AuditDraft => ({
  action: 'sessions.end-asked',
  ...person(personId),
  facts: { ended },
});

export const refreshRefused = (reason: 'unknown' | 'origin'): AuditDraft => ({
  action: 'session.refresh-refused',
  ...refused,
  facts: { reason },
});

const ofLink = (action: string, { _id, personId, provider, issuer, subject }: SsoLink, more = {}): AuditDraft => ({
  action,
  ...person(personId),
  facts: { linkId: _id, provider, ...more },
  personal: { issuer, subject },
});

export const ssoLinked = (link: SsoLink) => ofLink('sso.linked', link);

export const ssoUnlinked = (link: SsoLink) => ofLink('sso.unlinked', link);

/** `strong`: the provider said that it asked for as much as two factors. */
export const ssoUsed = (link: SsoLink, strong: boolean) => ofLink('sso.used', link, { strong });

export const ssoStarted = ({ provider, purpose, personId }: SsoFlow): AuditDraft => ({
  action: 'sso.started',
  ...(personId === undefined ? {} : person(personId)),
  facts: { provider, purpose },
});

export const ssoRefused = (reason: string, flow: SsoFlow | null): AuditDraft => ({
  action: 'sso.refused',
  ...refused,
  ...(flow?.personId === undefined ? {} : person(flow.personId)),
  facts: { reason, ...(flow && { provider: flow.provider, purpose: flow.purpose }) },
});

/** `leaked`: the others were void at once. */
export const signingKeyRotated = (kid: string, retired: readonly string[], leaked: boolean): AuditDraft => ({
  action: 'signing-key.rotated',
  target: { kind: 'signing-key', id: kid },
  facts: { retired, leaked },
});

/** The same event whether somebody has the address or not, but for its target. */
export const passwordResetAsked = (reset: Pick<PasswordReset, '_id' | 'personId'>, email: string): AuditDraft => ({
  action: 'password-reset.asked',
  ...(reset.personId === undefined ? {} : person(reset.personId)),
  facts: { resetId: reset._id },
  personal: { email },
});

/** `reset`: by link and second factor, signed out. */
export const passwordChanged = (personId: string, how: 'own' | 'reset'): AuditDraft => ({
  action: 'password.changed',
  ...person(personId),
  facts: { how },
});

export const totpEnrolled = (personId: string, replaces: boolean): AuditDraft => ({
  action: 'factor.enrolled',
  ...person(personId),
  facts: { factor: 'totp', replaces },
});

export const totpConfirmed = (personId: string, replaces: boolean): AuditDraft => ({
  action: 'factor.confirmed',
  ...person(personId),
  facts: { factor: 'totp', replaces },
});

/** `purpose`: what the code, or the password, was to open. */
export const proofRefused = (personId: string, purpose: string, reason: string, failures: number): AuditDraft => ({
  action: 'proof.refused',
  ...refused,
  ...person(personId),
  facts: { purpose, reason, failures },
});

export const contactPointAdded = (personId: string, point: ContactPoint): AuditDraft => ({
  action: 'contact-point.added',
  ...person(personId),
  facts: { contactPointId: point._id, kind: point.kind },
  personal: { value: point.value },
});

export const contactPointCompromised = (personId: string, point: ContactPoint): AuditDraft => ({
  action: 'contact-point.compromised',
  ...person(personId),
  facts: { contactPointId: point._id, kind: point.kind },
});

const ofPoint = (action: string, personId: string, { _id, kind }: ContactPoint): AuditDraft => ({
  action,
  ...person(personId),
  facts: { contactPointId: _id, kind },
});

export const confirmationSent = (personId: string, point: ContactPoint) =>
  ofPoint('contact-point.confirmation-sent', personId, point);

export const contactPointConfirmed = (personId: string, point: ContactPoint) =>
  ofPoint('contact-point.confirmed', personId, point);

export const contactPointRemoved = (personId: string, point: ContactPoint) =>
  ofPoint('contact-point.removed', personId, point);

export const contactPointRestored = (
  personId: string,
  point: ContactPoint,
  caseId: string,
  reason: string,
): AuditDraft => ({
  ...ofPoint('contact-point.restored', personId, point),
  caseId,
  personal: { reason },
});

export const mailWordChanged = (personId: string, set: boolean): AuditDraft => ({
  action: 'mail-word.changed',
  ...person(personId),
  facts: { set },
});

/** Somebody with a link to a contact point of theirs says that a change was not theirs. */
export const changeDisowned = ({ _id, personId, kind }: SecurityChange, contactPointId: string): AuditDraft => ({
  action: 'security-change.disowned',
  ...person(personId),
  facts: { changeId: _id, change: kind, contactPointId },
});

const about = ({ _id, caseId, accountId }: Reverification) => ({
  target: { kind: 'reverification', id: _id },
  ...(caseId === undefined ? {} : { caseId }),
  ...(accountId === undefined ? {} : { accountId }),
});

/** A payload may be an e-mail address and little else, so even its hash could be guessed at: it enters as a commitment. */
const payloadOf = ({ payloadHash }: Reverification) => ({ payloadHash });

export const reverificationAsked = (doc: Reverification): AuditDraft => ({
  action: 'reverification.asked',
  ...about(doc),
  facts: { operation: doc.operation },
  personal: payloadOf(doc),
});

export const reverificationAnswered = (doc: Reverification, { method, since }: Proved): AuditDraft => ({
  action: 'reverification.answered',
  ...about(doc),
  facts: { operation: doc.operation, method, factorSince: since.toISOString() },
});

export const reverificationUsed = (doc: Reverification): AuditDraft => ({
  action: 'reverification.used',
  ...about(doc),
  facts: { operation: doc.operation },
  personal: payloadOf(doc),
});

/** `operation`: what was attempted; the re-verification may have been for something else, or be nobody's. */
export const reverificationRefused = (operation: string, reason: string, doc?: Reverification): AuditDraft => ({
  action: 'reverification.refused',
  ...refused,
  ...(doc === undefined ? {} : about(doc)),
  facts: { operation, reason },
});
