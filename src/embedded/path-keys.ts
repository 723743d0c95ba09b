import { keyOf, RANK } from './keys.js';
import { eachItem, type Path } from './paths.js';
import { field, MISSING, TYPE, type Value } from './raw.js';

const NULL_KEY = keyOf(MISSING);
/** An empty array is indexed as undefined, which is what MongoDB does. */
const EMPTY_ARRAY_KEY = Buffer.from([RANK.undefined]);

export interface Reached {
  readonly keys: Buffer[];
  /** Whether the document has the path at all. */
  exists: boolean;
  /** Where the path met an array: its depth, 0 for nowhere. */
  arrayDepth: number;
}

/** Ascending keys of everything that a path reaches, as indexes and sorts see it; at least one. */
export function keysAt(path: Path, doc: Value): Buffer[] {
  return reach(path, doc).keys;
}

export function reach(path: Path, doc: Value): Reached {
  const found: Reached = { keys: [], exists: false, arrayDepth: 0 };
  into(doc, path, 0, found);
  if (found.keys.length === 0) found.keys.push(NULL_KEY);
  return found;
}

function into(doc: Value, path: Path, i: number, found: Reached): void {
  const value = field(doc.buf, doc.at, path.parts[i]!.name);
  if (value === undefined) found.keys.push(NULL_KEY);
  else onward(value, path, i + 1, found);
}

function onward(value: Value, path: Path, i: number, found: Reached): void {
  if (i === path.parts.length) atEnd(value, i, found);
  else if (value.type === TYPE.object) into(value, path, i, found);
  else if (value.type === TYPE.array) through(value, path, i, found);
  else found.keys.push(NULL_KEY);
}

function through(value: Value, path: Path, i: number, found: Reached): void {
  found.arrayDepth ||= i;
  const part = path.parts[i]!;
  const item = part.position ? field(value.buf, value.at, part.name) : undefined;
  if (item) onward(item, path, i + 1, found);
  eachItem(value, (one) => {
    if (one.type === TYPE.object) into(one, path, i, found);
    else if (!item) found.keys.push(NULL_KEY);
    return false;
  });
}

function atEnd(value: Value, depth: number, found: Reached): void {
  found.exists = true;
  if (value.type !== TYPE.array) {
    found.keys.push(keyOf(value));
    return;
  }
  found.arrayDepth ||= depth;
  const before = found.keys.length;
  eachItem(value, (item) => {
    found.keys.push(keyOf(item));
    return false;
  });
  if (found.keys.length === before) found.keys.push(EMPTY_ARRAY_KEY);
}
