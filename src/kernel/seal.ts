import { createCipheriv, createDecipheriv, createHash, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12; // NIST SP 800-38D, 8.2.2: random nonces of 96 bits
const TAG_BYTES = 16;

/** AES-256-GCM of a small secret under `key` (32 bytes); `context` must be the same to open it. Nonce | tag | text. */
export function seal(key: Uint8Array, plain: string, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** The reverse of `seal`; throws when key, context or a single bit differ. */
export function unseal(key: Uint8Array, sealed: Uint8Array, context: string): string {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
}

/** A 32-byte key for one purpose out of a secret with enough entropy of its own (RFC 5869). */
export const deriveKey = (secret: string | Uint8Array, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), purpose, 32));

/** Names a public key: the first 16 characters of the base64url SHA-256 of its SPKI form. */
export const hashOfKey = (publicKey: KeyObject): string =>
  createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
    .slice(0, 16);
