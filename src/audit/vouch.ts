import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey } from '../kernel/seal.js';
import type { PendingRow } from './log-store.js';

type Content = Pick<PendingRow, 'events' | 'leaves'>;

/** Tells rows of acts from those that somebody else put into the store. */
export interface Vouch {
  /** HMAC-SHA-256 over the ids of an act's events and their leaf hashes. */
  sign(row: Content): Buffer;
  holds(row: Content & { readonly vouch?: unknown }): boolean;
}

/** Whoever holds ROOT_KEY vouches; who can only write to the store cannot have the log take anything in. */
export function vouchOf(sealKey: Uint8Array): Vouch {
  const key = deriveKey(sealKey, 'firebreak audit log rows');
  const sign = ({ events, leaves }: Content) =>
    createHmac('sha256', key)
      .update(`${JSON.stringify(events)}\n`)
      .update(leaves)
      .digest();
  return {
    sign,
    holds: (row) => {
      const own = sign(row);
      return row.vouch instanceof Uint8Array && row.vouch.length === own.length && timingSafeEqual(row.vouch, own);
    },
  };
}
