import type { Catalogue } from './catalogue.js';
import type { Entry, Range } from './ranges.js';
import type { View, WritableView } from './view.js';

/** A value of null removes the key. */
interface Write {
  readonly key: Buffer;
  readonly value: Buffer | null;
}

/**
 * Writes that are not in the store yet, over a view that does not have them. A statement that fails is an overlay that
 * is dropped; a multi-document transaction is an overlay that lives until its commit.
 */
export class Overlay implements WritableView {
  catalogue: Catalogue;
  readonly #base: View;
  readonly #claim: (key: Buffer, name: string) => void;
  #writes = new Map<string, Write>();
  #sorted: string[] | undefined;

  /** @param claim  throws when somebody else has the key; `name` is the key as text */
  constructor(base: View, claim: (key: Buffer, name: string) => void) {
    this.catalogue = base.catalogue;
    this.#base = base;
    this.#claim = claim;
  }

  get changed(): boolean {
    return this.#writes.size > 0;
  }

  claim(key: Buffer): void {
    this.#claim(key, key.toString('latin1'));
  }

  put(key: Buffer, value: Buffer): void {
    this.#write(key, value);
  }

  remove(key: Buffer): void {
    this.#write(key, null);
  }

  #write(key: Buffer, value: Buffer | null): void {
    const name = key.toString('latin1');
    if (this.#sorted && !this.#writes.has(name)) this.#sorted.splice(lowerBound(this.#sorted, name), 0, name);
    this.#writes.set(name, { key, value });
  }

  get(key: Buffer): Buffer | undefined {
    if (this.#writes.size > 0) {
      const own = this.#writes.get(key.toString('latin1'));
      if (own) return own.value ?? undefined;
    }
    return this.#base.get(key);
  }

  chunk(range: Range, limit: number, last?: Buffer): Entry[] {
    const own = this.#within(range, last);
    if (own.length === 0) return this.#base.chunk(range, limit, last);
    const merged: Entry[] = [];
    let from = last;
    let o = 0;
    const before = range.reverse ? (a: string, b: string) => a > b : (a: string, b: string) => a < b;
    for (;;) {
      const below = this.#base.chunk(range, limit, from);
      for (const entry of below) {
        const name = entry[0].toString('latin1');
        for (; o < own.length && before(own[o]!, name); o++) this.#take(own[o]!, merged);
        if (own[o] === name) this.#take(own[o++]!, merged);
        else merged.push(entry);
        if (merged.length >= limit) return merged.slice(0, limit);
      }
      if (below.length < limit) {
        for (; o < own.length; o++) this.#take(own[o]!, merged);
        return merged.slice(0, limit);
      }
      from = below.at(-1)![0];
    }
  }

  #take(name: string, into: Entry[]): void {
    const { key, value } = this.#writes.get(name)!;
    if (value) into.push([key, value]);
  }

  #within(range: Range, last: Buffer | undefined): string[] {
    if (this.#writes.size === 0) return [];
    this.#sorted ??= [...this.#writes.keys()].sort();
    let from = lowerBound(this.#sorted, range.low.toString('latin1'));
    let to = lowerBound(this.#sorted, range.high.toString('latin1'));
    if (last) {
      const name = last.toString('latin1');
      const at = lowerBound(this.#sorted, name);
      if (range.reverse) to = Math.min(to, at);
      else from = Math.max(from, this.#sorted[at] === name ? at + 1 : at);
    }
    const names = this.#sorted.slice(from, Math.max(from, to));
    return range.reverse ? names.reverse() : names;
  }

  /** Takes over the writes of another one, which is spent afterwards; this one has none of its own yet. */
  adopt(other: Overlay): void {
    this.#writes = other.#writes;
    this.#sorted = undefined;
  }

  /** Hands every write to `target`; the overlay is spent afterwards. */
  flush(target: { put(key: Buffer, value: Buffer): void; remove(key: Buffer): void }): void {
    for (const { key, value } of this.#writes.values()) {
      if (value) target.put(key, value);
      else target.remove(key);
    }
  }
}

function lowerBound(sorted: readonly string[], name: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
