import type { Clock } from './clock.js';
import type { Job, Payload, Recurring } from './jobs.js';
import type { Logger } from './logger.js';
import type { Db } from './mongo.js';
import { bury, claim, dueIds, extend, finish, giveBack, type OutboxRow, putOff } from './outbox.js';

export interface WorkerOptions<C> {
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly jobs: readonly Job<C>[];
  readonly recurring: readonly Recurring<C>[];
  /** How many jobs run side by side. */
  readonly concurrency: number;
  /** A row whose worker died is taken over after this long. */
  readonly leaseMs: number;
  /** How often rows are looked for that no bell announced. */
  readonly sweepMs: number;
}

/** Works off the outbox. `ring` is a hint, the sweep is the guarantee. */
export interface Worker {
  start(): void;
  ring(ids: readonly string[]): void;
  /** Resolves once the row has been tried, or is somebody else's. */
  run(id: string): Promise<void>;
  /** Takes no more, lets what runs finish. */
  stop(): Promise<void>;
  /** Resolves when nothing that is due by now is left; for tests and the demonstration. */
  settled(): Promise<void>;
}

const SWEEP_BATCH = 200;
const STRANGE_JOB_MS = 30_000; // until another worker may look: while an upgrade runs, old and new ones share the outbox

/** Nobody lived to say why the last try failed. */
class WorkerLost extends Error {
  override readonly name = 'WorkerLost';
}

export function makeWorker<C>(ctx: () => C, options: WorkerOptions<C>): Worker {
  const { db, clock, logger, concurrency, leaseMs, sweepMs } = options;
  const jobs = new Map(options.jobs.map((job) => [job.name, job]));
  const waiting: string[] = [];
  const known = new Set<string>(); // waiting or running here
  const running = new Map<string, Promise<void>>();
  const timers = new Set<NodeJS.Timeout>();
  let started = false;
  let stopping = false;
  const recurring = new Set<Promise<void>>(); // running now, sweeps among them

  function ring(ids: readonly string[]): void {
    if (stopping) return;
    for (const id of ids) {
      if (known.has(id)) continue;
      known.add(id);
      waiting.push(id);
    }
    fill();
  }

  function fill(): void {
    while (started && !stopping && running.size < concurrency) {
      const id = waiting.shift();
      if (id === undefined) return;
      const done = tryOnce(id)
        .catch((error: unknown) => void logger.error('a job could not be settled', { jobId: id, error }))
        .finally(() => {
          running.delete(id);
          known.delete(id);
          fill();
        });
      running.set(id, done);
    }
  }

  async function tryOnce(id: string): Promise<void> {
    const row = await claim(db, id, clock, leaseMs);
    if (!row) return;
    const job = jobs.get(row.name);
    if (!job) {
      logger.error('no handler for a job; it waits for a worker that has one', { jobId: id, job: row.name });
      await putOff(db, row, new Date(clock.now().getTime() + STRANGE_JOB_MS));
      return;
    }
    // Taken over more often than it may be tried: it ends its workers, and would for ever.
    if (row.attempts > job.attempts) return failed(job, row, new WorkerLost());
    const heart = setInterval(() => {
      extend(db, row, new Date(clock.now().getTime() + leaseMs)).catch(() => undefined);
    }, leaseMs / 3);
    try {
      await job.handle(ctx(), row.payload as Payload, { attempt: row.attempts, jobId: row._id });
      await finish(db, row);
    } catch (error) {
      await failed(job, row, error);
    } finally {
      clearInterval(heart);
    }
  }

  async function failed(job: Job<C>, row: OutboxRow, error: unknown): Promise<void> {
    const { name, code } = error as { name?: string; code?: unknown }; // no message: it may carry personal data
    const reason = [name, code].filter(Boolean).join(' ');
    if (row.attempts < job.attempts) {
      const pause = job.backoff[Math.min(row.attempts, job.backoff.length) - 1] ?? 1_000;
      logger.warn('a job failed and will be tried again', {
        jobId: row._id,
        job: job.name,
        attempt: row.attempts,
        error,
      });
      await giveBack(db, row, new Date(clock.now().getTime() + pause), reason);
      later(pause, () => ring([row._id]));
      return;
    }
    logger.error('a job failed for good', { jobId: row._id, job: job.name, attempt: row.attempts, error });
    await job.onFailed?.(ctx(), row.payload as Payload, error);
    await bury(db, row, clock.now(), reason);
  }

  function later(ms: number, act: () => void): void {
    if (stopping) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  }

  async function sweep(): Promise<void> {
    try {
      ring(await dueIds(db, clock, SWEEP_BATCH));
    } catch (error) {
      if (!stopping) logger.warn('the outbox could not be swept', { error });
    }
  }

  function every(ms: number, act: () => Promise<void>): void {
    later(ms, () => begin(act, () => every(ms, act)));
  }

  function begin(act: () => Promise<void>, then: () => void): void {
    const run = act().finally(() => {
      recurring.delete(run);
      then();
    });
    recurring.add(run);
  }

  return {
    ring,
    start: () => {
      started = true;
      begin(sweep, () => every(sweepMs, sweep));
      for (const task of options.recurring) {
        every(task.everyMs, () =>
          task.handle(ctx()).catch((error: unknown) => {
            if (!stopping) logger.error('a recurring task failed', { task: task.name, error });
          }),
        );
      }
    },
    run: async (id) => {
      if (stopping) throw new Error('stopping');
      ring([id]);
      await running.get(id);
    },
    settled: async () => {
      for (;;) {
        ring(await dueIds(db, clock, SWEEP_BATCH));
        if (running.size === 0 && waiting.length === 0) return;
        await Promise.all(running.values());
      }
    },
    stop: async () => {
      stopping = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      await Promise.all([...running.values(), ...recurring]);
    },
  };
}
