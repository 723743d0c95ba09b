import type { Catalogue } from './catalogue.js';
import type { Keyspace } from './ranges.js';

/** A state of the store that can be read: the last committed one, a snapshot, or one with writes of its own on top. */
export interface View extends Keyspace {
  readonly catalogue: Catalogue;
}

/** A view that takes writes. `claim` comes before `put` and `remove` of keys that two writers might fight over. */
export interface WritableView extends View {
  catalogue: Catalogue;
  put(key: Buffer, value: Buffer): void;
  remove(key: Buffer): void;
  claim(key: Buffer): void;
}
