import type Bull from 'bull';
import type { Logger } from './logger.js';
import type { Worker } from './worker.js';

/**
 * Rings workers in other processes through bull on Redis. Only ids travel: the outbox is the truth, so that losing Redis
 * loses nothing but time (the sweep finds the rows).
 */
export interface Doorbell {
  ring(ids: readonly string[]): void;
  /** A connection of its own for limits: a command that Redis does not answer fails soon, and none is kept for later. */
  readonly counters: Bull.Queue['client'];
  /** Whether Redis answers, soon. */
  ready(): Promise<boolean>;
  answer(worker: Worker, concurrency: number): void;
  close(): Promise<void>;
}

const QUEUE = 'firebreak-outbox';
const COUNTER_TIMEOUT_MS = 250;

/** Loads bull only where there is a Redis: without one its memory and its start-up time are not spent. */
export async function openDoorbell(redisUrl: string, logger: Logger): Promise<Doorbell> {
  const { default: Bull } = await import('bull');
  const queue = new Bull<{ id: string }>(QUEUE, redisUrl, {
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true, attempts: 1 },
    // bull's own connections keep a command until Redis is there: it sends some before it waits, and a refused one would
    // end the process. They are few; rings are kept from them below.
    redis: {
      maxRetriesPerRequest: null,
      retryStrategy: (tries) => Math.min(tries * 100, 2_000),
    },
  });
  let away = false;
  queue.on('error', (error) => {
    if (!away) logger.warn('Redis is away; the outbox is swept instead', { error });
    away = true;
  });
  queue.client.on('ready', () => {
    if (away) logger.info('Redis is back');
    away = false;
  });
  const counters = queue.client.duplicate({
    commandTimeout: COUNTER_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
  });
  counters.on('error', () => undefined); // the queue's connection tells of it
  return {
    counters,
    ring: (ids) => {
      // A ring that Redis cannot take is dropped, not kept in memory: the sweep will find the row.
      if (queue.client.status !== 'ready') return;
      for (const id of ids) queue.add({ id }).catch(() => undefined);
    },
    ready: () =>
      counters.ping().then(
        (answer) => answer === 'PONG',
        () => false,
      ),
    answer: (worker, concurrency) => {
      queue.process(concurrency, ({ data }) => worker.run(data.id)).catch(() => undefined);
    },
    close: async () => {
      counters.disconnect();
      await queue.close(true).catch(() => undefined);
    },
  };
}
