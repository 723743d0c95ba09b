import type { Document } from 'bson';
import { checkStages, runStages } from '../aggregation/pipeline.js';
import type { Scope } from '../aggregation/scope.js';
import { type Collection, wholeKeyspace } from '../catalogue.js';
import { unparse } from '../codec.js';
import { CommandError, notSupported } from '../errors.js';
import { isDocument, numberOf } from '../numeric.js';
import { PAUSE, type Pace, paced } from '../pace.js';
import { scan } from '../ranges.js';
import type { View } from '../view.js';
import type { Reply } from '../wire.js';
import { type Call, type Command, namespaceOf } from './command.js';

/** Bytes before compression and without what lmdb's pages leave empty: they are read, not kept, and take as long as a look at everything. */
interface Sizes {
  readonly count: number;
  readonly bytes: number;
  readonly indexes: Readonly<Record<string, number>>;
}

function* sizesOf(view: View, { id, indexes }: Collection, pace: Pace): Generator<Buffer, Sizes> {
  let count = 0;
  let bytes = 0;
  let keys = 0;
  for (const [key, raw] of scan(view, wholeKeyspace(id))) {
    if (pace.step()) yield PAUSE;
    count++;
    bytes += raw.length;
    keys += key.length;
  }
  const sizes: Record<string, number> = { _id_: keys };
  for (const index of indexes) {
    let entries = 0;
    for (const [key, value] of scan(view, wholeKeyspace(index.id))) {
      if (pace.step()) yield PAUSE;
      entries += key.length + value.length;
    }
    sizes[index.name] = entries;
  }
  return { count, bytes, indexes: sizes };
}

/** What `scale` divides sizes by, down to whole numbers. */
function scaleOf({ scale = 1 }: Document): (bytes: number) => number {
  const by = numberOf(scale);
  if (by === undefined || by < 1) throw new CommandError(51024, "BSON field 'scale' value must be >= 1");
  return (bytes) => Math.floor(bytes / Math.trunc(by));
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);
const average = ({ count, bytes }: { count: number; bytes: number }) =>
  count > 0 ? { avgObjSize: Math.floor(bytes / count) } : {};

const NOTHING: Sizes = { count: 0, bytes: 0, indexes: {} };

function statsOf({ count, bytes, indexes }: Sizes, options: Document): Document {
  const scaled = scaleOf(options);
  const indexSize = total(Object.values(indexes));
  return {
    size: scaled(bytes),
    count,
    ...average({ count, bytes }),
    storageSize: scaled(bytes),
    nindexes: Object.keys(indexes).length,
    indexSizes: Object.fromEntries(Object.entries(indexes).map(([name, size]) => [name, scaled(size)])),
    totalIndexSize: scaled(indexSize),
    totalSize: scaled(bytes + indexSize),
    scaleFactor: Math.trunc(numberOf(options['scale']) ?? 1),
    capped: false,
  };
}

export const collStats: Command = {
  kind: 'read',
  fields: ['scale'],
  run(call, view) {
    const ns = namespaceOf(call);
    const collection = view.catalogue.get(ns);
    const work = function* (): Generator<Buffer, Reply> {
      const sizes = collection ? yield* sizesOf(view, collection, call.pace) : NOTHING;
      return { ns, ...statsOf(sizes, call.body), sharded: false, ok: 1 };
    };
    return paced(work(), call.pace);
  },
};

/** A pipeline that begins with $collStats, which shells send for the statistics of a collection. */
export function* overStats(
  call: Call,
  view: View,
  scope: Scope,
  pipeline: readonly Document[],
): Generator<Buffer, Iterable<Buffer> | undefined> {
  const wanted = pipeline[0]?.['$collStats'];
  if (!isDocument(wanted)) return undefined;
  const unknown = Object.keys(wanted).find((name) => name !== 'count' && name !== 'storageStats');
  if (unknown) throw notSupported(`$collStats with ${unknown}`);
  const rest = pipeline.slice(1);
  checkStages(rest);
  const ns = namespaceOf(call);
  const collection = view.catalogue.get(ns);
  if (!collection) throw new CommandError(26, `Collection [${ns}] not found.`);
  const sizes = yield* sizesOf(view, collection, call.pace);
  const document = {
    ns,
    host: call.address,
    localTime: new Date(),
    ...(isDocument(wanted['storageStats']) ? { storageStats: statsOf(sizes, wanted['storageStats']) } : {}),
    ...(isDocument(wanted['count']) ? { count: sizes.count } : {}),
  };
  return runStages(scope, [unparse(document)], rest);
}

export const dbStats: Command = {
  kind: 'read',
  fields: ['scale', 'freeStorage'],
  run(call, view) {
    const scaled = scaleOf(call.body);
    const collections = [...view.catalogue.collections.values()].filter(({ ns }) => ns.startsWith(`${call.db}.`));
    return paced(whole(call, view, collections, scaled), call.pace);
  },
};

function* whole(
  call: Call,
  view: View,
  collections: readonly Collection[],
  scaled: (bytes: number) => number,
): Generator<Buffer, Reply> {
  const all: Sizes[] = [];
  for (const collection of collections) all.push(yield* sizesOf(view, collection, call.pace));
  const documents = { count: total(all.map(({ count }) => count)), bytes: total(all.map(({ bytes }) => bytes)) };
  const indexSize = total(all.flatMap(({ indexes }) => Object.values(indexes)));
  return {
    db: call.db,
    collections: collections.length,
    views: 0,
    objects: documents.count,
    ...average(documents),
    dataSize: scaled(documents.bytes),
    storageSize: scaled(documents.bytes),
    indexes: total(all.map(({ indexes }) => Object.keys(indexes).length)),
    indexSize: scaled(indexSize),
    totalSize: scaled(documents.bytes + indexSize),
    scaleFactor: Math.trunc(numberOf(call.body['scale']) ?? 1),
    fsUsedSize: call.store.stats().bytes,
    ok: 1,
  };
}
