import { hash } from 'node:crypto';
import { randomBytes } from '../kernel/ids.js';
import type { Opening } from './words.js';

/** Bytes; as long as the hash, so that guessing the value of an erased opening is guessing the salt. */
const SALT_LENGTH = 32;

/** Base64 of SHA-256(salt || UTF-8 value). */
export function commitment(salt: Uint8Array, value: string): string {
  return hash('sha256', Buffer.concat([salt, Buffer.from(value, 'utf8')]), 'base64');
}

/** A fresh salt for every field, so that equal values are not seen to be equal. */
export function openingsOf(personal: Readonly<Record<string, string>>): Opening[] {
  const fields = Object.entries(personal);
  const salts = randomBytes(SALT_LENGTH * fields.length);
  return fields.map(([field, value], n) => ({
    field,
    salt: salts.subarray(n * SALT_LENGTH, (n + 1) * SALT_LENGTH),
    value: Buffer.from(value, 'utf8').toString('utf8'), // what the store gives back, so that is what is hashed
  }));
}

export function commitmentsOf(openings: readonly Opening[]): Record<string, string> {
  return Object.fromEntries(openings.map(({ field, salt, value }) => [field, commitment(salt, value)]));
}
