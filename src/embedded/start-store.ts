import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { StoreLocked } from './folder-lock.js';
import type { Served, ServeOptions } from './server.js';

export interface StoreOptions extends ServeOptions {
  /** Default true: in a thread of its own, so that the store does not hold up the caller's event loop. */
  readonly inThread?: boolean;
}

/** What the thread tells: that it listens, or why not. */
export type Told =
  | { readonly uri: string }
  | {
      readonly failed: string;
      readonly locked?: { readonly folder: string; readonly pid: number; readonly uri: string };
    };

/**
 * Opens a folder as a MongoDB of one member and serves it on a Unix socket (0600) in the folder, or on a port of
 * 127.0.0.1 when one is given (0 takes a free one).
 *
 * @returns the connection string, and what ends it: connections are cut, what was acknowledged is on the disk
 * @throws StoreLocked when a living process has the folder; its `uri` is that process's store · Error for a folder
 *         of another format
 */
export async function startStore({ inThread = true, ...options }: StoreOptions): Promise<Served> {
  if (!inThread) return await (await import('./server.js')).serve(options); // a process whose store is a thread never loads it
  const worker = openThread(options);
  const [told] = (await once(worker, 'message')) as [Told];
  if ('failed' in told) {
    await worker.terminate();
    if (told.locked) throw new StoreLocked(told.locked.folder, told.locked.pid, told.locked.uri);
    throw new Error(told.failed);
  }
  worker.unref();
  let closing: Promise<void> | undefined;
  const close = async () => {
    const exited = once(worker, 'exit');
    worker.ref();
    worker.postMessage('close');
    await exited;
  };
  return { uri: told.uri, close: () => (closing ??= close()) };
}

/** A small nursery: nearly everything in the store's heap dies with its request, and memory that is not reserved is free for others. */
const LIMITS = { maxYoungGenerationSizeMb: 8 };

/** From sources (tests) the thread has to load the TypeScript loader by itself: threads do not inherit it. */
function openThread(workerData: ServeOptions): Worker {
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./thread.js', import.meta.url), { workerData, resourceLimits: LIMITS });
  const loader = JSON.stringify(
    createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/cjs$/, 'mjs'),
  );
  const entry = JSON.stringify(new URL('./thread.ts', import.meta.url).href);
  const code = `import(${loader}).then(({ register }) => { register(); return import(${entry}); })`;
  return new Worker(code, { eval: true, workerData });
}
