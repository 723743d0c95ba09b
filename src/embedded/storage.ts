import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Transaction as ReadTransaction } from 'lmdb';
import {
  type DataFile,
  ENCODINGS,
  FORMAT,
  FORMAT_KEY,
  firstPages,
  formatOf,
  MAX_SNAPSHOTS,
  openAsOf,
  openFile,
  refuseOtherFormat,
  statsOf,
} from './data-file.js';
import { CommandError, noSuchTransaction } from './errors.js';
import { FENCE_KEY_BYTES, raiseFence } from './fence.js';
import { type FolderLock, lockFolder } from './folder-lock.js';
import {
  type Base,
  type Change,
  closeJournals,
  flushSync,
  flushTo,
  Journal,
  type JournalFiles,
  openJournals,
} from './journal.js';
import type { Entry, Keyspace, Range } from './ranges.js';
import { type Journaled, readJournals } from './read-journals.js';
import { residentFileBytes } from './resident.js';

/** Documents of fewer bytes gain nothing, and much longer ones would hold up the thread. */
const COMPRESSED = { from: 96, to: 256 * 1024 };
/**
 * Where lmdb marks a compressed value, with a byte above 250; what comes before is left as it is. In a document it is the
 * high byte of its length, which is 0 or 1, so that a document that was stored as it is is read as it is.
 */
const MARK_OFFSET = 3;

/**
 * Pages of the file that stay mapped, in bytes; what is mapped counts as memory of the process. Beyond it the map is let go
 * and made anew: pages come back as they are read, mostly from the system's cache.
 */
const MAPPED_AT_MOST = 32 * 2 ** 20;
const LOOK_AT_FILE_MS = 100;
/** What a journal holds for so long goes into the file. */
const CHECKPOINT_AFTER_MS = 1_000;

export interface Snapshot extends Keyspace {
  release(): void;
}

/** Inside `Storage.write`: reads see what was written before. */
export interface WriteAccess extends Keyspace {
  put(key: Buffer, value: Buffer): void;
  remove(key: Buffer): void;
}

export interface StorageOptions {
  /** Told when the disk failed in a way that nothing can be written until the folder is opened again. */
  readonly onFailure?: (error: unknown) => void;
  /** Whether only one wants anything, so that nobody else waits while this thread waits for the disk; without it, never. */
  readonly isAlone?: () => boolean;
}

const FORMAT_BYTES = Buffer.alloc(4);
FORMAT_BYTES.writeUInt32BE(FORMAT);

/**
 * The file: ordered keys, atomic commits, snapshots. Everything lies in lmdb's main database, so that one commit is one
 * tree. lmdb commits at once and flushes nothing; then the commit is written to the journal, and reported when that is on the
 * disk. From time to time (a checkpoint) the file is flushed and the journal begun anew. Until the next one a
 * reader of its own holds the state that was flushed, so that lmdb overwrites none of its pages: whatever else the disk has got
 * when the power goes, opening the folder goes back to that state and does again what the journal says.
 */
export class Storage implements Keyspace {
  #db: DataFile;
  readonly #dataDir: string;
  readonly #lock: FolderLock;
  readonly #onFailure: (error: unknown) => void;
  readonly #isAlone: () => boolean;
  readonly #access: WriteAccess;
  readonly #dictionaries = new Map<number, Buffer>();
  /** The same tree, read and written with the dictionary of a keyspace. */
  readonly #compressing = new Map<number, DataFile>();
  readonly #written = new Map<number, number>();
  readonly #data: number;
  readonly #journals: JournalFiles;
  #journal!: Journal;
  /** Holds the journal's base. */
  #pin: ReadTransaction | undefined;
  #changes: Change[] = [];
  #snapshots = 0;
  #checkpointing: Promise<void> | undefined;
  /** The map is being let go: nobody writes meanwhile. */
  #letting: Promise<boolean> | undefined;
  #checkpointAt = 0;
  #failed: unknown;
  #closed = false;
  #mappedElsewhere = residentFileBytes() ?? 0;
  #timer: NodeJS.Timeout | undefined;

  private constructor(db: DataFile, dataDir: string, lock: FolderLock, { onFailure, isAlone }: StorageOptions) {
    this.#db = db;
    this.#onFailure = onFailure ?? (() => undefined);
    this.#isAlone = isAlone ?? (() => false);
    this.#dataDir = dataDir;
    this.#lock = lock;
    this.#data = openSync(join(dataDir, 'data.mdb'), 'r');
    this.#journals = openJournals(dataDir);
    this.#access = {
      get: (key) => this.get(key),
      chunk: (range, limit, last) => this.chunk(range, limit, last),
      put: (key, value) => {
        this.#changes.push([key, value]);
        if (key.length === FENCE_KEY_BYTES) raiseFence(this.#db, key);
        else if (value.length < COMPRESSED.from || value.length > COMPRESSED.to) void this.#db.put(key, value);
        else {
          const keyspace = key.readUInt32BE();
          this.#written.set(keyspace, (this.#written.get(keyspace) ?? 0) + 1);
          void (this.#compressing.get(keyspace) ?? this.#db).put(key, value);
        }
      },
      remove: (key) => {
        this.#changes.push([key]);
        void this.#db.remove(key);
      },
    };
  }

  /** How many values that a dictionary might shorten were written since the folder was opened, by keyspace. */
  get written(): Map<number, number> {
    return this.#written;
  }

  #treeOf(key: Buffer): DataFile {
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
    this.#compressing.set(keyspace, this.#db.openDB<Buffer, Buffer>(options) as DataFile);
  }

  async #lookAtFile(): Promise<void> {
    if (this.#failed !== undefined) return;
    try {
      const isOld = !this.#journal.isEmpty && performance.now() - this.#checkpointAt > CHECKPOINT_AFTER_MS;
      if (isOld || this.#journal.wantsCheckpoint) await this.#checkpoint();
      const pages = residentFileBytes();
      if (pages !== undefined && pages - this.#mappedElsewhere > MAPPED_AT_MOST) await this.letGo();
    } catch {} // who writes next is told
  }

  /** Flushes the file and begins the journal anew. @throws Error of the file system; then nothing is written any more */
  #checkpoint(): Promise<void> {
    this.#checkpointing ??= this.#makeCheckpoint()
      .finally(() => {
        this.#checkpointing = undefined;
      })
      .then(() => {
        if (this.#journal.wantsCheckpoint) this.#checkpoint().catch(() => undefined);
      });
    return this.#checkpointing;
  }

  async #makeCheckpoint(): Promise<void> {
    if (this.#failed !== undefined) throw this.#failed;
    const [last, pin] = [this.#journal, this.#pin];
    this.#journal = last.next(this.#takeBase());
    this.#checkpointAt = performance.now();
    try {
      await flushTo(this.#data);
      await this.#journal.seal();
    } catch (error) {
      this.#fail(error); // a flush that succeeds after one that failed says nothing (fsync(2))
      await Promise.all([last.end(error), this.#journal.end(error)]);
      throw error;
    }
    pin?.done();
    await last.end();
  }

  #fail(error: unknown): void {
    if (this.#failed !== undefined) return;
    this.#failed = error;
    this.#onFailure(error);
  }

  /** What is committed now: the base of a journal. A reader holds its pages from now on. */
  #takeBase(): Base {
    const { pageSize, lastTxnId } = statsOf(this.#db);
    const pages = firstPages(this.#data, pageSize);
    this.#db.resetReadTxn();
    this.#pin = this.#db.useReadTransaction();
    return { commit: lastTxnId, pages };
  }

  /**
   * Unmaps the file and maps it anew, when nobody reads in a snapshot; otherwise does nothing. Writers wait for the checkpoint it takes.
   * Nobody sees the moment between: it begins when nobody has anything left to do in this turn, closing waits for promises that
   * are settled, and no event comes before those have run.
   */
  async letGo(): Promise<boolean> {
    if (this.#isInUse || this.#letting) return false;
    this.#letting = this.#unmap().finally(() => {
      this.#letting = undefined;
    });
    return await this.#letting;
  }

  async #unmap(): Promise<boolean> {
    if (!this.#journal.isEmpty) await this.#checkpoint();
    await turn();
    if (this.#isInUse || !this.#journal.isEmpty) return false;
    this.#pin?.done();
    await this.#db.close();
    this.#mappedElsewhere = residentFileBytes() ?? 0;
    this.#db = openFile(this.#dataDir);
    this.#pin = this.#db.useReadTransaction();
    for (const [keyspace, dictionary] of this.#dictionaries) this.useDictionary(keyspace, dictionary);
    return true;
  }

  get #isInUse(): boolean {
    return this.#snapshots > 0 || this.#checkpointing !== undefined || this.#closed;
  }

  /** @throws StoreLocked when another process has the folder · Error when it is of another format */
  static async open(dataDir: string, options: StorageOptions = {}): Promise<Storage> {
    const made = mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (made !== undefined) flushSync(dirname(made));
    const lock = lockFolder(dataDir);
    try {
      const journaled = readJournals(dataDir);
      const db = await openAsOf(dataDir, journaled);
      let storage: Storage | undefined;
      try {
        storage = new Storage(db, dataDir, lock, options);
        for (const name of ['data.mdb', 'lock.mdb']) chmodSync(join(dataDir, name), 0o600);
        refuseOtherFormat(dataDir, storage.#db);
        await storage.#recover(journaled);
      } catch (error) {
        await (storage ? storage.#leave() : db.close());
        throw error;
      }
      return storage;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** Does again what the journals say, and begins one. */
  async #recover(journaled: Journaled | undefined): Promise<void> {
    const pin = this.#db.useReadTransaction();
    this.#db.transactionSync(() => {
      for (const [key, value] of journaled?.commits.flat() ?? [])
        if (value) this.#access.put(key, value);
        else this.#access.remove(key);
      if (formatOf(this.#db) !== FORMAT) void this.#db.put(FORMAT_KEY, FORMAT_BYTES);
    });
    const enough = () => void this.#checkpoint().catch(() => undefined); // who waits for it is told
    const journal = Journal.first(this.#journals, journaled?.next ?? 1, this.#takeBase(), enough);
    await flushTo(this.#data);
    await journal.seal();
    pin.done();
    this.#journal = journal;
    this.#checkpointAt = performance.now();
    this.#timer = setInterval(() => void this.#lookAtFile(), LOOK_AT_FILE_MS).unref();
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
    if (this.#snapshots >= MAX_SNAPSHOTS) throw new CommandError(1, 'too many transactions at once');
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
    while (this.#letting) await this.#letting.catch(() => undefined);
    if (this.#failed !== undefined) throw this.#failed;
    if (this.#closed) throw new Error('the store is closed');
    this.#changes = [];
    let isDone = false;
    let result: T;
    try {
      result = this.#db.transactionSync(() => {
        const given = work(this.#access);
        isDone = true;
        return given;
      });
    } catch (error) {
      if (isDone) this.#fail(error); // lmdb may be in a state that it cannot go on from
      throw error;
    }
    if (this.#changes.length > 0) await this.#journal.append(this.#changes, this.#isAlone());
    return result;
  }

  /** Makes the next read see every commit reported so far. */
  refresh(): void {
    this.#db.resetReadTxn();
  }

  announce(uri: string): void {
    this.#lock.announce(uri);
  }

  stats(): { bytes: number } {
    const { lastPageNumber, pageSize } = statsOf(this.#db);
    return { bytes: (lastPageNumber + 1) * pageSize };
  }

  /** A consistent copy of the last commit, without free pages; the store goes on meanwhile. */
  async copyTo(folder: string): Promise<void> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#snapshots++;
    try {
      await this.#db.backup(folder, true);
    } finally {
      this.#snapshots--;
    }
  }

  /** @param last  done while the file is closed and the folder still this process's own */
  async close(last?: () => Promise<void>): Promise<void> {
    this.#closed = true;
    try {
      try {
        await this.#checkpointing?.catch(() => undefined);
        if (this.#failed === undefined) {
          if (!this.#journal.isEmpty) await this.#checkpoint();
        }
      } finally {
        await this.#leave();
      }
      if (last && this.#failed !== undefined) throw this.#failed;
      await last?.();
    } finally {
      this.#lock.release();
    }
  }

  async #leave(): Promise<void> {
    clearInterval(this.#timer);
    this.#pin?.done();
    await this.#db.close();
    closeSync(this.#data);
    closeJournals(this.#journals);
  }
}

type Readable = Pick<DataFile, 'getRange'>;

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

function getFrom(db: DataFile, key: Buffer, transaction: ReadTransaction): Buffer | undefined {
  const binary = db as unknown as { getBinary(key: Buffer, options: object): Buffer | undefined };
  return binary.getBinary(key, { transaction });
}

/** What a full disk or a full map is called on the wire. */
export function storageFailure(error: unknown): CommandError {
  return new CommandError(1, `storage: ${error instanceof Error ? error.message : String(error)}`);
}
