import { randomUUID } from 'node:crypto';
import type { Clock } from '../kernel/clock.js';
import type { Logger } from '../kernel/logger.js';
import { type Db, isDuplicate } from '../kernel/mongo.js';
import type { Checkpoint } from '../proof/index.js';
import type { LogKeys } from './log-keys.js';
import { AuditEntries, AuditLogs, hasPending, type LogRow, newestCheckpoint, readLog } from './log-store.js';
import { type Fence, Fenced, sequenceBatch } from './sequence-batch.js';
import { signCheckpoint } from './sign-checkpoint.js';
import { LogDamaged } from './tiles.js';
import type { Vouch } from './vouch.js';

export interface SequencerOptions {
  readonly db: Db;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly keys: () => Promise<LogKeys>;
  readonly vouch: Vouch;
  /** Milliseconds without a sign of life of its holder after which the log is taken over; by this process's own clock alone. */
  readonly leaseMs?: number;
  /** Hears of each new checkpoint. */
  readonly onSigned?: (checkpoint: Checkpoint) => void;
  /** Hears once of each kind of damage. */
  readonly onDamage?: (damage: LogDamaged) => Promise<void>;
}

const LEASE_MS = 5_000;

export interface Ticked {
  /** Events that got their index. */
  readonly sequenced: number;
  readonly signed: Checkpoint | undefined;
}

const NOTHING: Ticked = { sequenced: 0, signed: undefined };

/**
 * Gives events their place in the log and signs it. Any worker may run one; one of them at a time gets anything done.
 *
 * Whoever has something to do and sees no sign of life of the holder for `leaseMs` takes the log over with the next epoch. Who
 * was paused meanwhile finds itself fenced off at its next write. No clocks are compared, so theirs may differ.
 */
export class Sequencer {
  readonly #options: SequencerOptions;
  readonly #holder = randomUUID();
  readonly #leaseMs: number;
  #fence: Fence | undefined;
  #watched: { seen: string; since: number } | undefined;
  #remembered: Checkpoint | undefined;
  #damage: string | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #stopped = false;
  #idle = false;

  constructor(options: SequencerOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? LEASE_MS;
  }

  /** Whether it lengthens the log just now, as far as it knows. */
  get holds(): boolean {
    return this.#fence !== undefined;
  }

  /** Whether all was signed when it last looked: then nobody lengthens the log, and what was signed last is the same for all. */
  get idle(): boolean {
    return this.#idle;
  }

  /** Works off what waits by now. A store that is away, or somebody else's lease, leaves it for the next time. */
  async tick(): Promise<Ticked> {
    const turn = this.#running.then(() => (this.#stopped ? NOTHING : this.#turn()));
    this.#running = turn.catch(() => undefined);
    return turn;
  }

  /** Does what it holds the log for once more, and lets go of it, so that another need not wait. */
  async stop(): Promise<void> {
    if (this.#fence) await this.tick().catch(() => undefined);
    this.#stopped = true;
    await this.#running;
    const { db } = this.#options;
    if (!this.#fence) return;
    const { holder, epoch } = this.#fence;
    await AuditLogs(db)
      .collection.updateOne({ _id: 'log' as never, holder, epoch }, { $set: { holder: null }, $inc: { beat: 1 } })
      .catch(() => undefined);
    this.#fence = undefined;
  }

  async #turn(): Promise<Ticked> {
    try {
      const done = await this.#work();
      if (done.signed) this.#damage = undefined;
      return done;
    } catch (error) {
      if (error instanceof LogDamaged) await this.#alarm(error);
      if (error instanceof Fenced || error instanceof LogDamaged) {
        this.#fence = undefined;
        return NOTHING;
      }
      throw error;
    }
  }

  async #work(): Promise<Ticked> {
    const { db, clock, logger, vouch } = this.#options;
    const state = await readLog(db);
    this.#idle = false;
    if (!state) return this.#begin();
    if (state.signed === state.size && !(await hasPending(db))) {
      this.#idle = true;
      this.#watched = undefined;
      return NOTHING;
    }
    const keys = await this.#options.keys();
    if (!keys.canSign) return NOTHING;
    const fence = await this.#hold(state);
    if (!fence) return NOTHING;
    let { size } = state;
    let sequenced = 0;
    for (;;) {
      const batch = await sequenceBatch(db, fence, size, vouch);
      size = batch.size;
      sequenced += batch.events;
      if (batch.refused.length > 0)
        logger.error('rows that no act wrote waited for a place in the audit log', { rows: batch.refused });
      if (!batch.full || this.#stopped) break;
    }
    const signed = await signCheckpoint(db, keys, fence, { size, remembered: this.#remembered, now: clock.now() });
    this.#remembered = signed;
    this.#options.onSigned?.(signed);
    return { sequenced, signed };
  }

  /** The first one makes the log. Where there are traces of one, its end was taken away. */
  async #begin(): Promise<Ticked> {
    const { db } = this.#options;
    const traces = (await newestCheckpoint(db)) ?? (await AuditEntries(db).collection.findOne({}));
    if (traces) throw new LogDamaged('the row that says where the log ends is gone');
    const row: LogRow = { _id: 'log', size: 0, signed: -1, epoch: 0, beat: 0, holder: null };
    await AuditLogs(db)
      .collection.insertOne(row as never)
      .catch((error: unknown) => {
        if (!isDuplicate(error)) throw error;
      });
    return this.#work();
  }

  async #hold(state: LogRow): Promise<Fence | undefined> {
    if (this.#fence && state.holder === this.#fence.holder && state.epoch === this.#fence.epoch) return this.#fence;
    this.#fence = undefined;
    if (!this.#mayTake(state)) return undefined;
    const fence: Fence = { holder: this.#holder, epoch: state.epoch + 1 };
    const taken = await AuditLogs(this.#options.db).collection.updateOne(
      { _id: 'log' as never, epoch: state.epoch, beat: state.beat, size: state.size },
      { $set: { ...fence }, $inc: { beat: 1 } },
    );
    if (taken.matchedCount !== 1) return undefined;
    this.#watched = undefined;
    this.#fence = fence;
    return fence;
  }

  #mayTake({ holder, epoch, beat }: LogRow): boolean {
    if (holder === null) return true;
    const seen = `${epoch}/${beat}`;
    if (this.#watched?.seen !== seen) this.#watched = { seen, since: performance.now() };
    return performance.now() - this.#watched.since >= this.#leaseMs;
  }

  async #alarm(damage: LogDamaged): Promise<void> {
    if (this.#damage === damage.message) return;
    this.#damage = damage.message;
    this.#options.logger.error('the audit log is damaged: nothing more is signed', { what: damage.message });
    await this.#options.onDamage?.(damage);
  }
}
