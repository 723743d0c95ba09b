import { chmodSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Transaction as ReadTransaction } from 'lmdb';
import { Checkpoints } from './checkpoints.js';
import {
  chunkOf,
  type DataFile,
  FORMAT,
  FORMAT_KEY,
  formatOf,
  getFrom,
  MAX_SNAPSHOTS,
  openAsOf,
  openFile,
  refuseOtherFormat,
  statsOf,
} from './data-file.js';
import { CommandError, noSuchTransaction } from './errors.js';
import { type FolderLock, lockFolder } from './folder-lock.js';
import { type Change, flushSync } from './journal.js';
import type { Entry, Keyspace, Range } from './ranges.js';
import { type Journaled, readJournals } from './read-journals.js';
import { residentFileBytes } from './resident.js';
import { Trees } from './trees.js';

/**
 * Pages of the file that stay mapped, in bytes; what is mapped counts as memory of the process. Beyond it the map is let go
 * and made anew: pages come back as they are read, mostly from the system's cache.
 */
const MAPPED_AT_MOST = 32 * 2 ** 20;
const LOOK_AT_FILE_MS = 100;

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
 * tree. lmdb commits at once; what makes that durable are checkpoints and a journal between them.
 */
export class Storage implements Keyspace {
  #db: DataFile;
  readonly #dataDir: string;
  readonly #lock: FolderLock;
  readonly #isAlone: () => boolean;
  readonly #access: WriteAccess;
  readonly #trees: Trees;
  readonly #checkpoints: Checkpoints;
  #changes: Change[] = [];
  #snapshots = 0;
  /** The map is being let go: nobody writes meanwhile. */
  #letting: Promise<boolean> | undefined;
  #closed = false;
  #mappedElsewhere = residentFileBytes() ?? 0;
  #timer: NodeJS.Timeout | undefined;

  private constructor(db: DataFile, dataDir: string, lock: FolderLock, { onFailure, isAlone }: StorageOptions) {
    this.#db = db;
    this.#isAlone = isAlone ?? (() => false);
    this.#dataDir = dataDir;
    this.#lock = lock;
    this.#checkpoints = new Checkpoints(dataDir, db, onFailure ?? (() => undefined));
    this.#trees = new Trees(db);
    this.#access = {
      get: (key) => this.get(key),
      chunk: (range, limit, last) => this.chunk(range, limit, last),
      put: (key, value) => {
        this.#changes.push([key, value]);
        this.#trees.put(key, value);
      },
      remove: (key) => {
        this.#changes.push([key]);
        void this.#db.remove(key);
      },
    };
  }

  /** How many values that a dictionary might shorten were written since the folder was opened, by keyspace. */
  get written(): Map<number, number> {
    return this.#trees.written;
  }

  /**
   * From now on documents of a keyspace are compressed with this dictionary. It must be on the disk already; it may
   * replace one that it ends with. Nothing but documents may lie in the keyspace.
   */
  useDictionary(keyspace: number, dictionary: Buffer | undefined): void {
    this.#trees.useDictionary(keyspace, dictionary);
  }

  async #lookAtFile(): Promise<void> {
    if (this.#checkpoints.failed !== undefined) return;
    try {
      await this.#checkpoints.makeWhenDue();
      const pages = residentFileBytes();
      if (pages !== undefined && pages - this.#mappedElsewhere > MAPPED_AT_MOST) await this.letGo();
    } catch {} // who writes next is told
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
    if (!this.#checkpoints.areUpToDate) await this.#checkpoints.make();
    await turn();
    if (this.#isInUse || !this.#checkpoints.areUpToDate) return false;
    this.#checkpoints.release();
    await this.#db.close();
    this.#mappedElsewhere = residentFileBytes() ?? 0;
    this.#db = openFile(this.#dataDir);
    this.#checkpoints.hold(this.#db);
    this.#trees.reopen(this.#db);
    return true;
  }

  get #isInUse(): boolean {
    return this.#snapshots > 0 || this.#checkpoints.areUnderWay || this.#closed;
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
    await this.#checkpoints.begin(journaled?.next ?? 1, () => this.#redo(journaled));
    this.#timer = setInterval(() => void this.#lookAtFile(), LOOK_AT_FILE_MS).unref();
  }

  #redo(journaled: Journaled | undefined): void {
    this.#db.transactionSync(() => {
      for (const [key, value] of journaled?.commits.flat() ?? [])
        if (value) this.#access.put(key, value);
        else this.#access.remove(key);
      if (formatOf(this.#db) !== FORMAT) void this.#db.put(FORMAT_KEY, FORMAT_BYTES);
    });
  }

  get(key: Buffer): Buffer | undefined {
    return this.#trees.of(key).getBinary(key);
  }

  chunk(range: Range, limit: number, last?: Buffer): Entry[] {
    return chunkOf(this.#trees.of(range.low), range, limit, last);
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
      get: (key) => getFrom(this.#trees.of(key), key, current()),
      chunk: (range, limit, last) => chunkOf(this.#trees.of(range.low), range, limit, last, current()),
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
    if (this.#checkpoints.failed !== undefined) throw this.#checkpoints.failed;
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
      if (isDone) this.#checkpoints.fail(error); // lmdb may be in a state that it cannot go on from
      throw error;
    }
    if (this.#changes.length > 0) await this.#checkpoints.append(this.#changes, this.#isAlone());
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
        await this.#checkpoints.finish();
      } finally {
        await this.#leave();
      }
      if (last && this.#checkpoints.failed !== undefined) throw this.#checkpoints.failed;
      await last?.();
    } finally {
      this.#lock.release();
    }
  }

  async #leave(): Promise<void> {
    clearInterval(this.#timer);
    this.#checkpoints.release();
    await this.#db.close();
    this.#checkpoints.close();
  }
}

/** What a full disk or a full map is called on the wire. */
export function storageFailure(error: unknown): CommandError {
  return new CommandError(1, `storage: ${error instanceof Error ? error.message : String(error)}`);
}
