/** A checkpoint on its way out of the house. */
export interface Outgoing {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Signed note. */
  readonly note: string;
  readonly at: Date;
  /** Proof that it continues the tree of `size` leaves. */
  consistencyFrom(size: number): Promise<readonly Uint8Array[]>;
}

/** Somebody outside who keeps checkpoints, so that nobody inside can take one back. */
export interface Outlet {
  /** Names it in the store and in logs; no secret. */
  readonly id: string;
  /** @returns signature lines that it added. @throws OutletRefused · anything else: it could not be reached, try again */
  publish(checkpoint: Outgoing): Promise<readonly string[]>;
}

/** What it saw before contradicts this checkpoint: the log was cut back or rewritten. */
export class OutletRefused extends Error {
  override readonly name = 'OutletRefused';
}

/** Milliseconds that a call to somebody outside may take. */
export const OUTLET_TIMEOUT_MS = 10_000;
