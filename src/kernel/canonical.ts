import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** Canonical JSON, RFC 8785. Throws on what JSON cannot say (undefined at the top, NaN, Infinity). */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('no JSON form');
  return text;
}

/** SHA-256 of the canonical JSON, base64url: one payload, one name. */
export const payloadHash = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('base64url');
