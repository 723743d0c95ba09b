import assert from 'node:assert/strict';
import { mongo } from 'mongoose';
import { type Fixture, openFixture } from './support.js';

const { BSON, Decimal128, Double, Int32, Long, Timestamp } = mongo;
const LEAP = new Date('2024-02-29T12:34:56.789Z');

/** What MongoDB's manual says, and a full engine answers; numbers with their types. */
describe('embedded store: expressions', () => {
  let store: Fixture;
  before(async () => {
    store = await openFixture();
    await store.db.collection('one').insertOne({
      t: LEAP,
      n: null,
      i: 3,
      l: Long.fromString('9007199254740993'),
      s: 'héllo',
      a: [3, 1, 2],
      o: { x: 1 },
      ts: new Timestamp({ t: 5, i: 1 }),
    });
  });
  after(() => store.close());

  const answer = async (r: unknown): Promise<unknown> => {
    const [found] = await store.db
      .collection('one')
      .aggregate([{ $project: { _id: 0, r } }], { promoteValues: false })
      .toArray();
    return found!['r'];
  };
  const gives = async (expression: unknown, expected: unknown) => {
    const text = (value: unknown) => BSON.EJSON.stringify({ value }, { relaxed: false });
    assert.equal(text(await answer(expression)), text(expected), JSON.stringify(expression));
  };
  const fails = (expression: unknown, code: number) =>
    assert.rejects(
      answer(expression),
      (error: mongo.MongoServerError) => Number(error.code) === code,
      JSON.stringify(expression),
    );

  it('reads dates in every time zone', async () => {
    await gives({ $week: '$t' }, 8);
    await gives({ $isoWeekYear: '$t' }, Long.fromNumber(2024));
    await gives({ $hour: { date: '$t', timezone: 'Asia/Tokyo' } }, 21);
    await gives({ $hour: { date: '$t', timezone: '-0330' } }, 9);
    await gives({ $year: '$ts' }, 1970);
    for (const of of ['$n', '$missing']) {
      await gives({ $year: of }, null);
      await gives({ $dateToParts: { date: of } }, null);
      await gives({ $dateAdd: { startDate: of, unit: 'day', amount: 1 } }, null);
      await gives({ $dateDiff: { startDate: '$t', endDate: of, unit: 'day' } }, null);
    }
    await fails({ $year: '$i' }, 16006);
    await fails({ $dateToParts: { date: '$s' } }, 16006);
    await fails({ $hour: { date: '$t', timezone: 'Nowhere/Land' } }, 40485);
  });

  it('adds to dates within their month, and counts boundaries', async () => {
    const shifted = (unit: string, amount: number, timezone = 'UTC') => ({
      $dateAdd: { startDate: '$t', unit, amount, timezone },
    });
    await gives(shifted('year', 5), new Date('2029-02-28T12:34:56.789Z'));
    await gives(shifted('month', 12), new Date('2025-02-28T12:34:56.789Z'));
    // Clocks are put on in between: a day later they show the same.
    await gives(shifted('day', 14, 'America/New_York'), new Date('2024-03-14T11:34:56.789Z'));
    await gives(shifted('hour', 24 * 14, 'America/New_York'), new Date('2024-03-14T12:34:56.789Z'));
    const between = (endDate: Date, unit: string) => ({ $dateDiff: { startDate: '$t', endDate, unit } });
    await gives(between(new Date('2025-01-01T00:00:00Z'), 'year'), Long.fromNumber(1));
    await gives(between(new Date('2024-02-29T12:34:57Z'), 'second'), Long.fromNumber(1));
    await gives(between(new Date('2024-03-03T00:00:00Z'), 'week'), Long.fromNumber(1));
    await gives({ $dateTrunc: { date: '$t', unit: 'week', startOfWeek: 'monday' } }, new Date('2024-02-26T00:00:00Z'));
    await gives(
      { $dateTrunc: { date: '$t', unit: 'day', timezone: 'America/New_York' } },
      new Date('2024-02-29T05:00:00Z'),
    );
  });

  it('judges no operand of $dateDiff before it has looked for null, and none after one', async () => {
    const between = (more: object) => ({ $dateDiff: { startDate: '$t', endDate: '$t', unit: 'week', ...more } });
    for (const more of [
      { startDate: null, endDate: '$s', unit: 5, timezone: '$s' },
      { startDate: '$s', endDate: '$missing' },
      { startDate: '$s', unit: null, timezone: '$s' },
      { startDate: '$s', startOfWeek: null, timezone: '$s' },
      { startDate: '$s', timezone: null },
    ])
      await gives(between(more), null);
    await fails(between({ unit: 5, startOfWeek: null }), 5439013);
    await fails(between({ unit: 'fortnight', timezone: null }), 9);
    await fails(between({ startOfWeek: 'noday', timezone: null }), 5439016);
    await fails(between({ startDate: '$s', timezone: 'Nowhere/Land' }), 40485);
    await fails(between({ startDate: '$s' }), 5166307);
    await gives(between({ unit: 'day', startOfWeek: null }), Long.fromNumber(0));
  });

  it('makes dates from parts and texts, and texts from dates', async () => {
    await gives({ $dateFromParts: { year: 2024, month: 14, day: 35, hour: -1 } }, new Date('2025-03-06T23:00:00Z'));
    await gives({ $dateFromParts: { isoWeekYear: 2024, isoWeek: 9, isoDayOfWeek: 4 } }, new Date('2024-02-29'));
    await gives({ $dateFromParts: { year: 2024, timezone: 'America/New_York' } }, new Date('2024-01-01T05:00:00Z'));
    await gives({ $dateFromString: { dateString: '2024-01-02 03:04:05' } }, new Date('2024-01-02T03:04:05Z'));
    await gives(
      { $dateFromString: { dateString: '2024-01-02 03:04', timezone: 'Europe/Berlin' } },
      new Date('2024-01-02T02:04:00Z'),
    );
    await gives({ $dateFromString: { dateString: '02/01/2024', format: '%d/%m/%Y' } }, new Date('2024-01-02'));
    await fails({ $dateFromString: { dateString: '2024-02-30' } }, 241);
    await fails({ $toDate: 'tomorrow' }, 241);
    await gives(
      { $dateToString: { date: '$t', format: '%Y-%m-%d %H:%M:%S.%L %z %Z %j %u %U %V %G %w %%', timezone: '+05:30' } },
      '2024-02-29 18:04:56.789 +0530 +330 060 4 08 09 2024 5 %',
    );
    await fails({ $dateToString: { date: '$t', format: '%Q' } }, 18536);
  });

  it('works on texts in bytes and in code points', async () => {
    await gives({ $indexOfBytes: ['$s', 'l'] }, 3);
    await gives({ $indexOfCP: ['$s', 'l', 3] }, 3);
    await gives({ $substrBytes: ['$s', 0, 3] }, 'hé');
    await gives({ $substr: ['$i', 0, 1] }, '3');
    await gives({ $strcasecmp: ['$s', 'HÉLLO'] }, 1);
    await gives({ $split: ['$s', '$missing'] }, null);
    await fails({ $substrBytes: ['$s', 2, 1] }, 28656);
    for (const place of [Number.POSITIVE_INFINITY, Number.NaN]) {
      await fails({ $substrBytes: ['$s', place, 1] }, 31109);
      await fails({ $substrBytes: ['$s', 0, place] }, 31109);
    }
    await fails({ $split: ['$s', ''] }, 40087);
    await fails({ $concat: ['$i', '$missing'] }, 16702);
    await fails({ $toUpper: true }, 16007);
    await gives({ $substr: ['$ts', 0, -1] }, 'Jan  1 00:00:05:1');
    await gives({ $toUpper: new Timestamp({ t: 1700000000, i: 7 }) }, 'NOV 14 22:13:20:7');
    await fails({ $concat: ['$ts'] }, 16702);
    for (const operator of ['$toString', '$toLong', '$toInt', '$toDouble', '$toDecimal'])
      await fails({ [operator]: '$ts' }, 241);
    await gives({ $convert: { input: '$ts', to: 'string', onError: 'none' } }, 'none');
    await gives({ $toDate: '$ts' }, new Date(5000));
    await gives({ $toBool: '$ts' }, true);
  });

  it('keeps numbers in their bounds, and bits of longs', async () => {
    for (const [expression, code] of [
      [{ $ln: 0 }, 28766],
      [{ $log10: -1 }, 28761],
      [{ $sqrt: -1 }, 28714],
      [{ $log: [3, 1] }, 28759],
      [{ $acos: 2 }, 50989],
      [{ $sin: '$s' }, 28765],
      [{ $bitAnd: ['$i', 1.5] }, 14],
      [{ $subtract: [1] }, 16020],
      [{ $reverseArray: [1, 2] }, 16020],
      [{ $range: [0.5, 2] }, 34444],
      [{ $toHashedIndexKey: '$i' }, 31325],
    ] as const)
      await fails(expression, code);
    await gives({ $bitOr: ['$l', 2] }, Long.fromString('9007199254740995'));
    await gives({ $bitNot: '$l' }, Long.fromString('-9007199254740994'));
    for (const operator of ['$bitAnd', '$bitOr', '$bitXor']) {
      await gives({ [operator]: [1, null, '$s'] }, null);
      await fails({ [operator]: ['$s', '$missing'] }, 14);
    }
    await gives({ $pow: [Decimal128.fromString('1.10'), 3] }, Decimal128.fromString('1.331000'));
    await gives({ $divide: [Decimal128.fromString('100'), 10] }, Decimal128.fromString('10'));
    await gives({ $tsSecond: '$ts' }, Long.fromNumber(5));
    await gives({ $percentile: { input: [1, 2, 3, 4], p: [0.5, 0.9], method: 'approximate' } }, [
      new Double(2),
      new Double(4),
    ]);
  });

  it('rounds in every type: to its digits, its zero, and its end', async () => {
    const [int, double, long, decimal] = [
      (n: number) => new Int32(n),
      (n: number) => new Double(n),
      Long.fromString,
      Decimal128.fromString,
    ];
    for (const [operator, value, expected] of [
      ['$ceil', double(-0), double(-0)],
      ['$floor', double(-0), double(-0)],
      ['$ceil', decimal('-0.4'), decimal('-0')],
      ['$ceil', decimal('1234567890123456789012345.678'), decimal('1234567890123456789012346')],
      ['$floor', decimal('-1.5'), decimal('-2')],
      ['$floor', decimal('1E+30'), decimal(`1${'0'.repeat(30)}`)],
      ['$trunc', double(-0), double(-0)],
      ['$round', double(-0.4), double(-0)],
      ['$round', decimal('-0'), decimal('-0')],
      ['$round', double(1e300), double(1e300)],
      ['$round', double(Number.NEGATIVE_INFINITY), double(Number.NEGATIVE_INFINITY)],
      ['$round', [double(1e25), 10], double(1e25)],
      ['$round', [double(2.675), 2], double(2.67)],
      ['$round', [double(-4), -1], double(-0)],
      ['$round', [decimal('-4'), -1], decimal('-0E+1')],
      ['$round', [decimal('1.5'), 5], decimal('1.50000')],
      ['$round', [decimal('1.298'), 100], decimal('1.298000000000000000000000000000000')],
      ['$round', [int(2147483647), -1], long('2147483650')],
      ['$round', [int(25), -1], int(20)],
      ['$round', [long('9007199254740993'), -1], long('9007199254740990')],
      ['$trunc', [long('9223372036854775807'), -1], long('9223372036854775800')],
      ['$trunc', [int(1), double(1)], int(1)],
      ['$abs', double(Number.NEGATIVE_INFINITY), double(Number.POSITIVE_INFINITY)],
      ['$abs', decimal('-0.40'), decimal('0.40')],
      ['$abs', int(-2147483648), long('2147483648')],
    ] as const)
      await gives({ [operator]: value }, expected);
    await fails({ $round: [long('9223372036854775806'), -1] }, 51080);
    await fails({ $abs: long('-9223372036854775808') }, 28680);
    await fails({ $round: [1, 101] }, 51083);
    await fails({ $trunc: [1, 1.5] }, 51082);
    await fails({ $round: ['$s', null] }, 51081);
    await gives({ $round: [null, '$s'] }, null);
  });

  it('sums up without loss, in whatever order, and rounds once at the end', async () => {
    const decimal = (digits: string) => Decimal128.fromString(digits);
    await gives({ $sum: [0.1, 0.2, 0.3] }, 0.6);
    await gives({ $sum: [1e300, 1, -1e300] }, new Double(1));
    await gives({ $sum: [-1e300, 1.5, 1e300, null, 'x'] }, 1.5);
    await gives({ $avg: [0.1, 0.2, 0.3] }, 0.6 / 3);
    await gives({ $sum: [new Double(1e308), new Double(1e308)] }, new Double(Infinity));
    await gives({ $sum: [new Double(Infinity), new Double(-Infinity)] }, new Double(Number.NaN));
    await gives({ $sum: [2147483647, 1] }, Long.fromNumber(2147483648));
    const greatest = Long.MAX_VALUE;
    await gives({ $sum: [greatest, 1, -1] }, greatest);
    await gives({ $sum: [greatest, greatest, Long.MIN_VALUE] }, greatest.subtract(1));
    await gives({ $sum: [greatest, 1] }, new Double(2 ** 63));
    await gives({ $sum: [decimal('1.50'), 2, 0.5] }, decimal('4.00'));
    await gives({ $sum: [0.1, decimal('1')] }, decimal('1.100000000000000005551115123125783'));
    await gives({ $sum: [new Double(1e33), decimal('1')] }, decimal('999999999999999945575230987042817'));
    await gives({ $sum: [new Double(4e300), decimal('1')] }, decimal('4.000000000000000210019041020817681E+300'));
    await gives({ $sum: [new Double(Infinity), decimal('1')] }, decimal('Infinity'));
    await gives({ $avg: [decimal('1'), new Double(2)] }, decimal('1.5'));
  });

  it('keeps of equal numbers the one that it met first, but with $maxN', async () => {
    const [one, two, whole, exact] = [new Double(1), new Double(2), Long.fromNumber(1), Decimal128.fromString('1')];
    await gives(
      {
        $setUnion: [
          [one, 1],
          [whole, exact, 2, two],
        ],
      },
      [one, 2],
    );
    await gives({ $setDifference: [[one, 1, two, 2], [2]] }, [one]);
    await gives({ $setIntersection: [[one, 1], [1]] }, [one]);
    await gives({ $minN: { input: [whole, one, 1, 0], n: 3 } }, [0, whole, one]);
    // A greater one takes the place of the first of the least; of equal ones the last comes first.
    await gives({ $maxN: { input: [1, one, whole, exact, 0, 2, two], n: 3 } }, [two, 2, whole]);
    await gives({ $maxN: { input: [1, null, one], n: 3 } }, [one, 1]);
    const numbers = store.db.collection<{ _id: number; n: unknown }>('numbers');
    await numbers.insertMany([one, 1, whole, exact, two, 2].map((n, _id) => ({ _id, n })));
    const [grouped] = await numbers
      .aggregate(
        [
          { $sort: { _id: 1 } },
          {
            $group: {
              _id: null,
              set: { $addToSet: '$n' },
              most: { $maxN: { input: '$n', n: 3 } },
              least: { $minN: { input: '$n', n: 2 } },
            },
          },
        ],
        { promoteValues: false },
      )
      .toArray();
    assert.deepEqual(grouped, {
      _id: null,
      set: [one, two],
      most: [new Int32(2), two, whole],
      least: [one, new Int32(1)],
    });
  });

  it('groups what is missing with null, but not within a key of several fields', async () => {
    const some = store.db.collection<{ _id: number; n?: number | null; k: string }>('some');
    await some.insertMany([
      { _id: 1, k: 'x' },
      { _id: 2, k: 'x', n: null },
      { _id: 3, k: 'y', n: 5 },
    ]);
    const groups = (_id: unknown) =>
      some
        .aggregate([{ $sort: { _id: 1 } }, { $group: { _id, ids: { $push: '$_id' }, last: { $last: '$n' } } }])
        .toArray();
    assert.deepEqual(await groups('$n'), [
      { _id: null, ids: [1, 2], last: null },
      { _id: 5, ids: [3], last: 5 },
    ]);
    assert.deepEqual(await groups({ k: '$k', n: '$n' }), [
      { _id: { k: 'x' }, ids: [1], last: null },
      { _id: { k: 'x', n: null }, ids: [2], last: null },
      { _id: { k: 'y', n: 5 }, ids: [3], last: 5 },
    ]);
  });

  it('finds by any of several values whatever type their numbers have, and converts what is missing', async () => {
    const prices = store.db.collection<{ _id: number; n: unknown }>('prices');
    await prices.insertMany([
      { _id: 1, n: 2.5 },
      { _id: 2, n: Decimal128.fromString('2.50') },
      { _id: 3, n: 0.1 },
    ]);
    const ids = async (filter: object) => (await prices.find(filter).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
    assert.deepEqual(await ids({ n: { $in: [Decimal128.fromString('2.5'), 'x'] } }), [1, 2]);
    assert.deepEqual(await ids({ n: { $in: [2.5, 'x'] } }), [1, 2]);
    assert.deepEqual(await ids({ n: { $nin: [2.5, 'x'] } }), [3]);
    // A double is no decimal fraction, so it equals none.
    assert.deepEqual(await ids({ n: { $in: [Decimal128.fromString('0.1'), 'x'] } }), []);
    await gives({ $convert: { input: '$missing', to: 'int', onError: 'bad', onNull: 'nothing' } }, 'nothing');
  });

  it('takes an array for one operand unless it is written as one', async () => {
    await fails({ $round: '$a' }, 51081);
    await gives({ $concatArrays: '$a' }, [3, 1, 2]);
    await gives({ $mergeObjects: '$o' }, { x: 1 });
    await fails({ $mergeObjects: '$a' }, 40400);
    await fails({ $concatArrays: ['$i', '$missing'] }, 28664);
    await gives({ $zip: { inputs: ['$a', [1]], useLongestLength: true } }, [
      [3, 1],
      [1, null],
      [2, null],
    ]);
    await fails({ $map: { input: '$i', in: 1 } }, 16883);
  });

  it('computes a field of the items of an array once it has some', async () => {
    const listed = store.db.collection<{ _id: number; list: object[] }>('listed');
    await listed.insertMany([
      { _id: 1, list: [] },
      { _id: 2, list: [{}, {}] },
    ]);
    const set = (value: unknown, _id: number) =>
      listed.aggregate([{ $match: { _id } }, { $set: { 'list.x': value } }]).toArray();
    assert.deepEqual(await set({ $in: [1, '$missing'] }, 1), [{ _id: 1, list: [] }]);
    await assert.rejects(set({ $in: [1, '$missing'] }, 2), /\$in requires an array/);
    assert.deepEqual(await set({ $add: ['$_id', 1] }, 2), [{ _id: 2, list: [{ x: 3 }, { x: 3 }] }]);
  });

  it('refuses operands that are missing, too many or unknown', async () => {
    await fails({ $cond: [1, 2] }, 16020);
    // biome-ignore-start lint/suspicious/noThenProperty: $switch and $cond call it that
    await fails({ $cond: { then: 1, else: 2 } }, 17080);
    await fails({ $cond: { if: 1, then: 2 } }, 17082);
    await fails({ $cond: { if: 1, then: 2, else: 3, x: 4 } }, 17083);
    await fails({ $switch: { branches: [] } }, 40068);
    await fails({ $switch: { branches: [{ case: true }] } }, 40065);
    await fails({ $switch: { branches: [{ case: true, then: 1 }], x: 1 } }, 40067);
    // biome-ignore-end lint/suspicious/noThenProperty: $switch and $cond call it that
    for (const $ifNull of [5, ['$n']]) await fails({ $ifNull }, 1257300);
    await fails({ $let: { vars: { A: 1 }, in: 1 } }, 9);
    for (const operator of ['$map', '$filter']) await fails({ [operator]: { input: [1], as: 'X', in: 1, cond: 1 } }, 9);
    await fails({ $sortArray: { input: [1], sortBy: 2 } }, 2);
    await fails({ $dateFromParts: { month: 1 } }, 40516);
    await fails({ $dateFromParts: { year: 2024, isoWeek: 1 } }, 40489);
    await fails({ $dateToString: { date: new Date(0), format: '%' } }, 18535);
    await fails({ $bitNot: 'x' }, 28765);
    await fails({ $reduce: { input: 5, initialValue: 0, in: 1 } }, 40080);
    for (const operator of ['$setField', '$unsetField']) {
      await fails({ [operator]: { field: 'n', input: 5, value: 1 } }, 4161105);
      await fails({ [operator]: { field: '$n', input: {}, value: 1 } }, 4161108);
    }
    await fails({ $bitNot: 1.5 }, 14);
  });

  it('makes documents only of pairs that are all of one form', async () => {
    await gives({ $arrayToObject: { $literal: [['a', 1]] } }, { a: 1 });
    await gives({ $arrayToObject: { $literal: [{ k: 'a', v: 1 }] } }, { a: 1 });
    await gives({ $arrayToObject: { $literal: [] } }, {});
    for (const [code, ...items] of [
      [40398, 'x'],
      [40396, ['a', 1], { k: 'b', v: 1 }],
      [40397, ['a']],
      [40397, ['a', 1, 2]],
      [40395, [1, 2]],
      [40391, { k: 'b', v: 1 }, ['a', 1]],
      [40392, { k: 'a', v: 1, x: 2 }],
      [40393, { k: 'a', w: 1 }],
      [40394, { k: 1, v: 2 }],
    ] as const)
      await fails({ $arrayToObject: { $literal: items } }, code);
  });

  it('calculates with the largest and the smallest decimals', async () => {
    const decimal = (digits: string) => Decimal128.fromString(digits);
    const [large, small] = [decimal('1E+6144'), decimal('1E-6176')];
    await gives({ $add: [large, small] }, decimal(`1.${'0'.repeat(33)}E+6144`));
    await gives({ $subtract: [small, large] }, decimal(`-1.${'0'.repeat(33)}E+6144`));
    await gives({ $sum: [decimal('1'), large, small] }, decimal(`1.${'0'.repeat(33)}E+6144`));
    await gives({ $multiply: [large, 10] }, decimal('Infinity'));
    await gives({ $multiply: [large, -10] }, decimal('-Infinity'));
    await gives({ $multiply: [small, small] }, decimal('0E-6176'));
    await gives({ $divide: [large, small] }, decimal('Infinity'));
    await gives({ $multiply: [decimal('-Infinity'), small] }, decimal('-Infinity'));
    await gives({ $divide: [small, decimal('Infinity')] }, decimal('0'));
    await gives({ $mod: [decimal('NaN'), 1] }, decimal('NaN'));
    await gives({ $mod: [5, decimal('Infinity')] }, decimal('5'));
    await gives({ $mod: [decimal('Infinity'), 5] }, decimal('NaN'));
    await gives({ $pow: [decimal('123E-3'), -1] }, decimal('8.130081300813008130081300813008130'));
    await gives({ $pow: [large, -1] }, decimal('1E-6144'));
    await gives({ $toBool: small }, true);
    for (const lost of [large, small]) await fails({ $toDouble: lost }, 241);
    await gives({ $toDouble: decimal('-Infinity') }, new Double(-Infinity));
    // MongoDB's src/mongo/platform/decimal128.cpp: a double zero is quantized as others are.
    await gives({ $add: [new Double(0), decimal('1.50')] }, decimal('1.500000000000000'));
    await gives({ $add: [new Double(3), decimal('1.50')] }, decimal('4.50000000000000'));
    await gives({ $add: [0, decimal('1.50')] }, decimal('1.50'));
    const half = decimal('5E-34');
    await gives({ $add: [1, half] }, decimal(`1.${'0'.repeat(33)}`));
    await gives({ $add: [1, half, decimal('1E-100')] }, decimal(`1.${'0'.repeat(33)}`));
    await gives({ $add: [1, decimal('5.0000000000000000000000000000001E-34')] }, decimal(`1.${'0'.repeat(32)}1`));
  });

  // MongoDB's expression.cpp: a whole double to the right of $mod counts as an int.
  it('keeps whole numbers whole in $mod and $pow, and does not multiply out what no long can hold', async () => {
    const long = (digits: string) => Long.fromString(digits);
    await gives({ $mod: [5, new Double(2)] }, 1);
    await gives({ $mod: [long('5'), new Double(2)] }, long('1'));
    await gives({ $mod: [new Double(5), 2] }, new Double(1));
    await gives({ $mod: [5, 2.5] }, new Double(0));
    await gives({ $pow: [3, 39] }, long('4052555153018976267'));
    await gives({ $pow: [-2, 63] }, Long.MIN_VALUE);
    await gives({ $pow: [3, 2147483647] }, new Double(Infinity));
    await gives({ $pow: [3, Long.MAX_VALUE] }, new Double(Infinity));
    await gives({ $pow: [-1, Long.MAX_VALUE] }, long('-1'));
    await gives({ $pow: [1, 2147483647] }, 1);
  });
});
