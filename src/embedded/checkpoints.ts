import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Transaction as ReadTransaction } from 'lmdb';
import { type DataFile, firstPages, statsOf } from './data-file.js';
import { type Base, type Change, closeJournals, flushTo, Journal, type JournalFiles, openJournals } from './journal.js';

/** What a journal holds for so long goes into the file. */
const CHECKPOINT_AFTER_MS = 1_000;

/**
 * Makes durable what lmdb commits, which flushes nothing by itself: a commit is written to the journal, and reported when that is on
 * the disk. From time to time (a checkpoint) the file is flushed and the journal begun anew. Until the next one a reader of its own
 * holds the state that was flushed, so that lmdb overwrites none of its pages: whatever else the disk has got when the power goes,
 * opening the folder goes back to that state and does again what the journal says.
 */
export class Checkpoints {
  #db: DataFile;
  readonly #onFailure: (error: unknown) => void;
  readonly #data: number;
  readonly #journals: JournalFiles;
  #journal!: Journal;
  /** Holds the journal's base. */
  #pin: ReadTransaction | undefined;
  #underWay: Promise<void> | undefined;
  #last = 0;
  #failed: unknown;

  /** @param onFailure  told when the disk failed in a way that nothing can be written until the folder is opened again */
  constructor(dataDir: string, db: DataFile, onFailure: (error: unknown) => void) {
    this.#db = db;
    this.#onFailure = onFailure;
    this.#data = openSync(join(dataDir, 'data.mdb'), 'r');
    this.#journals = openJournals(dataDir);
  }

  /** Does again what the journals say, by `redo`, and begins the next one. */
  async begin(generation: number, redo: () => void): Promise<void> {
    const pin = this.#db.useReadTransaction();
    redo();
    const enough = () => void this.make().catch(() => undefined); // who waits for it is told
    const journal = Journal.first(this.#journals, generation, this.#takeBase(), enough);
    await flushTo(this.#data);
    await journal.seal();
    pin.done();
    this.#journal = journal;
    this.#last = performance.now();
  }

  /** Why nothing is written any more; undefined while all is well. */
  get failed(): unknown {
    return this.#failed;
  }

  get areUnderWay(): boolean {
    return this.#underWay !== undefined;
  }

  /** Whether the file has all that was committed. */
  get areUpToDate(): boolean {
    return this.#journal.isEmpty;
  }

  /** @see Journal.append */
  append(changes: readonly Change[], atOnce: boolean): Promise<void> {
    return this.#journal.append(changes, atOnce);
  }

  /** From now on nothing is written, until the folder is opened again. */
  fail(error: unknown): void {
    if (this.#failed !== undefined) return;
    this.#failed = error;
    this.#onFailure(error);
  }

  /** Makes one when it is time. */
  async makeWhenDue(): Promise<void> {
    const isOld = !this.areUpToDate && performance.now() - this.#last > CHECKPOINT_AFTER_MS;
    if (isOld || this.#journal.wantsCheckpoint) await this.make();
  }

  /** Flushes the file and begins the journal anew. @throws Error of the file system; then nothing is written any more */
  make(): Promise<void> {
    this.#underWay ??= this.#flush()
      .finally(() => {
        this.#underWay = undefined;
      })
      .then(() => {
        if (this.#journal.wantsCheckpoint) this.make().catch(() => undefined);
      });
    return this.#underWay;
  }

  async #flush(): Promise<void> {
    if (this.#failed !== undefined) throw this.#failed;
    const [last, pin] = [this.#journal, this.#pin];
    this.#journal = last.next(this.#takeBase());
    this.#last = performance.now();
    try {
      await flushTo(this.#data);
      await this.#journal.seal();
    } catch (error) {
      this.fail(error); // a flush that succeeds after one that failed says nothing (fsync(2))
      await Promise.all([last.end(error), this.#journal.end(error)]);
      throw error;
    }
    pin?.done();
    await last.end();
  }

  /** What is committed now: the base of a journal. A reader holds its pages from now on. */
  #takeBase(): Base {
    const { pageSize, lastTxnId } = statsOf(this.#db);
    const pages = firstPages(this.#data, pageSize);
    this.#db.resetReadTxn();
    this.#pin = this.#db.useReadTransaction();
    return { commit: lastTxnId, pages };
  }

  /** Lets go of the file, which is going to be closed; `hold` must follow before anything is written. */
  release(): void {
    this.#pin?.done();
  }

  /** The same file, opened again, as it was when it was let go. */
  hold(db: DataFile): void {
    this.#db = db;
    this.#pin = db.useReadTransaction();
  }

  /** The last one, unless nothing can be written any more. */
  async finish(): Promise<void> {
    await this.#underWay?.catch(() => undefined);
    if (this.#failed === undefined && !this.areUpToDate) await this.make();
  }

  /** When the file is closed. */
  close(): void {
    closeSync(this.#data);
    closeJournals(this.#journals);
  }
}
