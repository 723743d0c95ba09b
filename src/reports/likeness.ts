import { createHmac } from 'node:crypto';
import type { Contact, ReportBody } from './words.js';

/**
 * What this report shares with another one of the same loss: hashes, addresses and ids, as written apart from case.
 *
 * Lower case throughout: some addresses tell case apart, but no two of them differ in nothing else.
 */
export function likenessOf(body: ReportBody): string[] {
  const { notMine = {} } = body;
  const keys = [
    ...body.transactionHashes.map((hash) => `tx ${hash.toLowerCase().replace(/^0x/, '')}`),
    ...body.counterpartyAddresses.map((address) => `address ${address.toLowerCase()}`),
    ...(notMine.trades ?? []).map((id) => `trade ${id}`),
    ...(notMine.withdrawals ?? []).map((id) => `withdrawal ${id}`),
    ...(notMine.signIns ?? []).map((id) => `sign-in ${id}`),
  ];
  return [...new Set(keys)];
}

/** By what a signed-in reporter is recognised. */
export const personKey = (personId: string): string => `person ${personId}`;

/** By what an anonymous reporter is recognised: keyed hashes of their contacts, the e-mail address first. */
export function contactKeys(linkKey: Uint8Array, { email, phone }: Contact): string[] {
  const keyed = (text: string) => createHmac('sha256', linkKey).update(text).digest('base64url');
  return [
    ...(email === undefined ? [] : [keyed(`contact email ${email.trim().normalize('NFC').toLowerCase()}`)]),
    ...(phone === undefined ? [] : [keyed(`contact phone ${phone.replaceAll(/[^\d+]/g, '')}`)]),
  ];
}

/** A source address as the limits count it: unreadable without the key. */
export const sourceKey = (linkKey: Uint8Array, address: string): string =>
  createHmac('sha256', linkKey).update(`source ${address}`).digest('base64url');
