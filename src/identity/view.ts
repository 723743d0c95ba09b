import type { Text } from '../kernel/locale.js';
import { hasSecondFactor } from './has-second-factor.js';
import type { OpenedSession } from './open-session.js';
import type { Issued } from './tokens.js';
import { type ContactPoint, isOld, type Passkey, type Person, type ProofMethod, type Reverification } from './words.js';

/** Where a refresh token goes: a cookie that scripts cannot read, or the body for clients that are no browser. */
export const REFRESH_IN = ['cookie', 'body'] as const;
export type RefreshIn = (typeof REFRESH_IN)[number];

export const NEXT_STEPS = ['done', 'second-factor', 'enrol-second-factor'] as const;

export const sessionView = (
  { session, accessToken, accessExpiresAt, refreshToken }: OpenedSession,
  refreshIn: RefreshIn,
) => ({
  next:
    session.secondFactorAt === undefined && session.roles.some((role) => role !== 'customer')
      ? ('enrol-second-factor' as const)
      : ('done' as const),
  accessToken,
  expiresAt: accessExpiresAt.toISOString(),
  sessionId: session._id,
  ...(refreshIn === 'body' ? { refreshToken } : {}),
});

export const ticketView = ({ token, expiresAt }: Issued, methods: readonly ProofMethod[]) => ({
  next: 'second-factor' as const,
  methods,
  ticket: token,
  expiresAt: expiresAt.toISOString(),
});

export const contactPointView = ({ _id, kind, value, trust, addedAt, confirmedAt }: ContactPoint) => ({
  id: _id,
  kind,
  value,
  trust,
  addedAt: addedAt.toISOString(),
  ...(confirmedAt === undefined ? {} : { confirmedAt: confirmedAt.toISOString() }),
});

export const passkeyView = (passkey: Passkey, now: Date, factorAgeDays: number) => ({
  id: passkey._id,
  name: passkey.name,
  addedAt: passkey.addedAt.toISOString(),
  ...(passkey.usedAt === undefined ? {} : { usedAt: passkey.usedAt.toISOString() }),
  backupEligible: passkey.backupEligible,
  backedUp: passkey.backedUp,
  old: isOld(passkey.addedAt, now, factorAgeDays),
});

export const meView = (person: Person, now: Date, factorAgeDays: number) => ({
  id: person._id,
  email: person.email,
  locale: person.locale,
  roles: person.roles,
  password: person.passwordHash !== undefined,
  ...(person.accountId === undefined ? {} : { accountId: person.accountId }),
  ...(person.totp === undefined
    ? {}
    : {
        secondFactor: {
          confirmedAt: person.totp.confirmedAt.toISOString(),
          old: isOld(person.totp.confirmedAt, now, factorAgeDays),
        },
      }),
  passkeys: (person.passkeys ?? []).map((passkey) => passkeyView(passkey, now, factorAgeDays)),
  ...(person.recovery === undefined
    ? {}
    : { recoveryCodes: { left: person.recovery.hashes.length, issuedAt: person.recovery.issuedAt.toISOString() } }),
  contactPoints: person.contactPoints.map(contactPointView),
});

/** What an admin sees of somebody: no contact points, no account, nothing of a customer's life. */
export const personView = (person: Person, setUp: boolean) => ({
  id: person._id,
  email: person.email,
  locale: person.locale,
  roles: person.roles,
  secondFactor: hasSecondFactor(person),
  setUp,
  ...(person.suspendedAt === undefined ? {} : { suspendedAt: person.suspendedAt.toISOString() }),
  createdAt: person.createdAt.toISOString(),
});

/** What staff see of each other. */
export const colleagueView = ({ _id, email, roles, suspendedAt }: Person) => ({
  id: _id,
  email,
  roles,
  suspended: suspendedAt !== undefined,
});

/** The challenge, and the whole sentence that a page shows as it is. */
export const reverificationView = ({ _id, expiresAt }: Reverification, confirms: Text) => ({
  reverificationId: _id,
  expiresAt: expiresAt.toISOString(),
  confirms: {
    'zh-CN': `您正在确认：${confirms['zh-CN']}。此确认仅对本次操作有效，只能使用一次，五分钟内有效。`,
    en: `You are confirming: ${confirms.en}. It counts for this act only, once, within five minutes.`,
  },
});
