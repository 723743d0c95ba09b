/** What lies in a store under one name. */
export interface StoredObject {
  readonly id: string;
  /** Bytes as they lie there. */
  readonly size: number;
  readonly at: Date;
}

/** An object that is open to be read once. */
export interface ObjectBytes {
  readonly size: number;
  /** As they lie there. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** For whoever may not read to the end; does nothing after it. */
  close(): void;
}

/**
 * Where encrypted bytes lie, each object under an id of its own that nothing else ever gets.
 *
 * A store knows no keys, no cases and no records. An object is there whole and durably, or not at all.
 */
export interface ObjectStore {
  /** For people: `file:…` or `s3:…`, without secrets. */
  readonly name: string;
  /** Streams bytes once into a new object; it is durable when this returns. Leaves nothing when it throws. */
  write(id: string, bytes: AsyncIterable<Uint8Array>): Promise<{ readonly size: number }>;
  /**
   * Throws `ObjectMissing`.
   * @param memory  to read into over and over: then bytes are overwritten when the next ones are asked for
   */
  read(id: string, memory?: Uint8Array): Promise<ObjectBytes>;
  /** Null when there is none. */
  stat(id: string): Promise<StoredObject | null>;
  /** Nothing when there is none. */
  remove(id: string): Promise<void>;
  /** Every object, in no particular order. */
  list(): AsyncIterable<StoredObject>;
  /** Removes what interrupted writes left before `before` and that is no object yet. Returns how much that was. */
  sweep(before: Date): Promise<number>;
}

export class ObjectMissing extends Error {
  constructor(id: string) {
    super(`no object ${id}`);
    this.name = 'ObjectMissing';
  }
}

/** The form of ids that stores take; anything else is not there. */
export const OBJECT_ID = /^object_[0-9a-f]{24}$/;
