import { Int32 } from 'bson';
import fc from 'fast-check';
import { output, pipeline } from './pipelines.js';
import { filter, path, projection, sort, withoutEmptyArrays } from './queries.js';
import { change } from './updates.js';
import { type Doc, document, value } from './values.js';

/** One thing that is done to both stores. */
export type Step =
  | { readonly kind: 'command'; readonly command: Doc; readonly session?: 0 | 1 }
  | { readonly kind: 'begin' | 'commit' | 'abort'; readonly session: 0 | 1 };

const collection = fc.constantFrom('d1', 'd1', 'd1', 'd2');
const ordered = fc.boolean();

const insert = fc
  .tuple(collection, fc.array(document, { minLength: 1, maxLength: 3 }), ordered)
  .map(([insert, documents, ordered]): Doc => ({ insert, documents, ordered }));
const find = fc
  .record(
    {
      find: collection,
      filter,
      projection,
      sort,
      skip: fc.constantFrom(0, 1, 3),
      limit: fc.constantFrom(1, 2, 5),
      batchSize: fc.constantFrom(2, 100),
    },
    { requiredKeys: ['find', 'filter'] },
  )
  .map((command): Doc => {
    const cut = 'skip' in command || 'limit' in command;
    const order = command.sort ?? (cut ? { _id: 1 } : undefined);
    return order ? { ...command, sort: order, filter: withoutEmptyArrays(command.filter, order) } : command;
  });
const statement = fc.tuple(filter, change, fc.boolean(), fc.boolean()).map(
  ([q, one, multi, upsert]): Doc => ({
    q: positional(one.u) ? placeless(q) : q,
    ...one,
    multi: multi && (Array.isArray(one.u) || Object.keys(one.u)[0]?.[0] === '$'),
    upsert: upsert && upsertable(q, one.u),
  }),
);
/**
 * The engine makes documents on the way to what an upsert unsets, looks for $expr at the top only, and takes a regular
 * expression in an $all or $in for a value that the field has.
 */
const upsertable = (q: Doc, u: unknown): boolean =>
  !JSON.stringify(q).includes('$expr') &&
  !/"\$(all|in)":.*"pattern"/.test(JSON.stringify(q)) &&
  !['$unset', '$pull', '$pullAll', '$pop'].some((operator) =>
    Object.keys(((u as Doc)[operator] as Doc | undefined) ?? {}).some((name) => name.includes('.')),
  );

const update = fc.tuple(collection, fc.array(statement, { minLength: 1, maxLength: 2 }), ordered).map(
  ([update, updates, ordered]): Doc => ({
    update,
    updates: updates.map((one) => ({ ...one, ...single(one) })),
    ordered,
  }),
);
function single(one: Doc): Doc {
  return one['multi'] === true ? {} : { q: onlyOne(one['q'] as Doc) };
}
/** Which of several documents a single write takes is a matter of natural order, so the filter names one. */
function onlyOne(filter: Doc): Doc {
  const named = filter['_id'];
  return { ...filter, _id: named === undefined || isDocument(named) ? new Int32(3) : named };
}
const positional = (u: unknown) => /"l\.\$(\.y)?":/.test(JSON.stringify(u));
/** To the engine the place that a path names is the one that a positional $ stands for, and 1.5 has the bits of 1. */
function placeless(filter: Doc): Doc {
  return Object.fromEntries(
    Object.entries(filter).map(([name, of]) => [
      name.replace(/^l\.\d/, 'l'),
      ['$and', '$or', '$nor'].includes(name) ? (of as Doc[]).map(placeless) : withoutBits(of),
    ]),
  );
}
const withoutBits = (of: unknown) => (JSON.stringify(of)?.includes('"$bits') ? { $gt: 2 } : of);
const isDocument = (one: unknown) => Object.getPrototypeOf(one ?? 0) === Object.prototype;
const remove = fc.tuple(collection, filter, fc.boolean()).map(
  ([name, q, all]): Doc => ({
    delete: name,
    deletes: [{ q: all ? { $and: [q, { n: { $gt: 2 } }] } : onlyOne(q), limit: all ? 0 : 1 }],
  }),
);
const findAndModify = fc
  .tuple(
    collection,
    filter,
    sort,
    fc.oneof(
      fc.tuple(change, fc.boolean(), fc.boolean()).map(
        ([one, upsert, after]): Doc => ({
          update: one.u,
          ...(one.arrayFilters ? { arrayFilters: one.arrayFilters } : {}),
          upsert,
          new: after,
        }),
      ),
      fc.constant<Doc>({ remove: true }),
    ),
    fc.option(projection, { nil: undefined }),
  )
  .map(
    ([name, query, order, how, fields]): Doc => ({
      findAndModify: name,
      query: withoutEmptyArrays(positional(how) ? placeless(query) : query, order),
      sort: order,
      ...how,
      ...(how['upsert'] === true && !upsertable(query, how['update']) ? { upsert: false } : {}),
      ...(fields ? { fields } : {}),
    }),
  );
const count = fc.tuple(collection, filter).map(([name, query]): Doc => ({ count: name, query }));
const distinct = fc.tuple(collection, path, filter).map(([name, key, query]): Doc => ({ distinct: name, key, query }));
const aggregate = fc
  .tuple(collection, pipeline, fc.constantFrom(2, 100))
  .map(([name, stages, batchSize]): Doc => ({ aggregate: name, pipeline: stages, cursor: { batchSize } }));
const aggregateOut = fc
  .tuple(
    collection,
    fc.oneof(
      fc.constant<Doc[]>([]),
      // Of what is written elsewhere the answer says nothing: none by bits, which the engine finds in fractions too.
      filter.filter((one) => !JSON.stringify(one).includes('"$bits')).map(($match) => [{ $match }]),
    ),
    output,
  )
  .map(([name, stages, last]): Doc => ({ aggregate: name, pipeline: [...stages, ...last], cursor: {} }));
const createIndexes = fc
  .tuple(
    collection,
    fc.constantFrom<Doc>(
      { key: { a: 1 }, name: 'a' },
      { key: { n: -1, b: 1 }, name: 'nb' },
      { key: { n: 1 }, name: 'unique n', unique: true },
      { key: { s: 1, n: 1 }, name: 'unique sn', unique: true },
      { key: { 'a.x': 1 }, name: 'sparse', sparse: true },
      { key: { b: 1 }, name: 'unique sparse', unique: true, sparse: true },
      { key: { l: 1 }, name: 'multikey' },
      { key: { 'l.x': 1 }, name: 'lx' },
      { key: { s: 1 }, name: 'partial', partialFilterExpression: { n: { $gt: 1 } } },
      { key: { b: -1 }, name: 'unique partial', unique: true, partialFilterExpression: { s: { $exists: true } } },
      { key: { a: 1 }, name: 'a again' },
      { key: { b: 1 }, name: 'a' },
    ),
  )
  .map(([name, index]): Doc => ({ createIndexes: name, indexes: [index] }));
const catalogue = fc.oneof(
  fc
    .tuple(collection, fc.constantFrom<unknown>('*', 'a', 'nb', 'unique n', 'nothing'))
    .map(([name, index]): Doc => ({ dropIndexes: name, index })),
  fc.constantFrom<Doc>(
    { listIndexes: 'd1' },
    { listIndexes: 'nowhere' },
    { listCollections: 1, nameOnly: true },
    { create: 'd1' },
    { dropIndexes: 'nowhere', index: '*' },
  ),
);
const wrong = fc.oneof(
  fc.constantFrom<Doc>(
    { find: 'd1', filter: { $nonsense: 1 } },
    { find: 'd1', filter: { a: { $nonsense: 1 } } },
    { find: 'd1', filter: { $or: [] } },
    { find: 'd1', filter: { a: { $in: 1 } } },
    { find: 'd1', filter: { a: { $size: 'x' } } },
    { find: 'd1', filter: { a: { $type: 'nonsense' } } },
    { find: 'd1', filter: { a: { $regex: '(' } } },
    { find: '', filter: {} },
    { nonsense: 1 },
    { update: 'd1', updates: [{ q: {}, u: { $nonsense: { a: 1 } } }] },
    { update: 'd1', updates: [{ q: { _id: 1 }, u: { $set: { _id: 77 } } }] },
    { update: 'd1', updates: [{ q: { _id: 1 }, u: { $set: { a: 1, 'a.b': 2 } } }] },
    { update: 'd1', updates: [{ q: { _id: 1 }, u: { $set: { a: 1 }, $unset: { a: 1 } } }] },
    { update: 'd1', updates: [{ q: { _id: 1 }, u: { $set: { '': 1 } } }] },
    { update: 'd1', updates: [{ q: { _id: 1 }, u: { a: 1, $set: { b: 1 } } }] },
    { update: 'd1', updates: [{ q: {}, u: { a: 1 }, multi: true }] },
    { update: 'd1', updates: [] },
    { delete: 'd1', deletes: [{ q: {}, limit: 2 }] },
    { insert: 'd1', documents: [] },
    { insert: 'd1', documents: [{ _id: [1] }] },
    { aggregate: 'd1', pipeline: [{ $nonsense: 1 }], cursor: {} },
    { aggregate: 'd1', pipeline: [{ $match: {}, $sort: { a: 1 } }], cursor: {} },
    { aggregate: 'd1', pipeline: [{ $out: 'd3' }, { $match: {} }], cursor: {} },
    { aggregate: 'd1', pipeline: [{ $limit: 0 }], cursor: {} },
    { aggregate: 'd1', pipeline: [{ $project: { a: { $nonsense: 1 } } }], cursor: {} },
    { aggregate: 'd1', pipeline: [] },
    ...[
      { $unset: [] },
      { $unwind: 5 },
      { $unwind: { path: '$l', x: 1 } },
      { $group: { _id: 1, 'k.x': { $sum: 1 } } },
      { $group: { _id: 1, k: { $sum: 1, $avg: 1 } } },
      { $bucket: { groupBy: '$n', boundaries: [0, 'x'] } },
      { $sample: { size: 0 } },
      { $setWindowFields: { sortBy: { n: 1 }, output: { k: { $sum: 1, window: { documents: [1, -1] } } } } },
    ].map((stage): Doc => ({ aggregate: 'd1', pipeline: [stage], cursor: {} })),
    { find: 'd1', filter: { n: { $type: [] } } },
    { find: 'd1', filter: { s: { $regex: 'a', $options: 'q' } } },
    { update: 'd1', updates: [{ q: { _id: 1 }, u: { $push: { z: { $each: [7], $sort: 2 } } } }] },
    { update: 'd1', updates: [{ q: { _id: 1 }, u: { $addToSet: { z: { $each: 3 } } } }] },
    { update: 'd1', updates: [{ q: { _id: 1 }, u: { $bit: { z: {} } } }] },
    { delete: 'd1', deletes: [{ q: {} }] },
    { findAndModify: 'd1', query: {} },
    { findAndModify: 'd1', query: {}, remove: true, new: true },
    { createIndexes: 'd1', indexes: [{ key: {}, name: 'x' }] },
    { createIndexes: 'd1', indexes: [{ key: { a: 0 }, name: 'x' }] },
    { createIndexes: 'd1', indexes: [] },
    { create: 'd$1' },
    { distinct: 'd1', key: 1 },
    { count: 'd1', query: { $or: 1 } },
  ),
  fc.tuple(path, value).map(([name, of]): Doc => ({ find: 'd1', filter: { [name]: { $not: of } } })),
);

const command: fc.Arbitrary<Doc> = fc.oneof(
  { weight: 10, arbitrary: insert },
  { weight: 22, arbitrary: find },
  { weight: 24, arbitrary: update },
  { weight: 8, arbitrary: findAndModify },
  { weight: 5, arbitrary: remove },
  { weight: 3, arbitrary: count },
  { weight: 4, arbitrary: distinct },
  { weight: 20, arbitrary: aggregate },
  { weight: 2, arbitrary: aggregateOut },
  { weight: 4, arbitrary: createIndexes },
  { weight: 2, arbitrary: catalogue },
  { weight: 2, arbitrary: wrong },
);
const transactional = fc.oneof(insert, update, find, remove, findAndModify, aggregate);
const which = fc.constantFrom<0 | 1>(0, 1);

const step: fc.Arbitrary<Step> = command.map((one) => ({ kind: 'command', command: one }));
const inTransactions: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(which, transactional)
      .map(([session, one]): Step => ({ kind: 'command', command: one, session })),
  },
  { weight: 2, arbitrary: which.map((session): Step => ({ kind: 'begin', session })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(which, fc.constantFrom<'commit' | 'abort'>('commit', 'commit', 'abort'))
      .map(([session, kind]): Step => ({ kind, session })),
  },
  { weight: 1, arbitrary: find.map((one): Step => ({ kind: 'command', command: one })) },
);

/** What is in the collections to begin with, and what is done to them: single commands, or two sessions with transactions. */
export interface Program {
  readonly start: readonly Doc[];
  readonly steps: readonly Step[];
}
const program = (steps: fc.Arbitrary<Step>): fc.Arbitrary<Program> =>
  fc.record({
    start: fc.uniqueArray(document, { minLength: 0, maxLength: 8, selector: (one) => String(one['_id']) }),
    steps: fc.array(steps, { minLength: 10, maxLength: 60, size: 'max' }).map(withOneMadeId),
  });

/** Each store makes ids of its own, which two of them need not order alike: upserts after the first say which id it is. */
function withOneMadeId(steps: readonly Step[]): Step[] {
  let upserts = 0;
  const named = (filter: Doc): Doc => {
    const id = filter['_id'];
    if ((id !== undefined && !isDocument(id)) || upserts++ === 0) return filter;
    return { ...filter, _id: new Int32((8 + upserts) % 20) };
  };
  return steps.map((one): Step => {
    if (one.kind !== 'command') return one;
    const { command } = one;
    if ('updates' in command) {
      const updates = (command['updates'] as Doc[]).map((each) =>
        each['upsert'] === true ? { ...each, q: named(each['q'] as Doc) } : each,
      );
      return { ...one, command: { ...command, updates } };
    }
    return command['upsert'] === true
      ? { ...one, command: { ...command, query: named(command['query'] as Doc) } }
      : one;
  });
}

export const programs: fc.Arbitrary<Program> = fc.oneof(
  { weight: 5, arbitrary: program(step) },
  { weight: 1, arbitrary: program(inTransactions) },
);
