import { availableParallelism } from 'node:os';

/** For so long after one connection asked, another one that asks is not alone. */
const COMPANY_MS = 100;
/** Whoever asks one thing after another asks again within this time. */
const AWAKE_MS = availableParallelism() > 1 ? 0.2 : 0;

/**
 * Notices when one connection asks alone. To wake a thread takes a tenth of a millisecond on a virtual machine, as long as to answer:
 * so nobody is woken to write its commits, and this thread does not fall asleep the moment it has answered.
 */
export class Solo {
  readonly #now: () => number;
  #last = 0;
  #since = 0;
  #awakeUntil = 0;
  #isAwake = false;

  /** @param now  ms of a clock that only goes forward */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** A connection asks something. */
  heard(connectionId: number): void {
    if (connectionId === this.#last) return;
    this.#last = connectionId;
    this.#since = this.#now();
  }

  /** Whether no other connection has asked lately. */
  get isAlone(): boolean {
    return this.#now() - this.#since > COMPANY_MS;
  }

  /** An answer was sent: stays awake a moment for the next question of the same one. */
  answered(): void {
    if (AWAKE_MS === 0 || !this.isAlone) return;
    this.#awakeUntil = this.#now() + AWAKE_MS;
    if (this.#isAwake) return;
    this.#isAwake = true;
    setImmediate(this.#stay);
  }

  readonly #stay = (): void => {
    this.#isAwake = this.#now() < this.#awakeUntil;
    if (this.#isAwake) setImmediate(this.#stay);
  };
}
