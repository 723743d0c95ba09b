import type { JsonValue } from './audit-draft.js';

/** What must happen after a commit. At least once, so the handler of that name is idempotent. */
export interface JobRequest {
  readonly name: string;
  /** Ids, few and small; no secret that a reader of the store must not have. */
  readonly payload: { readonly [key: string]: JsonValue };
  /** Not before this instant. Default: at once. */
  readonly runAt?: Date;
  /** While a job of this key waits, another is not added. */
  readonly key?: string;
  /** The key names what this very act makes: none can be waiting, and nobody looks. */
  readonly fresh?: true;
}

export interface JobRun {
  /** 1 for the first try. */
  readonly attempt: number;
  readonly jobId: string;
}

export interface Job<C> {
  readonly name: string;
  /** Tries in all before the job is given up as dead. */
  readonly attempts: number;
  /** Pauses before the next tries, in milliseconds; the last one repeats. */
  readonly backoff: readonly number[];
  readonly handle: (ctx: C, payload: Payload, run: JobRun) => Promise<void>;
  /** Once, when the last try failed. */
  readonly onFailed?: (ctx: C, payload: Payload, error: unknown) => Promise<void>;
}

/** What was enqueued; the handler knows its own shape. */
export type Payload = { readonly [key: string]: JsonValue };

/** `const job = jobFor<CaseContext>()`, then `job({ name, attempts, backoff, handle })`. */
export const jobFor =
  <C>() =>
  (definition: Job<C>): Job<C> =>
    definition;

/** A job that comes back by itself: after each run the next one is due `everyMs` later. */
export interface Recurring<C> {
  readonly name: string;
  readonly everyMs: number;
  readonly handle: (ctx: C) => Promise<void>;
}
