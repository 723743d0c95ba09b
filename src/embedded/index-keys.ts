import type { Component, Index } from './catalogue.js';
import { CommandError } from './errors.js';
import { appendKey, beginKey, bounded, invert, takeKey } from './keys.js';
import { type Reached, reach } from './path-keys.js';
import { field, MISSING, TYPE, type Value } from './raw.js';

/**
 * The entries (without keyspace and document) that a document has in an index: none when a sparse or partial index
 * leaves it out, several when a path meets an array.
 *
 * @throws CommandError CannotIndexParallelArrays when two components meet different arrays
 */
export function entriesOf(index: Index, doc: Value): { keys: Buffer[]; multikey: boolean } {
  if (index.partial && !index.partial.filter.test(doc)) return { keys: [], multikey: false };
  const plain = plainEntry(index, doc);
  if (plain) return { keys: index.sparse && !plain.exists ? [] : [bounded(plain.key)], multikey: false };
  const found = index.components.map((component) => valuesOf(component, doc));
  if (index.sparse && !found.some((one) => one.exists)) return { keys: [], multikey: false };
  const multikey = found.some((one) => one.arrayDepth > 0);
  if (found.length === 1) return { keys: unique(found[0]!.keys), multikey };
  if (multikey) refuseParallel(index, found);
  let keys: Buffer[] = [Buffer.alloc(0)];
  for (const { keys: tails } of found) keys = keys.flatMap((head) => tails.map((tail) => Buffer.concat([head, tail])));
  return { keys: unique(keys), multikey };
}

/** The only entry of a document that has no array where the index looks; most have none. */
function plainEntry({ components }: Index, doc: Value): { key: Buffer; exists: boolean } | undefined {
  let exists = false;
  beginKey();
  for (const { path, descending } of components) {
    let value: Value | undefined = doc;
    for (const { name } of path.parts) {
      value = value.type === TYPE.object ? field(value.buf, value.at, name) : undefined;
      if (value === undefined) break;
      if (value.type === TYPE.array) return undefined;
    }
    exists ||= value !== undefined;
    appendKey(value ?? MISSING, descending);
  }
  return { key: takeKey(), exists };
}

function unique(keys: Buffer[]): Buffer[] {
  if (keys.length === 1) return [bounded(keys[0]!)];
  const seen = new Map(keys.map((key) => [key.toString('latin1'), key]));
  return [...seen.values()].map(bounded);
}

function refuseParallel(index: Index, found: readonly Reached[]): void {
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

function valuesOf({ path, descending }: Component, doc: Value): Reached {
  const found = reach(path, doc);
  if (descending) for (let i = 0; i < found.keys.length; i++) found.keys[i] = invert(Buffer.from(found.keys[i]!));
  return found;
}
