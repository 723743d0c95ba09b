import { keyIn } from './catalogue.js';
import { documentOf } from './codec.js';
import { idKeyIn, removeDocument } from './documents.js';
import { after, constantOf, invert, keyOf, RANK } from './keys.js';
import { eachItem, visitPath } from './paths.js';
import { scan } from './ranges.js';
import { TYPE, type Value } from './raw.js';
import type { Store } from './store.js';

/** Documents deleted in one commit; other writers get their turn in between. */
const BATCH = 500;

/** Deletes what TTL indexes say has expired: documents whose date (or earliest date in an array) is old enough. */
export async function sweepExpired(store: Store, now: number): Promise<number> {
  let total = 0;
  for (const { ns, indexes } of store.reader.catalogue.collections.values()) {
    for (const index of indexes) {
      const { id, expireAfterSeconds, components } = index;
      if (expireAfterSeconds === undefined || index.building) continue;
      const horizon = now - expireAfterSeconds * 1000;
      const { path, descending } = components[0]!;
      const latest = keyOf(constantOf(new Date(horizon)));
      const first = Buffer.from([RANK.date]);
      const range = descending
        ? { low: keyIn(id, invert(latest)), high: after(keyIn(id, invert(first))) }
        : { low: keyIn(id, first), high: after(keyIn(id, latest)) };
      for (;;) {
        const removed = await store.write((view) => {
          const collection = view.catalogue.get(ns);
          if (!collection?.indexes.some((one) => one.id === id)) return 0;
          let count = 0;
          for (const [key, value] of scan(view, range)) {
            const idKey = idKeyIn(index, key, value);
            const raw = view.get(keyIn(collection.id, idKey));
            if (!raw || !visitPath(documentOf(raw), path, expired(horizon))) continue;
            removeDocument(view, collection, { idKey, raw });
            if (++count === BATCH) break;
          }
          return count;
        });
        total += removed;
        if (removed < BATCH) break;
      }
    }
  }
  return total;
}

function expired(horizon: number): (value: Value) => boolean {
  const test = (value: Value): boolean =>
    value.type === TYPE.array
      ? eachItem(value, test)
      : value.type === TYPE.date && Number(value.buf.readBigInt64LE(value.at)) <= horizon;
  return test;
}
