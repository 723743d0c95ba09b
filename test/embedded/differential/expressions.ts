import fc from 'fast-check';

export const field = fc.constantFrom('$a', '$b', '$n', '$l', '$s', '$a.x', '$l.x', '$z', '$_id');
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
/** A large number is another text to the engine. */
const notLarge = (of: string) => ({
  $cond: [{ $and: [{ $isNumber: of }, { $gt: [of, 2 ** 40] }, { $lt: [of, Number.POSITIVE_INFINITY] }] }, 7, of],
});
const words = fc.constantFrom<unknown>(...['$s', '$n', '$b'].map(notLarge), '$z', 'a', 'héllo', '');
const variable = (of: unknown) => (typeof of === 'object' || of === '$z' ? of : notLarge('$s'));
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
export const expression: fc.Arbitrary<unknown> = fc.oneof(
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
