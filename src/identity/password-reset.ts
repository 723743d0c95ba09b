import { Schema } from 'mongoose';
import { MINUTE } from '../kernel/clock.js';
import { collection, inside, SCHEMA_OPTIONS, type Where } from '../kernel/mongo.js';

/** Somebody asked for a new password at an address. Kept for unknown ones too, so that both write, and take, the same. */
export interface PasswordReset {
  _id: string;
  personId?: string;
  /** The person's when it was asked for: after a change of password, factor or roles the link is void. */
  securityVersion?: number;
  createdAt: Date;
  expiresAt: Date;
  usedAt?: Date;
}

export const RESET_LINK_MS = 30 * MINUTE;

const DAY_SECONDS = 86_400;
const instant = { type: Date, required: true } as const;

const schema = new Schema<PasswordReset>(
  { _id: String, personId: String, securityVersion: Number, createdAt: instant, expiresAt: instant, usedAt: Date },
  SCHEMA_OPTIONS,
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: DAY_SECONDS });

export const PasswordResets = collection<PasswordReset>('passwordResets', schema);

export const readPasswordReset = (where: Where, id: string): Promise<PasswordReset | null> =>
  PasswordResets(where).findOne({ _id: id }, null, inside(where)).lean<PasswordReset>().exec();
