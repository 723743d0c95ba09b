import { createHmac } from 'node:crypto';
import { Schema } from 'mongoose';
import { DAY, MINUTE } from '../kernel/clock.js';
import { collection, inside, SCHEMA_OPTIONS, type Where } from '../kernel/mongo.js';
import { deriveKey } from '../kernel/seal.js';
import { CONTACT_KINDS, type ContactKind } from './words.js';

/** A link or code on its way to a contact point that somebody says is theirs. */
export interface ContactConfirmation {
  _id: string;
  personId: string;
  contactPointId: string;
  kind: ContactKind;
  /** Wrong codes. */
  failures: number;
  createdAt: Date;
  expiresAt: Date;
  usedAt?: Date;
}

export const CONTACT_LINK_MS = DAY;
export const PHONE_CODE_MS = 10 * MINUTE;
/** Of a million codes; with `contactByPerson` codes sent in an hour, a guess in that hour succeeds once in 40,000. */
export const MOST_CODE_FAILURES = 5;

const text = { type: String, required: true } as const;
const instant = { type: Date, required: true } as const;

const schema = new Schema<ContactConfirmation>(
  {
    _id: String,
    personId: text,
    contactPointId: text,
    kind: { ...text, enum: CONTACT_KINDS },
    failures: { type: Number, required: true },
    createdAt: instant,
    expiresAt: instant,
    usedAt: Date,
  },
  SCHEMA_OPTIONS,
);
schema.index({ contactPointId: 1, createdAt: -1 });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const ContactConfirmations = collection<ContactConfirmation>('contactConfirmations', schema);

export const readConfirmation = (where: Where, id: string): Promise<ContactConfirmation | null> =>
  ContactConfirmations(where).findOne({ _id: id }, null, inside(where)).lean<ContactConfirmation>().exec();

/** The newest one of a contact point: a new code makes the one before void. */
export const newestConfirmation = (
  where: Where,
  personId: string,
  contactPointId: string,
): Promise<ContactConfirmation | null> =>
  ContactConfirmations(where)
    .findOne({ personId, contactPointId }, null, inside(where))
    .sort({ createdAt: -1, _id: -1 })
    .lean<ContactConfirmation>()
    .exec();

/** Six digits that the store does not have: made of its id when the message leaves, and again when it is answered. */
export function phoneCode(linkKey: Uint8Array, confirmationId: string): string {
  const mac = createHmac('sha256', deriveKey(linkKey, 'firebreak phone codes')).update(confirmationId).digest();
  return String(mac.readUIntBE(0, 6) % 1_000_000).padStart(6, '0'); // 48 bits: the bias is under one in 10^8
}
