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

/** `exact`: the path ended at a numbered position; an array there is one value and does not stand for its items. */
export type Found = (value: Value, exact: boolean) => boolean;

/**
 * Calls `found` for every value that a path reaches in a document, going into arrays as MongoDB does: an array in the
 * middle stands for the documents in it (and for the one at the position, when the next part is a number); an array at
 * the end is passed as it is. A branch that ends early is passed as MISSING. Stops when `found` returns true.
 */
export function visitPath(doc: Value, path: Path, found: Found): boolean {
  return into(doc, path, 0, found);
}

function into(doc: Value, path: Path, i: number, found: Found): boolean {
  const value = field(doc.buf, doc.at, path.parts[i]!.name);
  if (value === undefined) return found(MISSING, false);
  return onward(value, path, i + 1, found, false);
}

function onward(value: Value, path: Path, i: number, found: Found, exact: boolean): boolean {
  if (i === path.parts.length) return found(value, exact);
  if (value.type === TYPE.object) return into(value, path, i, found);
  if (value.type !== TYPE.array) return found(MISSING, false);
  const part = path.parts[i]!;
  if (part.position) {
    const item = field(value.buf, value.at, part.name);
    const reachable = item && (i + 1 === path.parts.length || item.type === TYPE.object || item.type === TYPE.array);
    if (reachable && onward(item, path, i + 1, found, true)) return true;
  }
  return eachElement(value.buf, value.at, (type, _nameAt, _nameEnd, at) =>
    type === TYPE.object ? into({ buf: value.buf, type, at }, path, i, found) : false,
  );
}

/** Calls `found` for each item of an array value. */
export function eachItem(array: Value, found: (item: Value) => boolean): boolean {
  return eachElement(array.buf, array.at, (type, _nameAt, _nameEnd, at) => found({ buf: array.buf, type, at }));
}
