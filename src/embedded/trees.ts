import { type DataFile, ENCODINGS } from './data-file.js';
import { FENCE_KEY_BYTES, raiseFence } from './fence.js';

/** Documents of fewer bytes gain nothing, and much longer ones would hold up the thread. */
const COMPRESSED = { from: 96, to: 256 * 1024 };
/**
 * Where lmdb marks a compressed value, with a byte above 250; what comes before is left as it is. In a document it is the
 * high byte of its length, which is 0 or 1, so that a document that was stored as it is is read as it is.
 */
const MARK_OFFSET = 3;

/** The one tree of the file, read and written with the dictionary of each keyspace that has one. */
export class Trees {
  #db: DataFile;
  readonly #dictionaries = new Map<number, Buffer>();
  readonly #compressing = new Map<number, DataFile>();
  /** How many values that a dictionary might shorten were written since the folder was opened, by keyspace. */
  readonly written = new Map<number, number>();

  constructor(db: DataFile) {
    this.#db = db;
  }

  /** For reading what is under this key, and its neighbours of the same keyspace. */
  of(key: Buffer): DataFile {
    return this.#compressing.get(key.readUInt32BE()) ?? this.#db;
  }

  /** In a transaction that writes. */
  put(key: Buffer, value: Buffer): void {
    if (key.length === FENCE_KEY_BYTES) raiseFence(this.#db, key);
    else if (value.length < COMPRESSED.from || value.length > COMPRESSED.to) void this.#db.put(key, value);
    else {
      const keyspace = key.readUInt32BE();
      this.written.set(keyspace, (this.written.get(keyspace) ?? 0) + 1);
      void this.of(key).put(key, value);
    }
  }

  /** @see Storage.useDictionary */
  useDictionary(keyspace: number, dictionary: Buffer | undefined): void {
    if (dictionary === undefined) {
      this.#compressing.delete(keyspace);
      this.#dictionaries.delete(keyspace);
      return;
    }
    this.#dictionaries.set(keyspace, dictionary);
    this.#db.resetReadTxn(); // opening ends the transaction that reads meanwhile, which a snapshot may be using
    const compression = { dictionary, threshold: COMPRESSED.from, startingOffset: MARK_OFFSET };
    const options = { ...ENCODINGS, compression, name: null as unknown as string };
    this.#compressing.set(keyspace, this.#db.openDB<Buffer, Buffer>(options) as DataFile);
  }

  /** The file was closed and opened again. */
  reopen(db: DataFile): void {
    this.#db = db;
    for (const [keyspace, dictionary] of this.#dictionaries) this.useDictionary(keyspace, dictionary);
  }
}
