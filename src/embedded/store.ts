import { Catalogue, FIRST_KEYSPACE, fenceKey, multikeyMark, wholeKeyspace } from './catalogue.js';
import { putCollection } from './collections.js';
import { Dictionaries, dictionaryKey } from './dictionaries.js';
import { CommandError, noSuchTransaction, writeConflict } from './errors.js';
import { after } from './keys.js';
import { Overlay } from './overlay.js';
import type { Range } from './ranges.js';
import { Storage, type StorageOptions, storageFailure, type WriteAccess } from './storage.js';
import { Transaction } from './transaction.js';
import type { View, WritableView } from './view.js';

interface Work {
  run(view: Overlay): unknown;
  /** When it gives up waiting for a transaction, in ms since the epoch. */
  readonly deadline: number;
  /** A commit brings writes that were claimed long ago; it does not wait for anybody. */
  readonly claimed: boolean;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** A single write met a key that an open transaction has written: it runs again when that one has ended. */
class Busy {
  readonly owner: Transaction;
  constructor(owner: Transaction) {
    this.owner = owner;
  }
}

/**
 * Who may write what, and when it is on the disk.
 *
 * Single writes queue; a drain runs all that wait in one storage commit (group commit: they share its fsync), each in an
 * overlay of its own, so that one that fails leaves nothing. While a commit is on its way the next ones gather.
 * Transactions collect writes in an overlay on a snapshot and hold a claim on each key; a second transaction that wants
 * the key fails at once, a single write waits. Readers only read commits and wait for nobody.
 */
export class Store {
  readonly #storage: Storage;
  readonly #dictionaries: Dictionaries;
  #catalogue: Catalogue;
  readonly #claims = new Map<string, Transaction>();
  /** Keys in the commit on its way: no snapshot has them yet, so a transaction that wants one conflicts. */
  readonly #inFlight = new Set<string>();
  /** How many commits were reported; a transaction begun since the last of them sees everything. */
  #commits = 0;
  #waiting: Work[] = [];
  #draining: Promise<void> | undefined;
  #closing = false;

  /** The last committed state; stays current. */
  readonly reader: View;

  private constructor(storage: Storage) {
    this.#storage = storage;
    this.#dictionaries = new Dictionaries(storage);
    this.#catalogue = Catalogue.load(storage);
    const catalogue = () => this.#catalogue;
    this.reader = {
      get catalogue() {
        return catalogue();
      },
      get: (key) => storage.get(key),
      chunk: (range, limit, last) => storage.chunk(range, limit, last),
    };
  }

  /** @see Storage.open */
  static async open(dataDir: string, options?: StorageOptions): Promise<Store> {
    const store = new Store(await Storage.open(dataDir, options));
    await store.#dropLeftovers();
    return store;
  }

  count(range: Range): number {
    return this.#storage.count(range);
  }

  /** @see FolderLock.announce */
  announce(uri: string): void {
    this.#storage.announce(uri);
  }

  stats(): { bytes: number } {
    return this.#storage.stats();
  }

  /**
   * Runs a write and commits it with whatever else waits. `run` may be called more than once, and what it wrote the
   * other times is gone.
   *
   * @returns what `run` returned, once the commit is on the disk
   * @throws CommandError MaxTimeMSExpired when a transaction holds what it needs for longer than `maxTimeMs`
   */
  write<T>(run: (view: WritableView) => T, maxTimeMs = Infinity): Promise<T> {
    return this.#enqueue(run, false, Date.now() + maxTimeMs);
  }

  #enqueue<T>(run: (view: Overlay) => T, claimed: boolean, deadline = Infinity): Promise<T> {
    if (this.#closing) return Promise.reject(shuttingDown());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ run, claimed, deadline, resolve: resolve as (value: unknown) => void, reject });
      this.#draining ??= this.#drain();
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const settled: (() => void)[] = [];
      const taken: Work[] = [];
      try {
        this.#catalogue = await this.#storage.write((access) => {
          const works = this.#waiting;
          this.#waiting = [];
          taken.push(...works);
          return this.#runAll(works, access, settled);
        });
        this.#storage.refresh();
        this.#commits++;
        this.#inFlight.clear();
        for (const settle of settled) settle();
        await this.#dictionaries.learn(this.#catalogue);
      } catch (error) {
        this.#commits++;
        this.#inFlight.clear();
        for (const work of taken) work.reject(storageFailure(error));
      }
    }
    this.#draining = undefined;
  }

  #runAll(works: readonly Work[], access: WriteAccess, settled: (() => void)[]): Catalogue {
    const base: View & { catalogue: Catalogue } = {
      catalogue: this.#catalogue,
      get: (key) => access.get(key),
      chunk: (range, limit, last) => access.chunk(range, limit, last),
    };
    for (const work of works) {
      const claimed: string[] = [];
      const overlay = new Overlay(base, (_key, name) => {
        const owner = work.claimed ? undefined : this.#claims.get(name);
        if (owner) throw new Busy(owner);
        claimed.push(name);
      });
      try {
        const value = work.run(overlay);
        overlay.flush(access);
        base.catalogue = overlay.catalogue;
        for (const name of claimed) this.#inFlight.add(name);
        settled.push(() => work.resolve(value));
      } catch (error) {
        if (error instanceof Busy) settled.push(() => this.#waitFor(error.owner, work));
        else settled.push(() => work.reject(error));
      }
    }
    return base.catalogue;
  }

  #waitFor(owner: Transaction, work: Work): void {
    const patience = work.deadline - Date.now();
    let over = false;
    const expired = () => {
      over = true;
      work.reject(new CommandError(50, 'operation exceeded time limit'));
    };
    const timer = patience === Infinity ? undefined : setTimeout(expired, Math.max(0, patience));
    void owner.ended.then(() => {
      clearTimeout(timer);
      if (over) return;
      if (this.#closing) {
        work.reject(shuttingDown());
        return;
      }
      this.#waiting.push(work);
      this.#draining ??= this.#drain();
    });
  }

  begin(): Transaction {
    const begun = this.#commits;
    const transaction: Transaction = new Transaction(this.#storage.snapshot(), this.#catalogue, (key, name) => {
      const owner = this.#claims.get(name);
      if (owner === transaction) return;
      if (owner || this.#inFlight.has(name)) throw writeConflict();
      if (begun !== this.#commits && !transaction.isCurrent(key, this.#storage.get(key))) throw writeConflict();
      this.#claims.set(name, transaction);
      transaction.claims.push(name);
    });
    return transaction;
  }

  /**
   * Commits a transaction; `record` may add a write to the same commit.
   *
   * @throws CommandError WriteConflict when a collection it wrote to was changed (an index, a drop) meanwhile
   */
  async commit(transaction: Transaction, record: (view: WritableView) => void): Promise<void> {
    if (transaction.closed) throw noSuchTransaction('');
    transaction.closed = true;
    try {
      await this.#enqueue((view) => {
        transaction.applyTo(view);
        record(view);
      }, true);
    } finally {
      this.#end(transaction);
    }
  }

  abort(transaction: Transaction): void {
    if (transaction.closed) return;
    transaction.closed = true;
    this.#end(transaction);
  }

  #end(transaction: Transaction): void {
    for (const name of transaction.claims) this.#claims.delete(name);
    transaction.end();
  }

  /** Deletes a keyspace that no catalogue names any more, in commits of bounded size. */
  async dropKeyspace(id: number): Promise<void> {
    const range = { ...wholeKeyspace(id), low: fenceKey(id) };
    for (;;) {
      const keys = this.#storage.chunk(range, 2000).map(([key]) => key);
      if (keys.length === 0) break;
      await this.write((view) => {
        for (const key of keys) view.remove(key);
      });
    }
    const mark = multikeyMark(id);
    if (this.#storage.get(mark)) await this.write((view) => view.remove(mark));
    const dictionary = dictionaryKey(id);
    if (this.#storage.get(dictionary)) await this.write((view) => view.remove(dictionary));
    this.#dictionaries.forget(id);
  }

  /** A crash leaves indexes that were being built, and keyspaces without an owner that were being dropped. */
  async #dropLeftovers(): Promise<void> {
    const unfinished = [...this.#catalogue.collections.values()].filter(({ indexes }) =>
      indexes.some((one) => one.building),
    );
    if (unfinished.length > 0)
      await this.write((view) => {
        for (const one of unfinished)
          putCollection(view, one.ns, { ...one, indexes: one.indexes.filter(({ building }) => !building) });
      });
    const owned = this.#catalogue.keyspaces();
    for (const id of [...this.keyspaces()]) if (!owned.has(id)) await this.dropKeyspace(id);
  }

  /** Every keyspace of collections and indexes that has something in it. */
  *keyspaces(): Generator<number> {
    const high = Buffer.alloc(4, 0xff);
    for (let low = fenceKey(FIRST_KEYSPACE); ; ) {
      const [first] = this.#storage.chunk({ low, high }, 1);
      if (!first) return;
      const id = first[0].readUInt32BE();
      yield id;
      low = after(fenceKey(id));
    }
  }

  /** Writes what is in the folder, without the free space, as a folder of its own. */
  async copyTo(folder: string): Promise<void> {
    await this.#storage.copyTo(folder);
  }

  /** Finishes the commits on their way; takes no more. */
  async close(): Promise<void> {
    this.#closing = true;
    while (this.#draining) await this.#draining;
    await this.#storage.close();
  }
}

const shuttingDown = () => new CommandError(91, 'The server is in quiesce mode and will shut down');
