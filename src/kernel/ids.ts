import { createHash, randomFillSync } from 'node:crypto';
import mongoose from 'mongoose';

/** `case_65f…`: a kind, then an ObjectId in hex, so ids of a kind sort by the second they were made. Not a secret. */
export const newId = (kind: string): string => `${kind}_${new mongoose.Types.ObjectId().toHexString()}`;

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
