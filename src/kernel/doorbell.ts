import Bull from 'bull';
import type { Logger } from './logger.js';
import type { Worker } from './worker.js';

/**
 * Rings workers in other processes through bull on Redis. Only ids travel: the outbox is the truth, so that losing Redis
 * loses nothing but time (the sweep finds the rows).
 */
export interface Doorbell {
  ring(ids: readonly string[]): void;
  /** Whether Redis answers. */
  ready(): Promise<boolean>;
  answer(worker: Worker, concurrency: number): void;
  close(): Promise<void>;
}

const QUEUE = 'firebreak-outbox';

export function openDoorbell(redisUrl: string, logger: Logger): Doorbell {
  const queue = new Bull<{ id: string }>(QUEUE, redisUrl, {
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true, attempts: 1 },
    // A ring that Redis cannot take is dropped, not kept in memory: the sweep will find the row.
    redis: {
      maxRetriesPerRequest: null,
      enableOfflineQueue: false,
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
  return {
    ring: (ids) => {
      for (const id of ids) queue.add({ id }).catch(() => undefined);
    },
    ready: async () => queue.client.status === 'ready' && (await queue.client.ping()) === 'PONG',
    answer: (worker, concurrency) => {
      queue.process(concurrency, ({ data }) => worker.run(data.id)).catch(() => undefined);
    },
    close: async () => {
      await queue.close(true).catch(() => undefined);
    },
  };
}
