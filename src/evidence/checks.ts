import type { Check } from '../kernel/check.js';
import { MINUTE } from '../kernel/clock.js';
import type { EvidenceContext } from './context.js';
import { custodyChecks } from './custody-checks.js';
import { keptObjects, objectStates, strangersAmong } from './objects.js';
import { everyEvidence } from './store.js';
import { readThrough } from './verify-objects.js';

/** Rows that are looked up together. */
const BATCH = 500;

/** Evidence as it must be: every record has its object, every object its record, and every object a key that is here. */
export const evidenceChecks: readonly Check<EvidenceContext>[] = [
  {
    name: 'evidence-records',
    about: 'every record of evidence stands on an object, and says of it what is true',
    run: async function* ({ db }) {
      for await (const docs of inBatches(everyEvidence(db))) {
        const states = await objectStates(
          db,
          docs.map(({ objectId }) => objectId),
        );
        for (const { _id: id, objectId, original } of docs) {
          const state = states.get(objectId);
          if (state === undefined || state === 'removed')
            yield {
              kind: 'record-without-object',
              id,
              says: `evidence ${id} stands on ${objectId}, of which nothing is known`,
            };
          else if ((state === 'erased') !== (original === 'erased'))
            yield {
              kind: 'erased-half',
              id,
              says: `evidence ${id} is ${original}, its object ${objectId} is ${state}`,
            };
        }
      }
    },
  },
  {
    name: 'evidence-objects',
    about: 'every object that is known lies in the store, whole, under a master key that is here',
    run: async function* ({ db, vault }) {
      for await (const { _id: id, storedSize, key } of keptObjects(db)) {
        const lies = await vault.store.stat(id);
        if (lies === null) yield { kind: 'object-missing', id, says: `object ${id} is not in the store` };
        else if (lies.size !== storedSize)
          yield { kind: 'object-cut', id, says: `object ${id} has ${lies.size} bytes instead of ${storedSize}` };
        if (key === undefined || !vault.keys.isKnown(key.masterKeyId))
          yield {
            kind: 'key-lost',
            id,
            says: `object ${id} is under master key ${key?.masterKeyId}, which is not here`,
          };
      }
    },
  },
  {
    name: 'evidence-strangers',
    about: 'every object in the store is known, but for what is younger than an upload may take',
    run: async function* ({ db, vault, clock, config }) {
      const before = new Date(clock.now().getTime() - config.uploads.graceMinutes * MINUTE);
      for await (const found of inBatches(vault.store.list())) {
        const old = found.filter(({ at }) => at < before).map(({ id }) => id);
        for (const id of await strangersAmong(db, old))
          yield {
            kind: 'object-without-record',
            id,
            says: `object ${id} lies in the store and belongs to nothing; the sweep removes it`,
          };
      }
    },
  },
  ...custodyChecks,
  {
    name: 'evidence-bytes',
    about: 'every object is, byte for byte, what was received',
    deep: true,
    run: async function* (ctx) {
      for await (const object of keptObjects(ctx.db)) {
        const found = await readThrough(ctx, object);
        if (typeof found === 'object')
          yield {
            kind: `object-${found.because}`,
            id: object._id,
            says: `object ${object._id} is not what was received: ${found.because}`,
          };
      }
    },
  },
];

async function* inBatches<T>(all: AsyncIterable<T>): AsyncGenerator<readonly T[]> {
  let batch: T[] = [];
  for await (const one of all) {
    batch.push(one);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
