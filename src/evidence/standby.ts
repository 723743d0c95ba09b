import { MINUTE } from '../kernel/clock.js';
import type { LimitedProcess } from './limited-process.js';

/** Files come together; after this long without one, the memory is worth more than the time. */
const IDLE_MS = MINUTE;

/**
 * Keeps one process started ahead, so that the next piece of work does not wait for a start. It is still a process for one
 * piece of work: whoever takes it has it alone, and it dies of it.
 *
 * Whoever never needs one has none, and one that nobody takes within a minute leaves.
 */
export class Standby {
  readonly #start: () => LimitedProcess;
  readonly #idleMs: number;
  #waiting: LimitedProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(start: () => LimitedProcess, idleMs = IDLE_MS) {
    this.#start = start;
    this.#idleMs = idleMs;
  }

  /** The process that waits, if one does. */
  take(): LimitedProcess | undefined {
    const taken = this.#waiting;
    this.#waiting = undefined;
    clearTimeout(this.#timer);
    return taken;
  }

  /** Starts one, unless one waits. What keeps it from starting is told to whoever needs one. */
  prepare(): void {
    if (this.#closed || this.#waiting) return;
    try {
      const next = this.#start();
      this.#waiting = next;
      this.#timer = setTimeout(() => this.#end(), this.#idleMs).unref();
      next.wait();
      const forget = () => void (this.#waiting === next && this.take());
      next.ended.then(forget, forget);
    } catch {}
  }

  close(): void {
    this.#closed = true;
    this.#end();
  }

  #end(): void {
    this.take()?.kill();
  }
}
