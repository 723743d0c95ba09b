import fc from 'fast-check';
import { filter } from './queries.js';
import type { Doc } from './values.js';

const field = fc.constantFrom('$a', '$b', '$n', '$l', '$s', '$a.x', '$l.x', '$z', '$_id');
const num = fc.constantFrom('$n', '$_id');
const LEAP = new Date('2024-02-29T12:34:56.789Z');
/** Whatever is no date is null or an error. */
const moment = fc.constantFrom<unknown>(LEAP, new Date(0), new Date('1999-12-31T23:59:59.999Z'), '$a', '$z');
const zone = fc.constantFrom('UTC', 'America/New_York', 'Asia/Tokyo', '+05:30');
const unit = fc.constantFrom('year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond');
const date: fc.Arbitrary<unknown> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        ...'$year $month $dayOfMonth $dayOfWeek $dayOfYear $hour $minute $second $millisecond $week $isoWeek $isoWeekYear $isoDayOfWeek $dateToParts $dateToString'.split(
          ' ',
        ),
      ),
      moment,
      zone,
    )
    .map(([op, of, timezone]) => ({ [op]: { date: of, timezone } })),
  fc
    .tuple(fc.constantFrom('$dateAdd', '$dateSubtract'), moment, unit, fc.integer({ min: -40, max: 40 }))
    .map(([op, startDate, unit, amount]) => ({ [op]: { startDate, unit, amount } })),
  fc.tuple(moment, moment, unit).map(([startDate, endDate, unit]) => ({ $dateDiff: { startDate, endDate, unit } })),
  // Of a day and of several units, the engine counts its bins from another beginning, and of years and months to 2000.
  fc
    .oneof(
      fc.tuple(moment, fc.constantFrom('hour', 'minute', 'second')),
      fc.tuple(fc.constantFrom(LEAP, new Date(0), '$s', '$z'), fc.constantFrom('year', 'quarter', 'month')),
    )
    .map(([date, unit]) => ({ $dateTrunc: { date, unit } })),
  fc
    .tuple(fc.integer({ min: 1990, max: 2030 }), fc.integer({ min: -3, max: 15 }), fc.integer({ min: -3, max: 40 }))
    .map(([year, month, day]) => ({ $dateFromParts: { year, month, day, hour: -1 } })),
  fc
    .constantFrom('2024-01-02T03:04:05Z', '2024-01-02', '2024-01-02 03:04:05.5', '2024-02-30', 'x', '$s', '$z')
    .map((dateString) => ({ $dateFromString: { dateString, onError: 'no', onNull: 'none' } })),
);
const words = fc.constantFrom<unknown>('$s', '$n', '$z', '$b', 'a', 'héllo', '');
const variable = (of: unknown) => (String(of).startsWith('$') ? of : '$s');
const place = fc.constantFrom<unknown>(0, 1, 2, 5, -1, '$n');
const textual: fc.Arbitrary<unknown> = fc.oneof(
  fc
    .tuple(fc.constantFrom('$concat', '$split', '$indexOfBytes', '$indexOfCP', '$strcasecmp'), words, words)
    .map(([op, a, b]) => ({ [op]: [a, b] })),
  fc
    .tuple(fc.constantFrom('$substr', '$substrBytes', '$substrCP'), words, place, place)
    // What is of constants only the engine calculates before it has a document to do it for.
    .map(([op, of, from, length]) => ({ [op]: [from !== '$n' && length !== '$n' ? variable(of) : of, from, length] })),
  fc
    .tuple(fc.constantFrom('$toUpper', '$toLower', '$strLenCP', '$strLenBytes', '$binarySize'), words)
    .map(([op, of]) => ({ [op]: of })),
);
const collection: fc.Arbitrary<unknown> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('$concatArrays', '$setEquals', '$setDifference', '$arrayElemAt', '$in', '$indexOfArray'),
      field,
      field,
    )
    .map(([op, a, b]) => ({ [op]: [a, b] })),
  fc.tuple(fc.constantFrom('$range', '$slice'), field, place).map(([op, a, b]) => ({ [op]: [a, b] })),
  fc
    .tuple(fc.constantFrom('$reverseArray', '$objectToArray', '$size', '$first', '$mergeObjects'), field)
    .map(([op, of]) => ({ [op]: of })),
  fc.tuple(field, field).map((inputs) => ({ $zip: { inputs, useLongestLength: true } })),
  fc.tuple(fc.constantFrom('$bitAnd', '$bitOr', '$bitXor'), num, num).map(([op, a, b]) => ({ [op]: [a, b] })),
);
/** What is missing comes after MinKey; to the engine the two are equal. */
const withoutMinKey = (of: string) => ({ $cond: [{ $eq: [{ $type: of }, 'minKey'] }, null, of] });
const expression: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.oneof(date, textual, collection) },
  { weight: 4, arbitrary: field },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(1, 2.5, 'x', null, true, { $literal: '$x' }) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('$add', '$subtract', '$multiply'), num, fc.oneof(num, fc.constantFrom(1, 2, 0.5)))
      .map(([op, x, y]) => ({ [op]: [x, y] })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('$abs', '$ceil', '$floor', '$type', '$isNumber', '$not'), num)
      .map(([op, x]) => ({ [op]: x })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('$eq', '$gt', '$gte', '$lt', '$lte', '$ne', '$cmp'), field, field)
      .map(([op, x, y]) => ({ [op]: [withoutMinKey(x), withoutMinKey(y)] })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom('$and', '$or'), field, field).map(([op, x, y]) => ({ [op]: [x, y] })),
  },
  {
    weight: 6,
    arbitrary: fc.constantFrom<unknown>(
      { $ifNull: ['$z', '$a', 'none'] },
      { $cond: [{ $gt: ['$n', 1] }, 'more', 'less'] },
      // biome-ignore lint/suspicious/noThenProperty: $switch and $cond call it that
      { $cond: { if: '$b', then: 1, else: 0 } },
      // biome-ignore lint/suspicious/noThenProperty: $switch and $cond call it that
      { $switch: { branches: [{ case: { $eq: ['$n', 1] }, then: 'one' }], default: 'other' } },
      { $concat: ['<', { $ifNull: ['$s', ''] }, '>'] },
      { $toUpper: '$s' },
      { $toLower: '$s' },
      { $strLenCP: { $ifNull: ['$s', ''] } },
      { $strLenBytes: { $ifNull: ['$s', ''] } },
      { $substrCP: ['$s', 0, 1] },
      { $split: [{ $ifNull: ['$s', 'a.b'] }, '.'] },
      { $size: { $ifNull: [{ $cond: [{ $isArray: '$l' }, '$l', []] }, []] } },
      { $arrayElemAt: [{ $cond: [{ $isArray: '$l' }, '$l', []] }, 0] },
      { $slice: [{ $cond: [{ $isArray: '$l' }, '$l', []] }, 2] },
      { $in: ['$n', [1, 2, 3]] },
      { $indexOfArray: [{ $cond: [{ $isArray: '$l' }, '$l', []] }, 1] },
      { $concatArrays: [[1], { $cond: [{ $isArray: '$l' }, '$l', []] }] },
      { $map: { input: { $cond: [{ $isArray: '$l' }, '$l', []] }, as: 'e', in: ['$$e', 1] } },
      { $filter: { input: { $cond: [{ $isArray: '$l' }, '$l', []] }, as: 'e', cond: { $gt: ['$$e', 1] } } },
      { $reduce: { input: [1, 2, 3], initialValue: 0, in: { $add: ['$$value', '$$this'] } } },
      { $let: { vars: { k: '$n' }, in: ['$$k', '$$k'] } },
      { $mergeObjects: [{ p: 1 }, { q: '$n' }] },
      { $objectToArray: { p: '$n', q: 2 } },
      { $arrayToObject: [[['k', '$n']]] },
      {
        $sortArray: {
          input: {
            $setUnion: [
              [1, 2],
              [2, '$n'],
            ],
          },
          sortBy: 1,
        },
      },
      { $sortArray: { input: { $setIntersection: [[1, 2, 3], ['$n']] }, sortBy: 1 } },
      { $sortArray: { input: { $setDifference: [[1, 2, 3], ['$n']] }, sortBy: 1 } },
      { $setEquals: [[1], ['$n']] },
      { $setIsSubset: [['$n'], [1, 2, 3]] },
      { $reverseArray: [[1, 2, '$n']] },
      { $range: [0, 3] },
      { $divide: ['$n', 2] },
      // The engine calculates it with doubles, of large integers too.
      { $mod: [{ $cond: [{ $lt: ['$n', 2 ** 40] }, '$n', 7] }, 2] },
      { $pow: ['$_id', 2] },
      { $sqrt: { $abs: { $toDouble: { $ifNull: ['$_id', 4] } } } },
      { $round: ['$n', 0] },
      { $trunc: '$n' },
      { $max: ['$n', 2] },
      { $min: ['$n', 2] },
      { $avg: ['$n', 2] },
      { $sum: ['$n', 2] },
      { $sum: '$l' },
      { $dateToString: { date: new Date('2024-02-29T12:34:56.789Z'), format: '%Y-%m-%d %H:%M:%S.%L' } },
      { $year: new Date('2024-02-29T12:34:56.789Z') },
      { $dayOfYear: new Date('2024-02-29T12:34:56.789Z') },
      { $dateAdd: { startDate: new Date(0), unit: 'day', amount: 3 } },
      { $dateDiff: { startDate: new Date(0), endDate: new Date('2024-02-29T12:34:56.789Z'), unit: 'month' } },
      { $dateTrunc: { date: new Date('2024-02-29T12:34:56.789Z'), unit: 'month' } },
      { $subtract: [new Date('2024-02-29T12:34:56.789Z'), new Date(0)] },
      { $add: [new Date(0), 1000] },
      { $toDate: { $toLong: 5 } },
      { $convert: { input: '$s', to: 'int', onError: 'bad', onNull: 'nothing' } },
      { $toInt: '7' },
      { $toLong: '7' },
      { $toDecimal: '7.50' },
      { $toObjectId: '65e0a1b2c3d4e5f601234567' },
      { $toBool: '$n' },
      { $getField: 'n' },
      { $setField: { field: 'q', input: { p: 1 }, value: '$n' } },
      {
        $zip: {
          inputs: [
            [1, 2],
            ['a', 'b'],
          ],
        },
      },
      { $allElementsTrue: [['$n', 1]] },
      { $anyElementTrue: [['$n', 0]] },
      { $regexMatch: { input: { $ifNull: ['$s', ''] }, regex: '^a' } },
      { $replaceAll: { input: 'aXbX', find: 'X', replacement: '-' } },
      { $trim: { input: '  t ' } },
      { $sortArray: { input: [3, 1, 2], sortBy: 1 } },
      { $firstN: { n: 2, input: [1, 2, 3] } },
      { $maxN: { n: 2, input: [1, '$n', 3] } },
      { $first: [[1, 2]] },
      { $last: [['$n', 2]] },
      { $bitAnd: [{ $toInt: 6 }, { $toInt: 3 }] },
    ),
  },
);

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
    { $mod: ['$_id', 3] },
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
  { weight: 3, arbitrary: expression.map((of) => [{ $project: { r: of, n: 1 } }]) },
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
      [{ $sort: { _id: 1, at: 1 } }, { $skip: 1 }, { $limit: 3 }],
      [{ $match: { n: { $ne: [] } } }, { $sort: { n: -1, _id: 1, at: 1 } }, { $limit: 4 }],
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
