import type { Readable } from 'node:stream';

/** Bytes that arrived whole and lie durably in the store, but belong to nothing yet. */
export interface HeldObject {
  /** Name of the held copy inside the store. */
  readonly hold: string;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** Whether a committed record stands on an object. Must be read from the majority, outside any transaction. */
export type IsReferenced = (sha256: string) => Promise<boolean>;

/**
 * Where the bytes of evidence lie, by content address. Other stores (S3) and encryption at rest implement the same.
 *
 * An upload goes `hold` → `place` → commit of its record → `settle`; or `discard` from any point on.
 * Invariant: whoever commits a record still holds an own copy at that moment, and lets go of it only after seeing that the
 * object is in place; whoever removes an object hides it first and looks for records second. So an upload and the removal
 * of the same bytes never lose an object, in whatever order their steps fall, even across `kill -9` (`sweep` ends both).
 */
export interface ObjectStore {
  /** Streams the bytes once into a durable held copy; `watch` sees every chunk. Leaves nothing when it throws. */
  hold(source: Readable, watch: (chunk: Uint8Array) => void): Promise<HeldObject>;
  /** Puts the object at its content address, durably, if it is not there yet. Before the commit. */
  place(held: HeldObject): Promise<void>;
  /** Lets go of the held copy of an object whose record is committed. */
  settle(held: HeldObject): Promise<void>;
  /** Lets go of the held copy, and removes the object when no record stands on it. */
  discard(held: HeldObject, isReferenced: IsReferenced): Promise<void>;
  /** The bytes of an object; throws `ObjectMissing`. They are not checked here: whoever reads hashes them. */
  open(sha256: string): Promise<{ readonly size: number; readonly bytes: Readable }>;
  /** Ends what killed processes left before `before`. Returns how many leftovers it ended. */
  sweep(before: Date, isReferenced: IsReferenced): Promise<number>;
  /** Resolves when nothing that was begun is still under way. */
  idle(): Promise<void>;
}

export class ObjectMissing extends Error {
  constructor(sha256: string) {
    super(`no object ${sha256}`);
    this.name = 'ObjectMissing';
  }
}
