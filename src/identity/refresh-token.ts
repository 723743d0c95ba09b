import { randomBytes } from 'node:crypto';
import { hashToken } from '../kernel/ids.js';

const FAMILY_BYTES = 16;
const SECRET_BYTES = 32;
const TOKEN_BYTES = FAMILY_BYTES + SECRET_BYTES;

/**
 * A refresh token is two random halves: the family's, the same in every token of a session, and its own secret. Whoever
 * knows a family held one of its tokens, so a known family with a secret that is over is reuse and not noise; the store
 * need not remember every secret there was, and has none of them in the clear.
 */
export interface RefreshToken {
  readonly token: string;
  readonly familyHash: string;
  readonly secretHash: string;
}

const of = (family: Uint8Array, secret: Uint8Array): RefreshToken => ({
  token: Buffer.concat([family, secret]).toString('base64url'),
  familyHash: hashToken(Buffer.from(family).toString('base64url')),
  secretHash: hashToken(Buffer.from(secret).toString('base64url')),
});

export const newFamily = (): RefreshToken => of(randomBytes(FAMILY_BYTES), randomBytes(SECRET_BYTES));

/** The next token of the same family. */
export const nextOf = (token: string): RefreshToken =>
  of(Buffer.from(token, 'base64url').subarray(0, FAMILY_BYTES), randomBytes(SECRET_BYTES));

/** Undefined for anything that is not the canonical spelling of a token. */
export function readRefreshToken(token: string): RefreshToken | undefined {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== TOKEN_BYTES || bytes.toString('base64url') !== token) return undefined;
  return of(bytes.subarray(0, FAMILY_BYTES), bytes.subarray(FAMILY_BYTES));
}
