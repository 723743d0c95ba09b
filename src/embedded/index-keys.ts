import type { Component, Index } from './catalogue.js';
import { CommandError } from './errors.js';
import { bounded, invert, keyOf, RANK } from './keys.js';
import { eachItem, type Path } from './paths.js';
import { field, MISSING, TYPE, type Value } from './raw.js';

const NULL_KEY = keyOf(MISSING);
/** An empty array is indexed as undefined, which is what MongoDB does. */
const EMPTY_ARRAY_KEY = Buffer.from([RANK.undefined]);

interface Found {
  readonly keys: Buffer[];
  /** Whether the document has the path at all. */
  exists: boolean;
  /** Where the path met an array: its depth, 0 for nowhere. */
  arrayDepth: number;
}

/**
 * The entries (without keyspace and document) that a document has in an index: none when a sparse or partial index
 * leaves it out, several when a path meets an array.
 *
 * @throws CommandError CannotIndexParallelArrays when two components meet different arrays
 */
export function entriesOf(index: Index, doc: Value): { keys: Buffer[]; multikey: boolean } {
  if (index.partial && !index.partial.filter.test(doc)) return { keys: [], multikey: false };
  const found = index.components.map((component) => valuesOf(component, doc));
  if (index.sparse && !found.some((one) => one.exists)) return { keys: [], multikey: false };
  const multikey = found.some((one) => one.arrayDepth > 0);
  if (found.length === 1) return { keys: unique(found[0]!.keys), multikey };
  if (multikey) refuseParallel(index, found);
  let keys: Buffer[] = [Buffer.alloc(0)];
  for (const { keys: tails } of found) keys = keys.flatMap((head) => tails.map((tail) => Buffer.concat([head, tail])));
  return { keys: unique(keys), multikey };
}

function unique(keys: Buffer[]): Buffer[] {
  if (keys.length === 1) return [bounded(keys[0]!)];
  const seen = new Map(keys.map((key) => [key.toString('latin1'), key]));
  return [...seen.values()].map(bounded);
}

function refuseParallel(index: Index, found: readonly Found[]): void {
  const arrays = new Set<string>();
  found.forEach(({ arrayDepth }, i) => {
    const { parts } = index.components[i]!.path;
    if (arrayDepth > 0)
      arrays.add(
        parts
          .slice(0, arrayDepth)
          .map(({ name }) => name.toString())
          .join('.'),
      );
  });
  if (arrays.size > 1)
    throw new CommandError(
      171,
      `cannot index parallel arrays [${[...arrays].map((path) => path.split('.').at(-1)).join('] [')}]`,
    );
}

/** Ascending keys of everything that a path reaches, as indexes and sorts see it; at least one. */
export function keysAt(path: Path, doc: Value): Buffer[] {
  return reach(path, doc).keys;
}

function reach(path: Path, doc: Value): Found {
  const found: Found = { keys: [], exists: false, arrayDepth: 0 };
  into(doc, path, 0, found);
  if (found.keys.length === 0) found.keys.push(NULL_KEY);
  return found;
}

function valuesOf({ path, descending }: Component, doc: Value): Found {
  const found = reach(path, doc);
  if (descending) for (let i = 0; i < found.keys.length; i++) found.keys[i] = invert(Buffer.from(found.keys[i]!));
  return found;
}

function into(doc: Value, path: Path, i: number, found: Found): void {
  const value = field(doc.buf, doc.at, path.parts[i]!.name);
  if (value === undefined) found.keys.push(NULL_KEY);
  else onward(value, path, i + 1, found);
}

function onward(value: Value, path: Path, i: number, found: Found): void {
  if (i === path.parts.length) atEnd(value, i, found);
  else if (value.type === TYPE.object) into(value, path, i, found);
  else if (value.type === TYPE.array) through(value, path, i, found);
  else found.keys.push(NULL_KEY);
}

function through(value: Value, path: Path, i: number, found: Found): void {
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

function atEnd(value: Value, depth: number, found: Found): void {
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
