import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { MINUTE } from '../../kernel/clock.js';
import { deriveKey } from '../../kernel/seal.js';
import type { Secrets } from '../../kernel/secrets.js';

type Keys = Pick<Secrets, 'linkKey'>;

export const CHALLENGE_MS = 5 * MINUTE; // from the offer to the answer; the time of a re-verification

const NONCE_BYTES = 16; // WebAuthn, 13.4.3: at least
const EXPIRY_BYTES = 8; // milliseconds since 1970, big-endian
const HEAD_BYTES = NONCE_BYTES + EXPIRY_BYTES;
const MAC_BYTES = 32;

/**
 * A challenge that carries its own end and the seal of what it is for, so that strangers who ask for thousands store nothing
 * here: nonce | expiry | HMAC-SHA-256. Base64url.
 *
 * @param purpose what its answer opens, and for whom; the same words open it again
 */
export function issueChallenge(keys: Keys, purpose: string, now: Date): string {
  const head = Buffer.alloc(HEAD_BYTES);
  randomBytes(NONCE_BYTES).copy(head);
  head.writeBigUInt64BE(BigInt(now.getTime() + CHALLENGE_MS), NONCE_BYTES);
  return Buffer.concat([head, macOf(keys, purpose, head)]).toString('base64url');
}

/** When the challenge ends; undefined for one that we did not issue for this, or that is over. */
export function readChallenge(keys: Keys, purpose: string, challenge: string, now: Date): Date | undefined {
  const bytes = Buffer.from(challenge, 'base64url');
  if (bytes.length !== HEAD_BYTES + MAC_BYTES || bytes.toString('base64url') !== challenge) return undefined;
  const head = bytes.subarray(0, HEAD_BYTES);
  if (!timingSafeEqual(bytes.subarray(HEAD_BYTES), macOf(keys, purpose, head))) return undefined;
  const endsAt = new Date(Number(head.readBigUInt64BE(NONCE_BYTES)));
  return endsAt > now ? endsAt : undefined;
}

/**
 * The challenge of a re-verification: what the passkey signs is this one and nothing else. It is settled once and dies with
 * it, so it needs neither a nonce nor an end of its own.
 */
export const challengeOfReverification = (keys: Keys, reverificationId: string): string =>
  macOf(keys, 're-verification', Buffer.from(reverificationId)).toString('base64url');

const macOf = ({ linkKey }: Keys, purpose: string, bytes: Uint8Array): Buffer =>
  createHmac('sha256', deriveKey(linkKey, `firebreak passkey challenge\n${purpose}`))
    .update(bytes)
    .digest();
