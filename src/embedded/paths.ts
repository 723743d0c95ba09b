import { eachElement, field, MISSING, TYPE, type Value } from './raw.js';

/** A dotted path, cut once: `a.0.b` is three parts, the second of which may also be an array position. */
export interface Path {
  readonly text: string;
  readonly parts: readonly { readonly name: Buffer; readonly position: boolean }[];
}

export function pathOf(text: string): Path {
  const parts = text.split('.').map((part) => ({ name: Buffer.from(part), position: /^(0|[1-9]\d*)$/.test(part) }));
  return { text, parts };
}

/**
 * Calls `found` for every value that a path reaches in a document, going into arrays as MongoDB does: an array in the
 * middle stands for the documents in it (and for the one at the position, when the next part is a number); an array at
 * the end is passed as it is. A branch that ends early is passed as MISSING. Stops when `found` returns true.
 */
export function visitPath(doc: Value, path: Path, found: (value: Value) => boolean): boolean {
  return into(doc, path, 0, found);
}

function into(doc: Value, path: Path, i: number, found: (value: Value) => boolean): boolean {
  const value = field(doc.buf, doc.at, path.parts[i]!.name);
  if (value === undefined) return found(MISSING);
  return onward(value, path, i + 1, found);
}

function onward(value: Value, path: Path, i: number, found: (value: Value) => boolean): boolean {
  if (i === path.parts.length) return found(value);
  if (value.type === TYPE.object) return into(value, path, i, found);
  if (value.type !== TYPE.array) return found(MISSING);
  const part = path.parts[i]!;
  if (part.position) {
    const item = field(value.buf, value.at, part.name);
    if (item !== undefined && onward(item, path, i + 1, found)) return true;
  }
  return eachElement(value.buf, value.at, (type, _nameAt, _nameEnd, at) =>
    type === TYPE.object ? into({ buf: value.buf, type, at }, path, i, found) : false,
  );
}

/** Calls `found` for each item of an array value. */
export function eachItem(array: Value, found: (item: Value) => boolean): boolean {
  return eachElement(array.buf, array.at, (type, _nameAt, _nameEnd, at) => found({ buf: array.buf, type, at }));
}
