import type { Finding } from '../kernel/check.js';
import { MINUTE } from '../kernel/clock.js';

/** Longer than a transaction lives, with clocks that differ: an act that was begun before a checkpoint may follow it so late. */
const LATE_MS = 10 * MINUTE;

/** Holds the times of checkpoints, which no signature covers, to those of the events before and after them. */
export class TimeComparison {
  /** Newest event since the last checkpoint, and that checkpoint. */
  #newest = Number.NEGATIVE_INFINITY;
  #last: { size: number; at: number } | undefined;

  *event(index: number, at: Date): Generator<Finding> {
    const time = at.getTime();
    this.#newest = Math.max(this.#newest, time);
    if (!this.#last || time >= this.#last.at - LATE_MS) return;
    const { size, at: signed } = this.#last;
    this.#last = undefined; // one line for each checkpoint
    yield finding(size, `checkpoint ${size} is dated ${said(signed)}, event ${index} behind it ${said(time)}`);
  }

  *checkpoint(size: number, at: Date, now: Date): Generator<Finding> {
    const time = at.getTime();
    const covered = this.#newest;
    this.#newest = Number.NEGATIVE_INFINITY;
    this.#last = undefined;
    if (!(time >= covered - LATE_MS) || time > now.getTime() + LATE_MS)
      yield finding(size, `checkpoint ${size} is dated ${said(time)}, which is not when it was signed`);
    else this.#last = { size, at: time };
  }
}

const said = (time: number): string => (Number.isNaN(time) ? 'with no time' : new Date(time).toISOString());

const finding = (size: number, says: string): Finding => ({ kind: 'audit-time', id: `checkpoint ${size}`, says });
