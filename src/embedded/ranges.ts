export type Entry = readonly [key: Buffer, value: Buffer];

/** An inclusive-exclusive range of keys, read in either direction. */
export interface Range {
  readonly low: Buffer;
  readonly high: Buffer;
  readonly reverse?: boolean;
}

/** Anything that holds keys in order. */
export interface Keyspace {
  get(key: Buffer): Buffer | undefined;
  /** At most `limit` entries of a range, beginning after `last` when that is given (in the range's direction). */
  chunk(range: Range, limit: number, last?: Buffer): Entry[];
}

/** Reads a range piece by piece: between two pieces nothing is held, so a slow reader never keeps old pages alive. */
export function* scan(keys: Keyspace, range: Range): Generator<Entry> {
  let last: Buffer | undefined;
  for (let limit = 16; ; limit = Math.min(limit * 4, 256)) {
    const entries = keys.chunk(range, limit, last);
    yield* entries;
    if (entries.length < limit) return;
    last = entries.at(-1)![0];
  }
}
