import type { Catalogue, Collection } from './catalogue.js';
import { writeConflict } from './errors.js';
import { Overlay } from './overlay.js';
import type { Entry, Range } from './ranges.js';
import type { Snapshot } from './storage.js';
import type { View, WritableView } from './view.js';

/** A multi-document transaction: a snapshot, the writes on top of it, and the claims on what they write. */
export class Transaction {
  readonly view: WritableView;
  readonly claims: string[] = [];
  readonly ended: Promise<void>;
  closed = false;
  readonly #overlay: Overlay;
  readonly #snapshot: Snapshot;
  readonly #start: Catalogue;
  #resolve: () => void = () => {};

  constructor(snapshot: Snapshot, catalogue: Catalogue, claim: (key: Buffer, name: string) => void) {
    this.#snapshot = snapshot;
    this.#start = catalogue;
    const base: View = {
      catalogue,
      get: (key: Buffer) => snapshot.get(key),
      chunk: (range: Range, limit: number, last?: Buffer): Entry[] => snapshot.chunk(range, limit, last),
    };
    this.#overlay = new Overlay(base, claim);
    this.view = this.#overlay;
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  get changed(): boolean {
    return this.#overlay.changed;
  }

  /** Whether a key still has the value this transaction's snapshot shows. */
  isCurrent(key: Buffer, latest: Buffer | undefined): boolean {
    const seen = this.#snapshot.get(key);
    return seen === undefined ? latest === undefined : latest !== undefined && seen.equals(latest);
  }

  /** @throws CommandError WriteConflict when a collection it wrote to is not the one it began with */
  applyTo(view: Overlay): void {
    const written = new Set(this.claims.map(keyspaceOf));
    for (const [ns, collection] of this.#start.collections)
      if (written.has(collection.id) && view.catalogue.get(ns) !== collection) throw writeConflict();
    for (const [ns, collection] of this.#overlay.catalogue.collections) {
      if (this.#start.get(ns) === collection) continue;
      this.#adopt(view, ns, collection);
    }
    view.adopt(this.#overlay);
  }

  #adopt(view: WritableView, ns: string, collection: Collection): void {
    if (view.catalogue.get(ns) !== this.#start.get(ns)) throw writeConflict();
    view.catalogue = view.catalogue.with(ns, collection);
  }

  end(): void {
    this.#snapshot.release();
    this.#resolve();
  }
}

/** The first four bytes of a key that is a text of them. */
function keyspaceOf(name: string): number {
  return name.charCodeAt(0) * 0x1000000 + (name.charCodeAt(1) << 16) + (name.charCodeAt(2) << 8) + name.charCodeAt(3);
}
