import { type Collection, type Index, wholeKeyspace } from './catalogue.js';
import { documentOf } from './codec.js';
import { markMultikey, putCollection } from './collections.js';
import { checkUnique, entryOf } from './documents.js';
import { CommandError } from './errors.js';
import { entriesOf } from './index-keys.js';
import { scan } from './ranges.js';
import type { Store } from './store.js';
import type { WritableView } from './view.js';

/** Work in one commit, in ms; everybody else has their turn in between. */
const SLICE_MS = 20;

/** Entries of one document. @throws CommandError DuplicateKey · CannotIndexParallelArrays */
export function addEntries(view: WritableView, collection: Collection, index: Index, idKey: Buffer, raw: Buffer): void {
  const { keys, multikey } = entriesOf(index, documentOf(raw));
  if (multikey && !index.multikey.seen) markMultikey(view, index);
  for (const key of keys) {
    const entry = entryOf(index, key, idKey);
    if (index.unique) checkUnique(view, { ...collection, indexes: [index] }, index, entry.key, idKey, raw);
    view.put(entry.key, entry.value);
  }
}

const builds = new WeakMap<Store, Map<number, Promise<void>>>();

/**
 * Fills an index that is in the catalogue as being built: writers keep it already, nobody reads it. Whoever asks for an index
 * that is being built waits for the same build.
 *
 * @throws CommandError what a document has against it; the index is gone then · IndexBuildAborted when it was dropped
 */
export function buildIndex(store: Store, id: number): Promise<void> {
  const running = builds.get(store) ?? new Map<number, Promise<void>>();
  builds.set(store, running);
  let build = running.get(id);
  if (!build) {
    build = fill(store, id).finally(() => running.delete(id));
    running.set(id, build);
  }
  return build;
}

async function fill(store: Store, id: number): Promise<void> {
  try {
    let last: Buffer | undefined;
    for (let done = false; !done; ) {
      const at: Buffer | undefined = last;
      [done, last] = await store.write((view) => slice(view, id, at));
    }
    await store.write((view) => {
      const { collection, index } = found(view, id);
      const { building: _, ...ready } = index;
      putCollection(view, collection.ns, replaced(collection, index, [ready]));
    });
  } catch (error) {
    await abandonIndex(store, id);
    throw error;
  }
}

/** Goes on after `last`. @returns whether that was the end, and the last document's key */
function slice(view: WritableView, id: number, last: Buffer | undefined): [boolean, Buffer | undefined] {
  const { collection, index } = found(view, id);
  const began = performance.now();
  const whole = wholeKeyspace(collection.id);
  const range = last ? { ...whole, low: Buffer.concat([last, Buffer.alloc(1)]) } : whole;
  let at = last;
  for (const [key, raw] of scan(view, range)) {
    addEntries(view, collection, index, key.subarray(4), raw);
    at = key;
    if (performance.now() - began > SLICE_MS) return [false, at];
  }
  return [true, at];
}

/** Takes an index out that will not be finished, and all that was written for it. */
async function abandonIndex(store: Store, id: number): Promise<void> {
  await store.write((view) => {
    for (const collection of view.catalogue.collections.values()) {
      const index = collection.indexes.find((one) => one.id === id);
      if (index) putCollection(view, collection.ns, replaced(collection, index, []));
    }
  });
  await store.dropKeyspace(id);
}

const replaced = (collection: Collection, old: Index, by: readonly Index[]): Collection => ({
  ...collection,
  indexes: collection.indexes.flatMap((one) => (one === old ? by : [one])),
});

/** By its number: the collection may have been renamed meanwhile. */
function found(view: WritableView, id: number): { collection: Collection; index: Index } {
  for (const collection of view.catalogue.collections.values()) {
    const index = collection.indexes.find((one) => one.id === id);
    if (index) return { collection, index };
  }
  throw new CommandError(276, 'Index build failed: the index was dropped');
}
