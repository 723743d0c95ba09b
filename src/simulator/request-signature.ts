import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';

/** How far a signature's `created` may be from the exchange's clock, either way; seconds. */
export const CLOCK_WINDOW_SECONDS = 300;

const WITHOUT_KEY = '("@method" "@authority" "@path" "content-digest")';
const WITH_KEY = '("@method" "@authority" "@path" "content-digest" "idempotency-key")';

// One fixed profile of RFC 9421: these components in this order, these parameters in this order. Anything else is
// refused, so no structured-field parser stands between a stranger's bytes and the check.
const INPUT =
  /^fb=((\([a-z0-9@" -]{1,120}\));created=(\d{1,12});nonce="([A-Za-z0-9_-]{16,64})";keyid="([A-Za-z0-9_-]{1,64})";alg="hmac-sha256")$/;
const SIGNATURE = /^fb=:([A-Za-z0-9+/]{43}=):$/;

export interface SignatureCheck {
  keyId: string;
  secret: Uint8Array;
  now: () => Date;
  /** Remembers a nonce; false when it was seen before. */
  freshNonce: (nonce: string) => boolean;
}

/**
 * Checks that a request was signed by the holder of the key, lately, once, and that its body is the signed one.
 *
 * @returns undefined when all holds, else why not
 * Source: RFC 9421 (HTTP Message Signatures), RFC 9530 (Content-Digest)
 */
export function refusedSignature(request: Request, body: Buffer, check: SignatureCheck): string | undefined {
  const input = INPUT.exec(request.get('signature-input') ?? '');
  const signature = SIGNATURE.exec(request.get('signature') ?? '');
  if (!input || !signature) return 'signature_missing';
  const [, params = '', covered, created, nonce = '', keyId] = input;
  if (keyId !== check.keyId) return 'key_unknown';
  // A header that acts on the request must be under the signature: an unsigned Idempotency-Key would let a man in the
  // middle turn one command into two. A query is never signed, so there is none.
  const wanted = request.get('idempotency-key') === undefined ? WITHOUT_KEY : WITH_KEY;
  if (covered !== wanted || request.originalUrl.includes('?')) return 'signature_incomplete';
  if (request.get('content-digest') !== contentDigest(body)) return 'digest_mismatch';
  const expected = createHmac('sha256', check.secret)
    .update(signatureBase(request, wanted, params))
    .digest();
  if (!timingSafeEqual(expected, Buffer.from(signature[1] ?? '', 'base64'))) return 'signature_wrong';
  if (Math.abs(check.now().getTime() / 1000 - Number(created)) > CLOCK_WINDOW_SECONDS) return 'signature_expired';
  return check.freshNonce(nonce) ? undefined : 'signature_replayed';
}

function signatureBase(request: Request, covered: string, params: string): string {
  const lines = [
    `"@method": ${request.method}`,
    `"@authority": ${(request.get('host') ?? '').toLowerCase()}`,
    `"@path": ${request.originalUrl}`,
    `"content-digest": ${request.get('content-digest') ?? ''}`,
  ];
  if (covered === WITH_KEY) lines.push(`"idempotency-key": ${request.get('idempotency-key') ?? ''}`);
  return [...lines, `"@signature-params": ${params}`].join('\n');
}

const contentDigest = (body: Buffer): string => `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;

/** Nonces seen within the clock window; older ones cannot come back, their signature has expired. */
export function nonceMemory(now: () => Date): (nonce: string) => boolean {
  const seen = new Map<string, number>();
  return (nonce) => {
    const oldest = now().getTime() - 2 * CLOCK_WINDOW_SECONDS * 1000;
    for (const [old, at] of seen) {
      if (at >= oldest) break;
      seen.delete(old);
    }
    if (seen.has(nonce)) return false;
    seen.set(nonce, now().getTime());
    return true;
  };
}
