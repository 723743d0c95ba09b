import type { Primitives, VerifierKey } from '../proof/index.js';

/** A log that a witness follows: the name in its checkpoints, and the keys it may sign with. */
export interface FollowedLog {
  readonly origin: string;
  readonly keys: readonly VerifierKey[];
}

/** The newest checkpoint of a log that was cosigned. */
export interface Seen {
  readonly size: number;
  readonly root: Uint8Array;
}

/** What a witness never forgets. `remember` returns once it is on the disk. */
export interface Memory {
  recall(origin: string): Promise<Seen | undefined>;
  remember(origin: string, note: string): Promise<void>;
  /** Keeps a signed checkpoint that contradicts what was seen: proof that the log forks. */
  keepFork(origin: string, note: string): Promise<void>;
}

export interface Signer {
  readonly key: VerifierKey;
  sign(message: Uint8Array): Uint8Array;
}

export interface WitnessParts {
  readonly primitives: Primitives;
  readonly logs: readonly FollowedLog[];
  readonly memory: Memory;
  readonly signer: Signer;
  readonly now: () => Date;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}
