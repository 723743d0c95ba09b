import { serialize, UUID } from 'bson';
import { type Collection, fenceKey, type Index, keyIn, multikeyMark, OWN } from './catalogue.js';
import type { WritableView } from './view.js';

function catalogueKey(ns: string): Buffer {
  return keyIn(OWN.catalogue, Buffer.from(ns));
}

const NOTHING = Buffer.alloc(0);

/** Writes a collection's record (or its end) and lets the view see it. */
export function putCollection(view: WritableView, ns: string, collection: Collection | undefined): void {
  const key = catalogueKey(ns);
  view.claim(key);
  if (collection) {
    const { id, uuid, indexes } = collection;
    const known = view.catalogue.keyspaces();
    for (const owned of [id, ...indexes.map((index) => index.id)])
      if (!known.has(owned)) view.put(fenceKey(owned), NOTHING);
    const stored = { id, uuid, indexes: indexes.map(({ id, spec, building = false }) => ({ id, spec, building })) };
    view.put(key, Buffer.from(serialize(stored)));
  } else view.remove(key);
  view.catalogue = view.catalogue.with(ns, collection);
}

export function collectionOf(view: WritableView, ns: string): Collection {
  const found = view.catalogue.get(ns);
  if (found) return found;
  const collection = { ns, id: view.catalogue.newId(), uuid: new UUID(), indexes: [] };
  putCollection(view, ns, collection);
  return collection;
}

/** From now on the planner treats the index as multikey, at once and for good: too early does no harm. */
export function markMultikey(view: WritableView, index: Index): void {
  index.multikey.seen = true;
  view.put(multikeyMark(index.id), Buffer.from([1]));
}
