import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** argon2's costs: KiB, passes, lanes. */
export interface Cost {
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

export interface HashingWork {
  readonly id: number;
  readonly password: string;
  readonly cost: Cost;
  /** The hash to compare with; absent: make one. */
  readonly against?: string;
}

export type Done =
  | { readonly id: number; readonly result: string | boolean }
  | { readonly id: number; readonly failed: string };

const waiting = new Map<number, { resolve(result: string | boolean): void; reject(error: Error): void }>();
let thread: Worker | undefined;
let lastId = 0;

/**
 * Hashes, or compares, in a thread of its own that gives way to every other one: a password takes a core for many
 * milliseconds, and whoever only reads should not wait for those who sign in. One thread for the whole process, made when the
 * first password comes.
 */
export function hashAside(work: Omit<HashingWork, 'id'>): Promise<string | boolean> {
  thread ??= openThread();
  const worker = thread;
  lastId += 1;
  const id = lastId;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.ref(); // the process lives while somebody waits
    worker.postMessage({ ...work, id } satisfies HashingWork);
  });
}

function openThread(): Worker {
  const worker = startThread();
  worker.on('message', (done: Done) => {
    const asked = waiting.get(done.id);
    waiting.delete(done.id);
    if (waiting.size === 0) worker.unref();
    if ('failed' in done) asked?.reject(new Error(done.failed));
    else asked?.resolve(done.result);
  });
  const lost = (cause?: unknown) => {
    if (thread === worker) thread = undefined; // the next password makes another
    for (const { reject } of waiting.values()) reject(new Error('the hashing thread ended', { cause }));
    waiting.clear();
  };
  worker.once('error', lost);
  worker.once('exit', lost);
  return worker;
}

/** What it hashes with lies outside its heap. */
const LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 };

/** From sources (tests) the thread has to load the TypeScript loader by itself: threads do not inherit it. */
function startThread(): Worker {
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./hashing-thread.js', import.meta.url), { execArgv: [], resourceLimits: LIMITS });
  const loader = JSON.stringify(
    createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/cjs$/, 'mjs'),
  );
  const entry = JSON.stringify(new URL('./hashing-thread.ts', import.meta.url).href);
  const code = `import(${loader}).then(({ register }) => { register(); return import(${entry}); })`;
  return new Worker(code, { eval: true });
}
