import { createHash, createHmac, randomBytes } from 'node:crypto';

export interface Unsigned {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly body: string;
  readonly idempotencyKey?: string;
}

/**
 * Headers that sign a request: RFC 9421 with hmac-sha256 over method, authority, path, body digest (RFC 9530) and, where
 * there is one, the idempotency key.
 *
 * @param created  when it is signed; the exchange accepts it for five minutes
 */
export function signRequest(
  { method, url, body, idempotencyKey }: Unsigned,
  { keyId, secret, created }: { keyId: string; secret: Uint8Array; created: Date },
): Record<string, string> {
  const digest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
  const components: [string, string][] = [
    ['@method', method],
    ['@authority', url.host],
    ['@path', url.pathname],
    ['content-digest', digest],
    ...(idempotencyKey === undefined ? [] : ([['idempotency-key', idempotencyKey]] as [string, string][])),
  ];
  const seconds = Math.floor(created.getTime() / 1000);
  const nonce = randomBytes(16).toString('base64url');
  const names = components.map(([name]) => `"${name}"`).join(' ');
  const params = `(${names});created=${seconds};nonce="${nonce}";keyid="${keyId}";alg="hmac-sha256"`;
  const signature = hmacSignature(signatureBase(components, params), secret);
  return {
    'content-digest': digest,
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    'signature-input': `fb=${params}`,
    signature: `fb=:${signature}:`,
  };
}

/** RFC 9421, section 2.5: one line for each covered component, the parameters last. */
export const signatureBase = (components: readonly (readonly [string, string])[], params: string): string =>
  [...components.map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${params}`].join('\n');

/** RFC 9421, section 3.3.3. */
export const hmacSignature = (base: string, secret: Uint8Array): string =>
  createHmac('sha256', secret).update(base).digest('base64');
