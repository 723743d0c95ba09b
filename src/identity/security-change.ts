import { Schema } from 'mongoose';
import { DAY } from '../kernel/clock.js';
import { collection, inside, SCHEMA_OPTIONS, type Where } from '../kernel/mongo.js';

/** What a person is told of wherever they can be reached; the mail says each in words (`notices/names.ts`). */
export const SECURITY_CHANGES = [
  'password-changed',
  'authenticator-added',
  'authenticator-replaced',
  'authenticator-removed',
  'passkey-added',
  'passkey-removed',
  'recovery-codes-made',
  'recovery-code-used',
  'sessions-ended',
  'sign-in-method-linked',
  'sign-in-method-unlinked',
  'contact-point-added',
  'contact-point-confirmed',
  'contact-point-removed',
  'contact-point-compromised',
  'contact-point-restored',
  'mail-word-changed',
  'roles-changed',
  'factors-reset',
  'suspended',
  'reinstated',
] as const;
export type SecurityChangeKind = (typeof SECURITY_CHANGES)[number];

/** A change whose owner may say "this was not me": once, by whichever of the links that went out for it. */
export interface SecurityChange {
  _id: string;
  personId: string;
  kind: SecurityChangeKind;
  at: Date;
  /** Until when its links hold. */
  linksUntil: Date;
  disownedAt?: Date;
}

/** A week: for so long a new factor is young and cannot lift what the link does. */
export const DISOWN_LINK_MS = 7 * DAY;

const KEPT_SECONDS = 2_592_000; // 30 days past its links, so that a used link is told from one that never was
const text = { type: String, required: true } as const;
const instant = { type: Date, required: true } as const;

const schema = new Schema<SecurityChange>(
  {
    _id: String,
    personId: text,
    kind: { ...text, enum: SECURITY_CHANGES },
    at: instant,
    linksUntil: instant,
    disownedAt: Date,
  },
  SCHEMA_OPTIONS,
);
schema.index({ personId: 1, at: -1 });
schema.index({ linksUntil: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export const SecurityChanges = collection<SecurityChange>('securityChanges', schema);

export const readSecurityChange = (where: Where, id: string): Promise<SecurityChange | null> =>
  SecurityChanges(where).findOne({ _id: id }, null, inside(where)).lean<SecurityChange>().exec();
