import type { Storage } from '../../src/embedded/storage.js';

const KEYSPACES = 12;

/** What commit `n` writes: one key in each keyspace, of few, so that pages are given up and would be used again. */
const keyOf = (keyspace: number, n: number): Buffer => Buffer.from([0, 0, 1, keyspace, (n * 37) % 251, n % 7]);
const bytesOf = (n: number): Buffer => Buffer.alloc(60 + (n % 5) * 40, n);

export const commit = (storage: Storage, n: number): Promise<void> =>
  storage.write((access) => {
    for (let keyspace = 0; keyspace < KEYSPACES; keyspace++)
      if ((n + keyspace) % 4 === 0) access.remove(keyOf(keyspace, n - 3));
      else access.put(keyOf(keyspace, n), bytesOf(n));
  });

/** The contents after the first `n` commits. */
export function contentsAfter(n: number): Map<string, string> {
  const contents = new Map<string, string>();
  for (let i = 0; i < n; i++)
    for (let keyspace = 0; keyspace < KEYSPACES; keyspace++)
      if ((i + keyspace) % 4 === 0) contents.delete(keyOf(keyspace, i - 3).toString('hex'));
      else contents.set(keyOf(keyspace, i).toString('hex'), bytesOf(i).toString('hex'));
  return contents;
}
