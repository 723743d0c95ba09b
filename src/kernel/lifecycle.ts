import type { Server } from 'node:http';
import type { Logger } from './logger.js';

const IDLE_LOOK_MS = 50;

/** What was cut takes its files away and gives its connections back: moments, and more on a busy machine. */
const TO_CLEAN_UP_MS = 3_000;

/**
 * Ends a server: takes no more, lets what runs finish, and cuts what is left after `graceMs`.
 *
 * A connection that is kept alive is told with its next answer that it ends; else one busy client would keep the server up
 * for all of `graceMs`, and have its last request cut.
 */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  server.prependListener('request', (_request, response) => void response.setHeader('Connection', 'close'));
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    // A connection whose request is answered meanwhile is kept by whoever sent it, and would be waited for.
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS);
    server.close(() => {
      clearTimeout(timer);
      clearInterval(idle);
      resolve();
    });
  });
}

/** What is under way, so that nothing is closed beneath it. */
export class InFlight {
  readonly #running = new Set<Promise<unknown>>();

  async track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }

  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }
}

/** Runs `stop` once on SIGTERM or SIGINT; a second signal, or `graceMs` and `TO_CLEAN_UP_MS` over, ends it at once. */
export function stopOnSignal(stop: () => Promise<void>, logger: Logger, graceMs: number): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info('stopping', { signal });
    setTimeout(() => process.exit(1), graceMs + TO_CLEAN_UP_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error('did not stop cleanly', { error });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
