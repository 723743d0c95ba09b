import { Long } from 'bson';
import fc from 'fast-check';
import { expression, field } from './expressions.js';
import { filter } from './queries.js';
import type { Doc } from './values.js';

/** In the key of a group, and as its first or last value, the engine leaves out what is missing, or takes it for null. */
const present = (of: string) => ({ $ifNull: [of, null] });
const accumulator: fc.Arbitrary<Doc> = fc.oneof(
  fc.tuple(fc.constantFrom('$sum', '$avg', '$min', '$max', '$push'), field).map(([op, of]) => ({ [op]: of })),
  fc.tuple(fc.constantFrom('$first', '$last'), field.map(present)).map(([op, of]) => ({ [op]: of })),
  fc.constantFrom<Doc>(
    { $sum: 1 },
    { $count: {} },
    { $push: { n: '$n', k: '$_id' } },
    { $sum: { $multiply: ['$n', 2] } },
    { $stdDevPop: '$n' },
    { $firstN: { input: '$n', n: 2 } },
    { $lastN: { input: '$_id', n: 2 } },
    { $maxN: { input: '$_id', n: 2 } },
    { $minN: { input: '$_id', n: 2 } },
    { $top: { output: '$n', sortBy: { _id: -1 } } },
    { $bottomN: { output: '$_id', sortBy: { _id: 1 }, n: 2 } },
    { $mergeObjects: { k: '$n' } },
  ),
);
const byId: Doc = { $sort: { _id: 1 } };
/** A group is of equal numbers, of which the engine may keep those with a fraction apart, decimals from doubles. */
const hashable = (of: string) => ({ $cond: [{ $eq: [{ $type: of }, 'decimal'] }, { $toDouble: of }, present(of)] });
const groupKey = fc.oneof(
  fc.constant(null),
  fc.constantFrom('$b', '$n', '$s', '$z', '$_id').map(hashable),
  fc.constantFrom<unknown>(
    { n: hashable('$n'), b: hashable('$b') },
    { $type: '$a' },
    { $gt: ['$n', 1] },
    // The engine calculates it with doubles, which cannot hold this one.
    { $mod: [{ $cond: [{ $eq: ['$_id', Long.fromString('9007199254740993')] }, 7, '$_id'] }, 3] },
  ),
);

/**
 * Groups come in any order; whatever collects documents needs them sorted before: those that $unwind made of one document by
 * what they have of it.
 */
const group: fc.Arbitrary<Doc[]> = fc
  .tuple(groupKey, accumulator, accumulator)
  .map(([_id, one, two]) => [
    { $sort: { _id: 1, at: 1, l: 1 } },
    { $group: { _id, one, two: needing(_id, one, two) } },
  ]);

/** Where a group needs nothing of its documents, the engine does not work out what they are, nor the errors in that. */
const needing = (_id: unknown, one: Doc, two: Doc): Doc =>
  /[:[]"\$/.test(JSON.stringify([_id, one, two])) ? two : { $last: { $ifNull: ['$n', null] } };

const stages: fc.Arbitrary<Doc[]> = fc.oneof(
  { weight: 4, arbitrary: filter.map(($match) => [{ $match }]) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('$set', '$addFields'), fc.constantFrom('r', 'a', 'a.x', 'q.k'), expression)
      .map(([op, name, of]) => [{ [op]: { [name]: of } }]),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('r', 'a.x', 'l.k', 'q.k'), expression)
      .map(([name, of]) => [{ $project: { [name]: of, n: 1 } }]),
  },
  { weight: 3, arbitrary: group },
  {
    weight: 8,
    arbitrary: fc.constantFrom<Doc[]>(
      [{ $project: { a: 1, 'l.x': 1 } }],
      [{ $project: { b: 0, z: 0 } }],
      [{ $unset: ['b', 's'] }],
      [{ $unwind: { path: '$l', includeArrayIndex: 'at' } }],
      [{ $unwind: { path: '$l', preserveNullAndEmptyArrays: true, includeArrayIndex: 'at' } }],
      [{ $replaceRoot: { newRoot: { _id: '$_id', v: '$n' } } }],
      [{ $replaceWith: { $mergeObjects: [{ _id: '$_id' }, { q: 1 }] } }],
      [{ $sort: { _id: 1, at: 1, l: 1 } }, { $skip: 1 }, { $limit: 3 }],
      [{ $match: { n: { $ne: [] } } }, { $sort: { n: -1, _id: 1, at: 1, l: 1 } }, { $limit: 4 }],
      [{ $sortByCount: { $type: '$n' } }, { $sort: { count: -1, _id: 1 } }],
      [{ $lookup: { from: 'd2', localField: 'n', foreignField: 'n', as: 'r' } }, { $set: { r: { $size: '$r' } } }],
      [{ $lookup: { from: 'd2', localField: 'l', foreignField: '_id', as: 'r' } }, { $set: { r: { $size: '$r' } } }],
      [{ $lookup: { from: 'd2', localField: '_id', foreignField: '_id', as: 'r' } }],
      [
        {
          $lookup: {
            from: 'd2',
            let: { k: '$_id' },
            pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$k'] } } }, { $project: { n: 1 } }],
            as: 'r',
          },
        },
      ],
      [
        {
          $lookup: { from: 'd2', localField: '_id', foreignField: '_id', pipeline: [{ $project: { s: 1 } }], as: 'r' },
        },
      ],
      [{ $lookup: { from: 'nothing', localField: 'n', foreignField: 'n', as: 'r' } }],
      [{ $unionWith: { coll: 'd2', pipeline: [{ $set: { _id: { u: '$_id' } } }] } }, byId],
      [
        {
          $unionWith: {
            coll: 'd2',
            pipeline: [{ $match: { n: { $gt: 1 } } }, { $project: { _id: { u: '$_id' }, n: 1 } }],
          },
        },
      ],
      [
        byId,
        {
          $facet: {
            all: [{ $match: { n: { $gt: 0 } } }, { $project: { n: 1 } }],
            first: [{ $limit: 1 }, { $project: { n: 1 } }],
            by: [{ $group: { _id: { $gt: ['$n', 1] }, k: { $sum: 1 } } }, byId],
          },
        },
      ],
      [{ $bucket: { groupBy: '$_id', boundaries: [0, 3, 6], default: 'rest', output: { k: { $sum: 1 } } } }],
      [
        { $match: { _id: { $type: 'number' } } },
        { $group: { _id: '$_id', n: { $first: '$n' } } },
        {
          $setWindowFields: {
            sortBy: { _id: 1 },
            output: {
              run: { $sum: '$_id', window: { documents: ['unbounded', 'current'] } },
              at: { $documentNumber: {} },
            },
          },
        },
      ],
      [
        { $match: { _id: { $type: 'number' } } },
        { $group: { _id: '$_id', n: { $first: '$n' } } },
        {
          $setWindowFields: {
            partitionBy: { $gt: ['$n', 1] },
            sortBy: { _id: 1 },
            output: { rank: { $rank: {} }, before: { $shift: { output: '$_id', by: -1 } } },
          },
        },
        byId,
      ],
      // To the engine what is pruned is still a document to skip, or of a group, until a $match has seen that it is gone.
      [{ $redact: { $cond: [{ $gt: ['$n', 1] }, '$$KEEP', '$$PRUNE'] } }, { $match: { _id: { $exists: true } } }],
      [
        { $match: { _id: { $type: 'number' } } },
        { $graphLookup: { from: 'd2', startWith: '$_id', connectFromField: '_id', connectToField: '_id', as: 'g' } },
        { $set: { g: { $size: '$g' } } },
      ],
    ),
  },
);

export const pipeline: fc.Arbitrary<Doc[]> = fc
  .array(stages, { minLength: 1, maxLength: 3 })
  .map((parts) => withoutGhosts(parts).flat());

/** What a stage has taken away the engine finds again where it computes a field, so that no more are computed, nor taken away. */
function withoutGhosts(parts: readonly Doc[][]): Doc[][] {
  const first = parts.findIndex(([stage]) => takesAway(stage!));
  if (first < 0) return [...parts];
  const again = (stage: Doc) => takesAway(stage) || '$set' in stage || '$addFields' in stage;
  return parts.filter(([stage], at) => at <= first || !again(stage!));
}
const takesAway = (part: Doc): boolean => '$unset' in part || Object.values(part['$project'] ?? {}).includes(0);

export const output: fc.Arbitrary<Doc[]> = fc.constantFrom<Doc[]>(
  [{ $out: 'd3' }],
  // 3 is the id that is of two types, of which the engine keeps the one that was there.
  [{ $match: { _id: { $ne: 3 } } }, { $merge: 'd3' }],
  [{ $match: { _id: { $ne: 3 } } }, { $merge: { into: 'd3', whenMatched: 'replace' } }],
  [{ $merge: { into: 'd3', whenMatched: 'keepExisting', whenNotMatched: 'discard' } }],
  [{ $merge: { into: 'd3', whenMatched: 'fail' } }],
  [{ $match: { _id: { $ne: 3 } } }, { $merge: { into: 'd3', whenNotMatched: 'fail' } }],
  [{ $match: { _id: { $ne: 3 } } }, { $merge: { into: 'd3', on: '_id', whenMatched: 'merge' } }],
);
