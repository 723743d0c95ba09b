import { createHmac, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import { canonicalJson } from '../kernel/canonical.js';
import type { Command, Receipt } from './exchange.js';

/**
 * Reads a receipt key that the exchange introduced with the shared secret.
 *
 * The secret only vouches for the public key. Receipts themselves are signed with a private key that never leaves the
 * exchange, so nobody on our side, with whatever secrets, can make one.
 *
 * @returns undefined when the introduction is not the exchange's
 */
export function introducedKey(
  { publicKey, introduction }: { publicKey: string; introduction: string },
  secret: Uint8Array,
): KeyObject | undefined {
  const expected = createHmac('sha256', secret).update(`receipt-key:${publicKey}`).digest();
  const given = Buffer.from(introduction, 'base64');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  return key.asymmetricKeyType === 'ed25519' ? key : undefined;
}

/** Whether the exchange signed exactly this receipt. */
export function isSigned({ signature, ...signed }: Receipt, key: KeyObject): boolean {
  return verify(null, Buffer.from(canonicalJson(signed)), key, Buffer.from(signature, 'base64url'));
}

/** Whether the receipt speaks of this command: a genuine receipt of something else proves nothing. */
export function answersCommand(receipt: Receipt, command: Command): boolean {
  return (
    receipt.operationId === command.operationId &&
    receipt.kind === command.kind &&
    receipt.accountId === command.accountId &&
    receipt.caseNumber === command.caseNumber &&
    (command.scopes === undefined ||
      (receipt.generation === command.generation && sameSet([...receipt.applied, ...receipt.missing], command.scopes)))
  );
}

const sameSet = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && right.every((one) => left.includes(one));
