import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey } from '../kernel/seal.js';

const ID_BYTES = 12; // an ObjectId
const MAC_BYTES = 24; // 192 bits of HMAC-SHA-256 (RFC 2104, 5: at least half of it)

const macOf = (linkKey: Uint8Array, purpose: string, ids: Uint8Array): Buffer =>
  createHmac('sha256', deriveKey(linkKey, `firebreak link: ${purpose}`))
    .update(ids)
    .digest()
    .subarray(0, MAC_BYTES);

/**
 * The secret of a link, out of ids and a key that the store does not have: it is made when the mail leaves, and neither the
 * outbox nor a dump of the store holds it.
 *
 * @param ids as `newId` makes them, in the order that `readLink` names their kinds
 */
export function signLink(linkKey: Uint8Array, purpose: string, ids: readonly string[]): string {
  const bytes = Buffer.concat(ids.map((id) => Buffer.from(id.slice(id.lastIndexOf('_') + 1), 'hex')));
  if (bytes.length !== ids.length * ID_BYTES) throw new Error('an id that is not ours');
  return Buffer.concat([bytes, macOf(linkKey, purpose, bytes)]).toString('base64url');
}

/** The ids that a link was signed for; undefined when it was not, or not for this. */
export function readLink(
  linkKey: Uint8Array,
  purpose: string,
  kinds: readonly string[],
  token: string,
): string[] | undefined {
  const bytes = Buffer.from(token, 'base64url');
  const ids = bytes.subarray(0, kinds.length * ID_BYTES);
  const mac = bytes.subarray(kinds.length * ID_BYTES);
  if (mac.length !== MAC_BYTES || bytes.toString('base64url') !== token) return undefined;
  if (!timingSafeEqual(mac, macOf(linkKey, purpose, ids))) return undefined;
  return kinds.map(
    (kind, index) => `${kind}_${ids.subarray(index * ID_BYTES, (index + 1) * ID_BYTES).toString('hex')}`,
  );
}
