import { randomUUID } from 'node:crypto';
import type { Clock } from '../../kernel/clock.js';
import type { Logger } from '../../kernel/logger.js';
import type { Db } from '../../kernel/mongo.js';
import { eventsAt } from '../bundle-source.js';
import { readLog } from '../log-store.js';
import { ocsfRecord } from './ocsf.js';
import { beginStream, moveStream, readStream, type StreamRow, takeStream } from './stream-store.js';
import { NotTaken, type Outbound, type StreamTarget } from './target.js';

export interface StreamerOptions {
  readonly db: Db;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly target: StreamTarget;
  /** Name of the log. */
  readonly origin: string;
  /** Where a target begins that is new here. */
  readonly from?: 'beginning' | 'now';
  /** Milliseconds without a sign of life after which another sends instead; longer than one batch may take. */
  readonly leaseMs?: number;
  /** Milliseconds that one batch may take. */
  readonly sendMs?: number;
  /** Milliseconds until a batch that failed is tried again; doubled with each failure, up to a minute. */
  readonly pauseMs?: number;
}

const LEASE_MS = 20_000;
const SEND_MS = 10_000;
const PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** Bounds on one batch; collectors cut off what is longer than some megabytes. */
const BATCH_EVENTS = 500;
const BATCH_CHARACTERS = 512 * 1_024;

/**
 * Sends the events of the log to a target in their order, each at least once, and remembers in the store how far it is.
 *
 * Any worker may run one; one of them at a time sends. A batch counts when the target says that it has it and the row was moved
 * on; whatever comes between leaves it to be sent again. After a failure the batch before is sent again too: whoever took it
 * may have died before keeping it. The target tells doubles by the id of the event.
 */
export class Streamer {
  readonly #options: Required<StreamerOptions>;
  readonly #holder = randomUUID();
  readonly #stopping = new AbortController();
  #epoch: number | undefined;
  #watched: { seen: string; since: number } | undefined;
  #running: Promise<void> | undefined;
  #notBefore = 0;

  constructor(options: StreamerOptions) {
    this.#options = { from: 'beginning', leaseMs: LEASE_MS, sendMs: SEND_MS, pauseMs: PAUSE_MS, ...options };
  }

  /** Begins to send what waits, unless it does so already, or has just failed. */
  offer(): void {
    if (this.#running || this.#stopping.signal.aborted || performance.now() < this.#notBefore) return;
    this.#running = this.#run()
      .catch((error: unknown) => void this.#options.logger.warn('events could not be streamed', { error }))
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Resolves when nothing is on its way. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Breaks off what is on its way, which will be sent again, and lets go. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    if (this.#epoch === undefined) return;
    await this.#move({ holder: null }).catch(() => undefined);
    this.#epoch = undefined;
  }

  async #run(): Promise<void> {
    for (;;) {
      if (this.#stopping.signal.aborted) return;
      const row = await this.#row();
      const size = (await readLog(this.#options.db))?.size ?? 0;
      if (row.next === size && row.failures === 0) return;
      if (!(await this.#hold(row))) return;
      if (row.next > size) {
        this.#options.logger.error('the audit log is shorter than what was streamed of it', { size, sent: row.next });
        if (!(await this.#move({ next: size, before: size, trouble: 'the log was cut back' }))) return;
        continue;
      }
      if (!(await this.#batch(row, size))) return;
    }
  }

  async #row(): Promise<StreamRow> {
    const { db, target, from } = this.#options;
    const row = await readStream(db, target.id);
    if (row) return row;
    await beginStream(db, target.id, from === 'now' ? ((await readLog(db))?.size ?? 0) : 0);
    return this.#row();
  }

  async #hold(row: StreamRow): Promise<boolean> {
    if (this.#epoch !== undefined && row.holder === this.#holder && row.epoch === this.#epoch) return this.#move({});
    this.#epoch = undefined;
    if (!this.#mayTake(row) || !(await takeStream(this.#options.db, row, this.#holder))) return false;
    this.#watched = undefined;
    this.#epoch = row.epoch + 1;
    return true;
  }

  #mayTake({ holder, epoch, beat }: StreamRow): boolean {
    if (holder === null) return true;
    const seen = `${epoch}/${beat}`;
    if (this.#watched?.seen !== seen) this.#watched = { seen, since: performance.now() };
    return performance.now() - this.#watched.since >= this.#options.leaseMs;
  }

  /** @returns whether to go on */
  async #batch(row: StreamRow, size: number): Promise<boolean> {
    const { logger, clock, target, sendMs } = this.#options;
    const { next, before, failures } = row;
    const start = failures > 0 ? Math.min(before, next) : next;
    const records = await this.#read(start, size);
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(sendMs)]);
    try {
      if (records.length > 0) await target.send(records, signal);
    } catch (error) {
      if (this.#stopping.signal.aborted) return false;
      await this.#failed(row, error);
      return false;
    }
    if (failures > 0) logger.info('events are streamed again', { to: target.id, failures });
    this.#notBefore = 0;
    const moved = { next: start + records.length, before: start, at: clock.now(), failures: 0, trouble: null };
    return this.#move(moved);
  }

  async #read(start: number, size: number): Promise<Outbound[]> {
    const { db, clock, origin } = this.#options;
    const places = Float64Array.from({ length: Math.min(BATCH_EVENTS, size - start) }, (_, n) => start + n);
    const records: Outbound[] = [];
    let characters = 0;
    for await (const placed of eventsAt(db, places, false)) {
      const record = { ...ocsfRecord(placed, origin, clock.now()), index: placed.index };
      characters += record.line.length;
      if (records.length > 0 && characters > BATCH_CHARACTERS) break;
      records.push(record);
    }
    return records;
  }

  async #failed(row: StreamRow, error: unknown): Promise<void> {
    const { logger, target, pauseMs } = this.#options;
    const failures = row.failures + 1;
    this.#notBefore = performance.now() + Math.min(pauseMs * 2 ** Math.min(row.failures, 16), LONGEST_PAUSE_MS);
    const trouble = troubleOf(error);
    if (row.failures === 0) logger.warn('events could not be streamed, and wait', { to: target.id, trouble });
    await this.#move({ failures, trouble });
  }

  async #move(change: Partial<StreamRow>): Promise<boolean> {
    const { db, target } = this.#options;
    if (this.#epoch === undefined) return false;
    return moveStream(db, target.id, { holder: this.#holder, epoch: this.#epoch }, change);
  }
}

/** What others wrote is not shown: it may hold anything. */
function troubleOf(error: unknown): string {
  if (error instanceof NotTaken) return error.message;
  const { name, code } = error as { name?: string; code?: unknown };
  return typeof code === 'string' ? code : name === 'AbortError' ? 'no answer in time' : 'it could not be reached';
}
