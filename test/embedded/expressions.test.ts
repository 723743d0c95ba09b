import assert from 'node:assert/strict';
import { mongo } from 'mongoose';
import { asking, ONE } from './asking.js';
import { type Fixture, openFixture } from './support.js';

const { Decimal128, Long, Timestamp } = mongo;
const LEAP = new Date('2024-02-29T12:34:56.789Z');

/** What MongoDB's manual says, and a full engine answers; numbers with their types. */
describe('embedded store: expressions', () => {
  let store: Fixture;
  before(async () => {
    store = await openFixture();
    await store.db.collection('one').insertOne({ t: LEAP, ...ONE });
  });
  after(() => store.close());

  const { gives, fails } = asking(() => store.db);

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
    const hours = { date: new Date('2024-03-31T04:30:00Z'), unit: 'hour', binSize: 5, timezone: 'Europe/Berlin' };
    await gives({ $dateTrunc: hours }, new Date('2024-03-31T00:00:00Z')); // the clocks went on in between
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
    await fails({ $map: { input: [1], as: 'X', in: 1 } }, 9);
    await fails({ $filter: { input: [1], as: 'X', cond: 1 } }, 9);
    await fails({ $sortArray: { input: [1], sortBy: 2 } }, 2);
    await fails({ $dateFromParts: { month: 1 } }, 40516);
    await fails({ $dateFromParts: { year: 2024, isoWeek: 1 } }, 40489);
    await fails({ $dateToString: { date: new Date(0), format: '%' } }, 18535);
    await fails({ $bitNot: 'x' }, 28765);
    await fails({ $reduce: { input: 5, initialValue: 0, in: 1 } }, 40080);
    for (const [operator, to] of [
      ['$setField', { value: 1 }],
      ['$unsetField', {}],
    ] as const) {
      await fails({ [operator]: { field: 'n', input: 5, ...to } }, 4161105);
      await fails({ [operator]: { field: '$n', input: {}, ...to } }, 4161108);
    }
    for (const operand of ['$a', [], ['$a']]) await fails({ $setEquals: operand }, 17045);
    for (const operator of ['$push', '$addToSet', '$count']) await fails({ [operator]: '$a' }, 31325);
    await fails({ $trim: { input: 'a', chars: 1 } }, 50700);
    await fails({ $bitNot: 1.5 }, 14);
  });

  it('trims characters, not halves of them', async () => {
    await gives({ $ltrim: { input: '😁x', chars: '😀' } }, '😁x');
    await gives({ $trim: { input: '😀x😁😀', chars: '😀' } }, 'x😁');
    await gives({ $trim: { input: '\u00a0 a\u2003\n' } }, 'a');
    await gives({ $rtrim: { input: ' a ' } }, ' a');
    await gives({ $trim: { input: 'aaa', chars: 'a' } }, '');
    for (const missing of [{ input: '$n' }, { input: 'a', chars: '$n' }, { input: 'a', chars: '$missing' }])
      await gives({ $trim: missing }, null);
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

  it('finds what a regular expression matches, also where that is nothing', async () => {
    const found = (idx: number, match = '', captures: unknown[] = []) => ({ match, idx, captures });
    await gives({ $regexFindAll: { input: 'aba', regex: '' } }, [found(0), found(1), found(2)]);
    await gives({ $regexFindAll: { input: '', regex: 'x*' } }, [found(0)]);
    await gives({ $regexFindAll: { input: '😀é', regex: 'x*' } }, [found(0), found(1)]);
    await gives({ $regexFindAll: { input: 'xxbx', regex: 'x*' } }, [found(0, 'xx'), found(2), found(3, 'x')]);
    await gives({ $regexFindAll: { input: '😀Ab', regex: '(a)|(b)', options: 'i' } }, [
      found(1, 'A', ['A', null]),
      found(2, 'b', [null, 'b']),
    ]);
    await gives({ $size: { $regexFindAll: { input: 'é'.repeat(200_000), regex: 'é' } } }, 200_000);
    await gives({ $regexFind: { input: '$s', regex: /L+/i } }, found(2, 'll'));
    await gives({ $regexFind: { input: '$s', regex: 'z' } }, null);
    await gives({ $regexMatch: { input: '$s', regex: '^h.*o$' } }, true);
    for (const nothing of [
      { input: '$missing', regex: 'a' },
      { input: '$s', regex: '$missing' },
    ]) {
      await gives({ $regexMatch: nothing }, false);
      await gives({ $regexFind: nothing }, null);
      await gives({ $regexFindAll: nothing }, []);
    }
    for (const operator of ['$regexMatch', '$regexFind', '$regexFindAll']) {
      await fails({ [operator]: { input: 5, regex: 'a' } }, 51104);
      await fails({ [operator]: { input: '$s', regex: 5 } }, 51105);
      await fails({ [operator]: { input: '$s', regex: 'a', options: 5 } }, 51106);
      await fails({ [operator]: { input: '$s', regex: /a/i, options: 'm' } }, 51107);
      await fails({ [operator]: { input: '$s', regex: 'a', options: 'q' } }, 51108);
      await fails({ [operator]: { input: '$s', regex: '(' } }, 51111);
    }
  });

  it('takes named operands that it knows, and all that it needs', async () => {
    for (const [operator, object, unknown, missing] of [
      ['$convert', 9, 9, 9],
      ['$dateAdd', 5166400, 5166401, 5166402],
      ['$dateDiff', 5166301, 5166302, 5166303],
      ['$dateFromString', 40540, 40541, 40542],
      ['$dateToParts', 40524, 40520, 40522],
      ['$dateToString', 18629, 18534, 18628],
      ['$dateTrunc', 5439007, 5439008, 5439009],
      ['$filter', 28646, 28647, 28648],
      ['$let', 16874, 16875, 16876],
      ['$map', 16878, 16879, 16880],
      ['$reduce', 40075, 40076, 40077],
      ['$regexMatch', 51103, 31024, 31022],
      ['$replaceOne', 51751, 51750, 51749],
      ['$setField', 4161100, 4161101, 4161102],
      ['$sortArray', 2942500, 2942501, 2942502],
      ['$trim', 50696, 50694, 50695],
      ['$unsetField', 4161100, 4161101, 4161102],
      ['$zip', 34460, 34464, 34465],
    ] as const) {
      for (const operand of [5, '$s', [1], null]) await fails({ [operator]: operand }, object);
      await fails({ [operator]: { nonsense: 1 } }, unknown);
      await fails({ [operator]: {} }, missing);
    }
    for (const operator of ['$year', '$isoWeek', '$millisecond']) {
      await fails({ [operator]: { date: '$t', nonsense: 1 } }, 40535);
      await fails({ [operator]: {} }, 40539);
    }
    await fails({ $getField: { nonsense: 1 } }, 3041701);
    await fails({ $getField: { input: '$o' } }, 3041702);
    await fails({ $setField: { field: 'x', input: '$o' } }, 4161103);
    await fails({ $setField: { field: 'x', value: 1 } }, 4161109);
    await fails({ $unsetField: { field: 'x', input: '$o', value: 1 } }, 4161101);
    await fails({ $map: { input: '$a' } }, 16882);
    await fails({ $filter: { input: '$a' } }, 28650);
    await gives({ $range: [2 ** 31 - 1, 1] }, []);
    await gives({ $range: [1, 2 ** 31 - 1, -1] }, []);
  });

  it('works out what is constant before there is a document', async () => {
    await store.db.createCollection('empty');
    const byNought = { $divide: [1, 0] };
    for (const pipeline of [
      [{ $project: { r: byNought } }, { $set: { r: 1 } }],
      [{ $set: { 'a.b': { $add: ['$n', { list: [byNought] }] } } }],
      [{ $match: { $expr: { $cond: ['$n', 1, byNought] } } }],
      [{ $group: { _id: null, sum: { $sum: { $ifNull: [1, byNought] } } } }],
      [{ $facet: { one: [{ $replaceWith: { $map: { input: [], in: byNought } } }] } }],
    ])
      for (const name of ['empty', 'missing'])
        await assert.rejects(
          store.db.collection(name).aggregate(pipeline).toArray(),
          { code: 2 },
          JSON.stringify(pipeline),
        );
    for (const of of [
      { $literal: byNought },
      { $divide: [1, '$n'] },
      { $strLenCP: { $getField: 's' } },
      { $gt: [{ $rand: {} }, 2] },
    ])
      assert.deepEqual(
        await store.db
          .collection('empty')
          .aggregate([{ $set: { of } }])
          .toArray(),
        [],
      );
  });
});
