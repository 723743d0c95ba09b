import type { JsonValue } from '../kernel/audit-draft.js';

/** Version of the event's shape; readers of old bundles choose by it, so a changed shape gets a new number. */
export const EVENT_VERSION = 1;

export const RESULTS = ['done', 'refused'] as const;
export type Result = (typeof RESULTS)[number];

export const ACTOR_KINDS = ['person', 'anonymous', 'system'] as const;

/** Personal field under which the network address an act came from is committed to. */
export const SOURCE_ADDRESS = 'sourceAddress';

/** What is hashed into the log. Holds no personal data: only commitments to it. `at` is RFC 3339 in UTC, milliseconds. */
export interface AuditEvent {
  readonly version: number;
  readonly id: string;
  readonly at: string;
  readonly actor: {
    readonly kind: (typeof ACTOR_KINDS)[number];
    readonly id: string;
    readonly roles: readonly string[];
  };
  readonly action: string;
  readonly caseId?: string;
  readonly accountId?: string;
  readonly target?: { readonly kind: string; readonly id: string };
  readonly result: Result;
  readonly facts: Readonly<Record<string, JsonValue>>;
  /** field -> base64 of SHA-256(salt || UTF-8 value) */
  readonly commitments: Readonly<Record<string, string>>;
  readonly requestId: string;
}

/** What opens one commitment; kept apart from the event and erasable without touching it. */
export interface Opening {
  readonly field: string;
  readonly salt: Uint8Array;
  readonly value: string;
}

/** An event as it is stored: the bytes are the truth, the fields beside them only serve look-ups. */
export interface EventRow {
  readonly _id: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly caseId?: string;
  readonly accountId?: string;
  readonly result: Result;
  readonly bytes: Uint8Array;
  readonly leafHash: Uint8Array;
}

/** The openings of one event, under the event's id. */
export interface OpeningsRow {
  readonly _id: string;
  readonly openings: readonly Opening[];
  /** What is no longer among them, and why. */
  readonly erased?: readonly ErasedMark[];
}

/** Stands where openings were that an erasure took; an event of the log vouches for it. */
export interface ErasedMark {
  /** Sorted. */
  readonly fields: readonly string[];
  readonly at: Date;
  readonly erasure: string;
  /** Counted from 1 within the erasure. */
  readonly batch: number;
}
