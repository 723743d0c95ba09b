import { CommandError } from './errors.js';

/** Stands among documents where a long read gives way to others; never a document. */
export const PAUSE: Buffer = Buffer.alloc(0);

/** How long one command may hold the thread before others get their turn, in ms. */
const SLICE_MS = 8;
/** Looking at the clock costs as much as a few entries. */
const LOOK_EVERY = 32;

/** Bounds how long a command works, at a stretch and in all; what it waits while others work does not count. */
export class Pace {
  /** Whether its reader understands PAUSE. */
  pauses: boolean;
  readonly #gone: () => boolean;
  #left: number;
  #sliceBegan = performance.now();
  #steps = 0;

  /** @param maxTimeMs  Infinity for no limit; `gone`: nobody waits for the answer any more */
  constructor(maxTimeMs: number, pauses: boolean, gone: () => boolean = () => false) {
    this.#left = maxTimeMs;
    this.pauses = pauses;
    this.#gone = gone;
  }

  /** A slice begins: after a pause, or with the next command of the same cursor. */
  begin(): void {
    this.#sliceBegan = performance.now();
  }

  /** The work rests: what was used of the time is gone. */
  rest(): void {
    this.#left -= performance.now() - this.#sliceBegan;
  }

  /**
   * Called for every entry that is read.
   *
   * @returns whether it is time for a pause
   * @throws CommandError MaxTimeMSExpired · ClientDisconnect
   */
  step(): boolean {
    if (++this.#steps % LOOK_EVERY !== 0) return false;
    const used = performance.now() - this.#sliceBegan;
    if (used > this.#left) throw new CommandError(50, 'operation exceeded time limit');
    if (used < SLICE_MS || !this.pauses) return false;
    if (this.#gone()) throw new CommandError(279, 'operation was interrupted because the client disconnected');
    return true;
  }
}

/** Runs work to its end; at each PAUSE everybody else comes first. Answers at once when there is none. */
export function paced<T>(work: Generator<unknown, T>, pace: Pace): T | Promise<T> {
  pace.begin();
  const { done, value } = work.next();
  pace.rest();
  if (done) return value as T;
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(paced(work, pace));
      } catch (error) {
        reject(error);
      }
    });
  });
}
