import { createHash, createHmac, createPrivateKey, createPublicKey, hkdfSync, sign } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Receipt } from './words.js';

export interface ReceiptKey {
  keyId: string;
  /** DER SubjectPublicKeyInfo, base64. */
  publicKey: string;
  /** HMAC-SHA256 with the shared secret over `receipt-key:` and the public key, base64: introduces the key to a client. */
  introduction: string;
  sign(receipt: Omit<Receipt, 'keyId' | 'signature'>): Receipt;
}

/** DER head of an Ed25519 private key; the 32 bytes of the seed follow. Source: RFC 8410, section 7. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The exchange's key for receipts: made from the secret, so that a restarted simulator signs with the same one. */
export function receiptKey(secret: Uint8Array): ReceiptKey {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', 'simulator receipt key', 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const publicKey = der.toString('base64');
  const keyId = createHash('sha256').update(der).digest('hex').slice(0, 16);
  return {
    keyId,
    publicKey,
    introduction: createHmac('sha256', secret).update(`receipt-key:${publicKey}`).digest('base64'),
    sign: (facts) => {
      const unsigned = { ...facts, keyId };
      const bytes = Buffer.from(canonicalize(unsigned) ?? '');
      return { ...unsigned, signature: sign(null, bytes, privateKey).toString('base64url') };
    },
  };
}
