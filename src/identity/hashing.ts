import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** argon2's costs: KiB, passes, lanes. */
export interface Cost {
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

export interface HashingWork {
  readonly password: string;
  readonly cost: Cost;
  /** The hash to compare with; absent: make one. */
  readonly against?: string;
}

export type Done = { readonly result: string | boolean } | { readonly failed: string };

/** What a thread runs as: `unseen` on what no other thread of the machine wants, `yielding` on a smaller share of it. */
export type Manner = 'unseen' | 'yielding';

/** What the thread says first: how it really runs. */
export interface Running {
  readonly as: Manner;
}

/** Hashes one password after another. */
export interface Hasher {
  readonly busy: boolean;
  /** Whether others may keep it from the cores for as long as they like. */
  readonly canStarve: boolean;
  hash(work: HashingWork): Promise<string | boolean>;
}

/** A password takes a fraction of this where a core has time. */
const PATIENCE_MS = 100;

/**
 * Hashes, or compares, aside: a password takes a core for many milliseconds, and whoever only reads should not notice those who
 * sign in. So it is done in time that nobody else wants; where there is none, `yielding` does the same work once `patienceMs` have
 * passed, and everything else until `unseen` is through. Whoever answers first is heard.
 */
export function makeHashAside(unseen: Hasher, yielding: Hasher, patienceMs: number): Hasher['hash'] {
  return async (work) => {
    if (unseen.busy) return yielding.hash(work);
    const answer = unseen.hash(work);
    let patience: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      patience = setTimeout(resolve, patienceMs, 'late');
    });
    const early = await Promise.race([answer, late]).finally(() => clearTimeout(patience));
    if (early !== 'late' || !unseen.canStarve) return answer;
    return Promise.race([answer, yielding.hash(work)]);
  };
}

/** Nobody signs in for hours, and a thread takes ten megabytes; to start one takes 35 to 50 ms. */
const IDLE_MS = 5_000;

class HashingThread implements Hasher {
  readonly #manner: Manner;
  readonly #waiting: { resolve(result: string | boolean): void; reject(error: Error): void }[] = [];
  #thread: Worker | undefined;
  #runsAs: Manner = 'yielding';
  #idle: NodeJS.Timeout | undefined;

  constructor(manner: Manner) {
    this.#manner = manner;
  }

  get busy(): boolean {
    return this.#waiting.length > 0;
  }

  get canStarve(): boolean {
    return this.#runsAs === 'unseen';
  }

  hash(work: HashingWork): Promise<string | boolean> {
    this.#thread ??= this.#open();
    const thread = this.#thread;
    clearTimeout(this.#idle);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      thread.ref(); // the process lives while somebody waits
      thread.postMessage(work);
    });
  }

  #open(): Worker {
    const thread = startThread(this.#manner);
    thread.on('message', (said: Running | Done) => {
      if ('as' in said) {
        this.#runsAs = said.as;
        return;
      }
      const asked = this.#waiting.shift(); // it answers in the order it is asked
      if (!this.busy) this.#rest(thread);
      if ('failed' in said) asked?.reject(new Error(said.failed));
      else asked?.resolve(said.result);
    });
    const lost = (cause?: unknown) => {
      if (this.#thread !== thread) return;
      this.#thread = undefined; // the next password makes another
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('the hashing thread ended', { cause }));
    };
    thread.once('error', lost);
    thread.once('exit', lost);
    return thread;
  }

  #rest(thread: Worker): void {
    thread.unref();
    this.#idle = setTimeout(() => {
      this.#thread = undefined;
      void thread.terminate();
    }, IDLE_MS).unref();
  }
}

/** Made when the first password comes, for the whole process. */
export const hashAside = makeHashAside(new HashingThread('unseen'), new HashingThread('yielding'), PATIENCE_MS);

/** What it hashes with lies outside its heap. */
const LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 };

/** From sources (tests) the thread has to load the TypeScript loader by itself: threads do not inherit it. */
function startThread(workerData: Manner): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    const entry = new URL('./hashing-thread.js', import.meta.url);
    return new Worker(entry, { workerData, execArgv: [], resourceLimits: LIMITS });
  }
  const loader = JSON.stringify(
    createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/cjs$/, 'mjs'),
  );
  const entry = JSON.stringify(new URL('./hashing-thread.ts', import.meta.url).href);
  const code = `import(${loader}).then(({ register }) => { register(); return import(${entry}); })`;
  return new Worker(code, { eval: true, workerData });
}
