import type { RootDatabase } from 'lmdb';

/** A keyspace's fence is its bare number, the least key in it. */
export const FENCE_KEY_BYTES = 4;
/** What remains of a fence: just over a quarter of a page, so that lmdb never merges the page that begins with it. */
const FENCE = Buffer.alloc(1100);
/** Two entries of this size fill a page of 4096 bytes to the last byte, after its header (24), a pointer (2) and a node's head (8) each. */
const HALF_PAGE = Buffer.alloc((4096 - 24) / 2 - 2 - 8 - FENCE_KEY_BYTES);

/**
 * Makes a page begin with this keyspace. lmdb splits a page in two halves, and what is appended to the end of a keyspace
 * would leave each first half behind half empty, if the page went on with the next keyspace. At the end of a page it
 * begins a new one instead. Two entries that fill a page push whatever was before them off it.
 */
export function raiseFence(db: RootDatabase<Buffer, Buffer>, key: Buffer): void {
  const second = Buffer.concat([key, Buffer.alloc(1)]);
  void db.put(key, HALF_PAGE);
  void db.put(second, HALF_PAGE.subarray(1));
  void db.put(key, FENCE);
  void db.remove(second);
}
