import type { Role } from '../kernel/actor.js';
import { DAY, HOUR, MINUTE, SECOND } from '../kernel/clock.js';
import { newId } from '../kernel/ids.js';
import type { Locale } from '../kernel/locale.js';

export const CONTACT_KINDS = ['email', 'phone'] as const;
export type ContactKind = (typeof CONTACT_KINDS)[number];

export const TRUSTS = ['normal', 'compromised'] as const;
export type Trust = (typeof TRUSTS)[number];

/**
 * A way to reach a person. A compromised one verifies nobody and receives no links. Links go to confirmed addresses only; a
 * telephone need not be confirmed for a callback, but on file for long enough (cases decide).
 */
export interface ContactPoint {
  _id: string;
  kind: ContactKind;
  value: string;
  trust: Trust;
  /** Since when it is on file. */
  addedAt: Date;
  /** Absent: nobody has shown yet that it is theirs. */
  confirmedAt?: Date;
  compromisedAt?: Date;
}

/** A confirmed authenticator app (RFC 6238). */
export interface Totp {
  /** Base32 secret, sealed under the TOTP key with the person's id as context; base64. */
  secret: string;
  enrolledAt: Date;
  confirmedAt: Date;
  /** The last time step a code was spent for; only later ones count. */
  lastStep: number;
  /** Wrong codes in a row. */
  failures: number;
  /** No code is looked at before this instant. */
  retryAt?: Date;
}

/** An authenticator that has not shown a code yet; it counts for nothing. */
export interface PendingTotp {
  secret: string;
  enrolledAt: Date;
}

/**
 * A passkey (WebAuthn): names its owner by itself, and is used only after the device has checked that it is them (a
 * fingerprint, a PIN). So it is two factors at once.
 */
export interface Passkey {
  _id: string;
  /** What its owner calls it. */
  name: string;
  /** Chosen by the authenticator; base64url. */
  credentialId: string;
  /** COSE key, base64url. */
  publicKey: string;
  /** Signatures so far, as the authenticator counts; 0 for ever where it does not. A lower one comes from a copy. */
  counter: number;
  /** It may be copied to other devices of its owner (BE); settled when it was made. */
  backupEligible: boolean;
  /** It had been copied when it was last used (BS). */
  backedUp: boolean;
  /** How a browser reaches it; only a hint. */
  transports: string[];
  addedAt: Date;
  usedAt?: Date;
}

/** Ten codes that stand in for a lost factor, each once. */
export interface RecoveryCodes {
  issuedAt: Date;
  /** SHA-256 of those that are left. */
  hashes: string[];
}

export interface Person {
  _id: string;
  /** Lower case; unique. */
  email: string;
  locale: Locale;
  roles: Role[];
  /** argon2id, PHC form. Absent until a staff person has used the set-up link. */
  passwordHash?: string;
  setup?: { tokenHash: string; expiresAt: Date };
  /** The exchange account, linked to one person only. */
  accountId?: string;
  totp?: Totp;
  totpPending?: PendingTotp;
  passkeys?: Passkey[];
  recovery?: RecoveryCodes;
  contactPoints: ContactPoint[];
  /** The word in every mail to them, sealed. */
  mailWord?: { sealed: string; setAt: Date };
  /** An admin has shut this person out; nothing opens a session. */
  suspendedAt?: Date;
  /** Grows with each change of password, factor or roles; tickets made before are void. */
  securityVersion: number;
  createdAt: Date;
  /** Written with every session, so that opening one and changing the person cannot miss each other. */
  signedInAt?: Date;
}

/** An address somebody claims, until the link mailed to it is used. */
export interface Registration {
  _id: string;
  email: string;
  locale: Locale;
  passwordHash: string;
  tokenHash: string;
  /** The address has a person already: kept only so that both answers write, and take, the same. */
  known: boolean;
  expiresAt: Date;
}

export const END_REASONS = [
  'signed-out',
  'expired',
  'idle',
  'reuse',
  'roles',
  'factor',
  'disowned',
  'suspended',
  'password',
  'ended',
] as const;
export type EndReason = (typeof END_REASONS)[number];

/** A sign-in, and the family of refresh tokens that descend from it. */
export interface Session {
  _id: string;
  personId: string;
  /** As they were at sign-in; a change of roles ends the session. */
  roles: Role[];
  /** When this session passed a second factor. */
  secondFactorAt?: Date;
  createdAt: Date;
  usedAt: Date;
  endsAt: Date;
  endedAt?: Date;
  endedBecause?: EndReason;
  address?: string;
  /** The address of the last refresh. */
  usedFrom?: string;
  userAgent?: string;
  /** SHA-256 of the half of the refresh token that stays the same: who knows it held a token of this family. */
  familyHash: string;
  /** SHA-256 of the half that the present token has. */
  secretHash: string;
  previousHash?: string;
  rotatedAt: Date;
  /** The lost-answer exception of the present rotation is used up. */
  retried: boolean;
}

/** What a person can show for a second factor. Recovery codes stand in for the others and are no factor of their own. */
export const PROOF_METHODS = ['totp', 'passkey', 'recovery-code', 'sso'] as const;
export type ProofMethod = (typeof PROOF_METHODS)[number];

/** A second factor that was shown: which kind, and since when that very one is the person's. */
export interface Proved {
  method: ProofMethod;
  since: Date;
}

/** What one re-verification allows: this act, on this payload, while the account is as it was. */
export interface Reverification {
  _id: string;
  personId: string;
  sessionId: string;
  /** Route id. */
  operation: string;
  /** Keyed hash of the canonical JSON (RFC 8785) of { params, body }. */
  payloadHash: string;
  caseId?: string;
  accountId?: string;
  accountVersion?: number;
  createdAt: Date;
  expiresAt: Date;
  answeredAt?: Date;
  /** What answered it. */
  proof?: Proved;
  tokenHash?: string;
  usedAt?: Date;
}

// Lifetimes and limits. Source of the numbers: OWASP ASVS 5.0 (6, 7), NIST SP 800-63B-4, RFC 9700.
export const PASSWORD_MIN = 12; // characters
export const PASSWORD_MAX = 256; // characters; enough for any passphrase, small enough to hash
export const CONFIRM_LINK_MS = 24 * HOUR;
export const SETUP_LINK_MS = 24 * HOUR;
export const TICKET_MS = 5 * MINUTE; // between the two factors of one sign-in
export const REVERIFICATION_MS = 5 * MINUTE; // from the challenge to the act
export const SIGNED_IN_JUST_NOW_MS = 5 * MINUTE; // what stands in for the password of whoever has none
export const LOST_ANSWER_MS = 30 * SECOND; // a rotation whose answer got lost may be asked for once more
export const PENDING_TOTP_MS = 15 * MINUTE; // an abandoned enrolment is not confirmed later by who finds the screen
export const FREE_FAILURES = 5; // wrong codes before the delay starts
export const FIRST_DELAY_MS = 30 * SECOND; // doubled with every further failure
export const LONGEST_DELAY_MS = 1 * HOUR;
export const MOST_FAILURES = 50; // in a row; then this factor is dead until staff help

/** How long the next code must wait after so many failures in a row. */
export const delayAfter = (failures: number): number =>
  failures < FREE_FAILURES ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (failures - FREE_FAILURES), LONGEST_DELAY_MS);

/** A factor that a thief set up yesterday proves nothing: only one older than `days` counts towards a person's identity. */
export const isOld = (since: Date, now: Date, days = 7): boolean => now.getTime() - since.getTime() > days * DAY;

/** Whether what was shown is old enough; nothing shown is not. */
export const proofIsOld = (proof: Pick<Proved, 'since'> | undefined, now: Date, days?: number): boolean =>
  proof !== undefined && isOld(proof.since, now, days);

export const contactPointOf = (person: Pick<Person, 'contactPoints'>, id: string): ContactPoint | undefined =>
  person.contactPoints.find((point) => point._id === id);

/** The address mail with links may go to: confirmed and not compromised. Undefined: there is none, and nothing is sent. */
export const mailOf = (person: Pick<Person, 'contactPoints'>): string | undefined =>
  person.contactPoints.find(({ kind, trust, confirmedAt }) => kind === 'email' && trust === 'normal' && confirmedAt)
    ?.value;

/** The contact point of an address that its owner, or whoever vouches for them, confirmed just now. */
export const ownMailbox = (email: string, now: Date): ContactPoint => ({
  _id: newId('contact'),
  kind: 'email',
  value: email,
  trust: 'normal',
  addedAt: now,
  confirmedAt: now,
});

/** One address, one spelling. */
export const normalEmail = (text: string): string => text.trim().normalize('NFC').toLowerCase();
