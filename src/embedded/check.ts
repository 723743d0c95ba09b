import { type Collection, type Index, wholeKeyspace } from './catalogue.js';
import { documentOf } from './codec.js';
import { entryOf, idKeyOf, idOf } from './documents.js';
import { entriesOf } from './index-keys.js';
import { scan } from './ranges.js';
import { validate } from './raw.js';
import { everything } from './reader.js';
import type { Store } from './store.js';
import type { View } from './view.js';

export interface Report {
  readonly collections: number;
  readonly documents: number;
  readonly entries: number;
  /** What is wrong, a line each; empty for a sound folder. */
  readonly faults: readonly string[];
}

/**
 * Reads everything in an opened store: every document is well-formed BSON under its own _id, every index has exactly the
 * entries its documents ask for, nothing lies in keyspaces that nobody owns. Changes nothing.
 */
export function checkStore(store: Store): Report {
  const faults: string[] = [];
  const view = store.reader;
  let documents = 0;
  let entries = 0;
  for (const collection of view.catalogue.collections.values()) {
    const expected = new Map<Index, number>(collection.indexes.map((index) => [index, 0]));
    for (const { idKey, raw } of everything(view, collection)) {
      documents++;
      checkDocument(view, collection, idKey, raw, expected, faults);
    }
    for (const [index, count] of expected) {
      let found = 0;
      for (const _ of scan(view, wholeKeyspace(index.id))) found++;
      entries += found;
      if (found !== count)
        faults.push(`${collection.ns}: index ${index.name} has ${found} entries, its documents ask for ${count}`);
    }
  }
  for (const id of store.keyspaces())
    if (!view.catalogue.keyspaces().has(id)) faults.push(`keyspace ${id} belongs to nothing`);
  return { collections: view.catalogue.collections.size, documents, entries, faults };
}

function checkDocument(
  view: View,
  collection: Collection,
  idKey: Buffer,
  raw: Buffer,
  expected: Map<Index, number>,
  faults: string[],
): void {
  const where = `${collection.ns} ${idKey.toString('hex')}`;
  try {
    validate(raw);
    if (!idKeyOf(idOf(raw)).equals(idKey)) faults.push(`${where}: lies under another _id than its own`);
    for (const index of collection.indexes) {
      const { keys } = entriesOf(index, documentOf(raw));
      expected.set(index, expected.get(index)! + keys.length);
      for (const one of keys) {
        const { key, value } = entryOf(index, one, idKey);
        if (!view.get(key)?.equals(value)) faults.push(`${where}: missing in index ${index.name}`);
      }
    }
  } catch (error) {
    faults.push(`${where}: ${error instanceof Error ? error.message : error}`);
  }
}
