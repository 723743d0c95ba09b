import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Transaction as ReadTransaction, type RootDatabase } from 'lmdb';
import { CommandError, noSuchTransaction } from './errors.js';
import { FENCE_KEY_BYTES, raiseFence } from './fence.js';
import { type FolderLock, lockFolder } from './folder-lock.js';
import type { Entry, Keyspace, Range } from './ranges.js';
import { residentFileBytes } from './resident.js';

/** Version of what is written into a folder; a store refuses every other. */
export const FORMAT = 3;
const FORMAT_KEY = Buffer.from([0, 0, 0, 0, 0]);

/** Open transactions at once, each of which reads in a snapshot of its own. */
const MAX_SNAPSHOTS = 4096;

/** Documents of fewer bytes gain nothing, and much longer ones would hold up the thread. */
const COMPRESSED = { from: 96, to: 256 * 1024 };
/**
 * Where lmdb marks a compressed value, with a byte above 250; what comes before is left as it is. In a document it is the
 * high byte of its length, which is 0 or 1, so that a document that was stored as it is is read as it is.
 */
const MARK_OFFSET = 3;

/** Address space set aside for the map, in bytes; the file only grows to what is in it. */
const MAP_BYTES = 256 * 2 ** 30;

/**
 * Pages of the file that stay mapped, in bytes; what is mapped counts as memory of the process. Beyond it the map is let go
 * and made anew: pages come back as they are read, mostly from the system's cache.
 */
const MAPPED_AT_MOST = 32 * 2 ** 20;
const LOOK_AT_MAP_MS = 100;

const ENCODINGS = { encoding: 'binary', keyEncoding: 'binary' } as const;

export interface Snapshot extends Keyspace {
  release(): void;
}

/** Inside `Storage.write`: reads see what was written before. */
export interface WriteAccess extends Keyspace {
  put(key: Buffer, value: Buffer): void;
  remove(key: Buffer): void;
}

/**
 * The file: ordered keys, atomic commits, snapshots. Everything lies in lmdb's main database, so that one commit is one
 * tree. lmdb commits in its own thread, with two fdatasync (pages, then the page that names them), and a commit is not
 * reported before both are done; there is no state in between that a crash could show.
 */
export class Storage implements Keyspace {
  #db: RootDatabase<Buffer, Buffer>;
  readonly #dataDir: string;
  readonly #lock: FolderLock;
  readonly #access: WriteAccess;
  readonly #dictionaries = new Map<number, Buffer>();
  /** The same tree, read and written with the dictionary of a keyspace. */
  readonly #compressing = new Map<number, RootDatabase<Buffer, Buffer>>();
  readonly #written = new Map<number, number>();
  #snapshots = 0;
  #writing = 0;
  #closed = false;
  #mappedElsewhere = residentFileBytes() ?? 0;
  readonly #timer: NodeJS.Timeout;

  private constructor(db: RootDatabase<Buffer, Buffer>, dataDir: string, lock: FolderLock) {
    this.#db = db;
    this.#dataDir = dataDir;
    this.#lock = lock;
    this.#timer = setInterval(() => void this.#boundMap(), LOOK_AT_MAP_MS).unref();
    this.#access = {
      get: (key) => this.get(key),
      chunk: (range, limit, last) => this.chunk(range, limit, last),
      put: (key, value) => {
        if (key.length === FENCE_KEY_BYTES) raiseFence(this.#db, key);
        else if (value.length < COMPRESSED.from || value.length > COMPRESSED.to) void this.#db.put(key, value);
        else {
          const keyspace = key.readUInt32BE();
          this.#written.set(keyspace, (this.#written.get(keyspace) ?? 0) + 1);
          void (this.#compressing.get(keyspace) ?? this.#db).put(key, value);
        }
      },
      remove: (key) => void this.#db.remove(key),
    };
  }

  /** How many values that a dictionary might shorten were written since the folder was opened, by keyspace. */
  get written(): Map<number, number> {
    return this.#written;
  }

  #treeOf(key: Buffer): RootDatabase<Buffer, Buffer> {
    return this.#compressing.get(key.readUInt32BE()) ?? this.#db;
  }

  /**
   * From now on documents of a keyspace are compressed with this dictionary. It must be on the disk already; it may
   * replace one that it ends with. Nothing but documents may lie in the keyspace.
   */
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
    this.#compressing.set(keyspace, this.#db.openDB<Buffer, Buffer>(options) as RootDatabase<Buffer, Buffer>);
  }

  async #boundMap(): Promise<void> {
    const pages = residentFileBytes();
    if (pages === undefined) return;
    if (pages - this.#mappedElsewhere > MAPPED_AT_MOST) await this.letGo();
  }

  /**
   * Unmaps the file and maps it anew, when nothing reads or writes; otherwise does nothing. Nobody sees the moment between:
   * closing waits for promises that are settled, and no event comes before those have run.
   */
  async letGo(): Promise<boolean> {
    if (this.#snapshots > 0 || this.#writing > 0 || this.#closed) return false;
    await this.#db.close();
    this.#mappedElsewhere = residentFileBytes() ?? 0;
    this.#db = openFile(this.#dataDir);
    for (const [keyspace, dictionary] of this.#dictionaries) this.useDictionary(keyspace, dictionary);
    return true;
  }

  /** @throws StoreLocked when another process has the folder · Error when it is of another format */
  static async open(dataDir: string): Promise<Storage> {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const lock = lockFolder(dataDir);
    try {
      const db = openFile(dataDir);
      for (const name of ['data.mdb', 'lock.mdb']) chmodSync(join(dataDir, name), 0o600);
      const storage = new Storage(db, dataDir, lock);
      await storage.#checkFormat(dataDir);
      return storage;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async #checkFormat(dataDir: string): Promise<void> {
    const found = this.get(FORMAT_KEY);
    if (found === undefined) {
      const format = Buffer.alloc(4);
      format.writeUInt32BE(FORMAT);
      await this.write((access) => access.put(FORMAT_KEY, format));
    } else {
      try {
        refuseOtherFormat(dataDir, this.#db);
      } catch (error) {
        await this.close();
        throw error;
      }
    }
  }

  get(key: Buffer): Buffer | undefined {
    return this.#treeOf(key).getBinary(key);
  }

  chunk(range: Range, limit: number, last?: Buffer): Entry[] {
    return chunkOf(this.#treeOf(range.low), range, limit, last);
  }

  /** Number of keys in a range, counted in the file without reading values. */
  count(range: Range): number {
    return this.#db.getKeysCount({ start: range.low, end: range.high });
  }

  /** Fixes the committed state of now for as long as `release` is not called. */
  snapshot(): Snapshot {
    this.#db.resetReadTxn();
    const transaction: ReadTransaction = this.#db.useReadTransaction();
    this.#snapshots++;
    let released = false;
    const current = () => {
      if (released) throw noSuchTransaction(''); // a read that paused while its transaction ended
      return transaction;
    };
    return {
      get: (key) => getFrom(this.#treeOf(key), key, current()),
      chunk: (range, limit, last) => chunkOf(this.#treeOf(range.low), range, limit, last, current()),
      release: () => {
        released = true;
        transaction.done();
        this.#snapshots--;
      },
    };
  }

  /**
   * Runs `work` with the right to write and commits what it wrote, all or nothing.
   *
   * @returns what `work` returned, once the commit is on the disk
   */
  async write<T>(work: (access: WriteAccess) => T): Promise<T> {
    this.#writing++;
    try {
      return await this.#db.childTransaction(() => work(this.#access));
    } finally {
      this.#writing--;
    }
  }

  /** Makes the next read see every commit reported so far. */
  refresh(): void {
    this.#db.resetReadTxn();
  }

  announce(uri: string): void {
    this.#lock.announce(uri);
  }

  stats(): { bytes: number } {
    const stats = this.#db.getStats() as { mapSize?: number; lastPageNumber?: number; pageSize?: number };
    return { bytes: ((stats.lastPageNumber ?? 0) + 1) * (stats.pageSize ?? 4096) };
  }

  /** A consistent copy of the last commit, without free pages; the store goes on meanwhile. */
  async copyTo(folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#writing++;
    try {
      await this.#db.backup(folder, true);
    } finally {
      this.#writing--;
    }
  }

  /** @param last  done while the file is closed and the folder still this process's own */
  async close(last?: () => Promise<void>): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#db.close();
    try {
      await last?.();
    } finally {
      this.#lock.release();
    }
  }
}

export function openFile(dataDir: string, options: { readOnly?: boolean } = {}): RootDatabase<Buffer, Buffer> {
  return open<Buffer, Buffer>({
    ...options,
    path: dataDir,
    ...ENCODINGS,
    overlappingSync: false,
    mapSize: MAP_BYTES,
    maxDbs: 1,
    maxReaders: MAX_SNAPSHOTS,
  } as Parameters<typeof open>[0] & object) as RootDatabase<Buffer, Buffer>;
}

export function refuseOtherFormat(dataDir: string, db: RootDatabase<Buffer, Buffer>): void {
  const found = db.getBinary(FORMAT_KEY)?.readUInt32BE();
  if (found !== FORMAT)
    throw new Error(
      `${dataDir} was written in format ${found}, this store reads format ${FORMAT}; start with another folder, or open this one with the version that wrote it`,
    );
}

type Readable = Pick<RootDatabase<Buffer, Buffer>, 'getRange'>;

function chunkOf(db: Readable, range: Range, limit: number, last?: Buffer, transaction?: ReadTransaction): Entry[] {
  const { low, high, reverse } = range;
  const options = reverse
    ? { start: last ?? high, end: low, reverse: true, exclusiveStart: true, inclusiveEnd: true, limit }
    : { start: last ?? low, end: high, exclusiveStart: last !== undefined, limit };
  const entries: Entry[] = [];
  for (const { key, value } of db.getRange(transaction ? { ...options, transaction } : options))
    entries.push([key, value]);
  return entries;
}

function getFrom(db: RootDatabase<Buffer, Buffer>, key: Buffer, transaction: ReadTransaction): Buffer | undefined {
  const binary = db as unknown as { getBinary(key: Buffer, options: object): Buffer | undefined };
  return binary.getBinary(key, { transaction });
}

/** What a full disk or a full map is called on the wire. */
export function storageFailure(error: unknown): CommandError {
  return new CommandError(1, `storage: ${error instanceof Error ? error.message : String(error)}`);
}
