import { createHash, randomFillSync, randomInt } from 'node:crypto';
import mongoose from 'mongoose';

/** `case_65f…`: a kind, then an ObjectId in hex, so ids of a kind sort by the second they were made. Not a secret. */
export const newId = (kind: string): string => `${kind}_${new mongoose.Types.ObjectId().toHexString()}`;

const SECOND = 1_000;
const digits = (value: number, length: number): string => value.toString(16).padStart(length, '0');
/** Of this process, as in an ObjectId; its counter begins anywhere. */
const process28 = digits(randomInt(2 ** 28), 7);
let count = randomInt(2 ** 24);

/**
 * An id that sorts by the instant it is made for, to the millisecond, and then, where one process makes several, by their order.
 *
 * Of the same form as `newId`, and among its ids in the order of seconds. Not a secret.
 */
export function newIdAt(kind: string, at: Date): string {
  count = (count + 1) % 2 ** 24;
  const [seconds, rest] = [Math.floor(at.getTime() / SECOND), at.getTime() % SECOND];
  return `${kind}_${digits(seconds, 8)}${digits(rest, 3)}${process28}${digits(count, 6)}`;
}

/** Between which ids those of a kind lie that were made for an instant in [from, to); whole seconds, so a little wide. */
export const idsBetween = (
  kind: string,
  from: Date | undefined,
  to: Date | undefined,
): { $gte?: string; $lt?: string } => ({
  ...(from && { $gte: `${kind}_${secondDigits(Math.floor(from.getTime() / SECOND))}` }),
  ...(to && { $lt: `${kind}_${secondDigits(Math.ceil(to.getTime() / SECOND))}` }),
});

/** Eight digits reach to the year 2106; `g` comes after all of them. */
const secondDigits = (seconds: number): string => (seconds >= 2 ** 32 ? 'g' : digits(Math.max(seconds, 0), 8));

const DRAWN_AT_ONCE = 4096;
let drawn = new Uint8Array(0);
let given = 0;

/** Random bytes from the system's source, which is asked for many at a time. No byte is given twice. */
export function randomBytes(length: number): Uint8Array {
  if (length > DRAWN_AT_ONCE) return randomFillSync(new Uint8Array(length));
  if (given + length > drawn.length) {
    drawn = randomFillSync(new Uint8Array(DRAWN_AT_ONCE));
    given = 0;
  }
  given += length;
  return drawn.slice(given - length, given);
}

/** A bearer secret of 256 bits, base64url. Give it away once; store `hashToken` of it. */
export const newToken = (): string => Buffer.from(randomBytes(32)).toString('base64url');

/** SHA-256, base64url. Enough for random tokens; never for passwords. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');
