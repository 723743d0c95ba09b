import assert from 'node:assert/strict';
import { mongo } from 'mongoose';
import { type Fixture, openFixture } from './support.js';

interface Thing extends mongo.Document {
  readonly _id: number;
}

/** Where the engine of the differential test is wrong, or crashes, nothing random is asked: here is what MongoDB documents. */
describe('embedded store: what the differential test leaves out', () => {
  let store: Fixture;
  let things: mongo.Collection<Thing>;
  before(async () => {
    store = await openFixture();
    things = store.db.collection<Thing>('things');
  });
  beforeEach(async () => {
    await things.deleteMany({});
    await things.insertMany([{ _id: 1, n: 1, s: 'x' }, { _id: 2, n: 2 }, { _id: 3, n: 3, l: [0, 5] }, { _id: 4 }]);
  });
  after(() => store.close());

  const aggregate = (...stages: object[]) => things.aggregate(stages).toArray();
  const ids = async (filter: mongo.Filter<Thing>) =>
    (await things.find(filter).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);

  it('what $redact prunes is neither skipped nor counted', async () => {
    const prune = { $redact: { $cond: [{ $gt: ['$n', 1] }, '$$KEEP', '$$PRUNE'] } };
    assert.deepEqual(await aggregate(prune, { $sort: { _id: 1 } }, { $skip: 1 }), [{ _id: 3, n: 3, l: [0, 5] }]);
    assert.deepEqual(await aggregate(prune, { $group: { _id: null, k: { $sum: 1 } } }), [{ _id: null, k: 2 }]);
  });

  it('what a stage takes away is gone for those after it', async () => {
    const first = { $match: { _id: 1 } };
    for (const away of [{ $unset: ['s'] }, { $project: { s: 0 } }]) {
      assert.deepEqual(await aggregate(first, away, { $set: { 'q.k': '$s' } }), [{ _id: 1, n: 1, q: {} }]);
      assert.deepEqual(await aggregate(first, away, { $set: { n: { $ifNull: ['$s', 'none'] } } }), [
        { _id: 1, n: 'none' },
      ]);
    }
  });

  it('what fails in a stage fails though the group after it needs none of it', async () => {
    const fails = { $set: { r: { $dateTrunc: { date: '$s', unit: 'month' } } } };
    await assert.rejects(aggregate(fails, { $group: { _id: null, k: { $sum: 1 } } }), { code: 5439012 });
  });

  it('$expr takes what is missing for less than any number, and a document for more, by an index too', async () => {
    await things.insertOne({ _id: 5, n: { x: 0 } });
    const found = async () => [await ids({ $expr: { $lte: ['$n', 1] } }), await ids({ $expr: { $gt: ['$n', 2] } })];
    const expected = [
      [1, 4],
      [3, 5],
    ];
    assert.deepEqual(await found(), expected);
    await things.createIndex({ n: 1 }, { name: 'n' });
    assert.deepEqual(await found(), expected);
    await things.dropIndex('n');
  });

  it('$elemMatch is looked for beside an index of several fields', async () => {
    await things.createIndex({ n: -1, l: 1 }, { name: 'nl' });
    assert.deepEqual(await ids({ n: 3, l: { $elemMatch: { $gt: 4, $lte: 5 } } }), [3]);
    assert.deepEqual(await ids({ n: { $elemMatch: { $gt: 0 } } }), []);
    await things.dropIndex('nl');
  });

  it('$elemMatch takes an array in an array for a document without fields of names', async () => {
    await things.updateOne({ _id: 3 }, { $set: { l: [[7], 1] } });
    assert.deepEqual(await ids({ l: { $elemMatch: { y: null } } }), [3]);
    assert.deepEqual(await ids({ l: { $elemMatch: { 0: 7 } } }), [3]);
    await things.updateOne({ _id: 3 }, { $set: { l: [1] } });
    assert.deepEqual(await ids({ l: { $elemMatch: { y: null } } }), []);
  });

  it('$addToSet adds no number that is there in another type', async () => {
    const half = mongo.Decimal128.fromString('0.5');
    await things.updateOne({ _id: 3 }, { $set: { l: [half] } });
    await things.updateOne({ _id: 3 }, { $addToSet: { l: { $each: [0.5, 2] } } });
    assert.deepEqual((await things.findOne({ _id: 3 }))!['l'], [half, 2]);
  });

  it('$addToSet adds no document with a number that is there in another type', async () => {
    await things.updateOne({ _id: 3 }, { $set: { l: [{ x: 1 }] } });
    await things.updateOne({ _id: 3 }, { $addToSet: { l: { x: mongo.Long.fromNumber(1) } } });
    assert.deepEqual((await things.findOne({ _id: 3 }))!['l'], [{ x: 1 }]);
  });

  it('groups decimals with the doubles that equal them', async () => {
    const half = mongo.Decimal128.fromString('0.50');
    await things.updateOne({ _id: 1 }, { $set: { n: half } });
    await things.updateOne({ _id: 2 }, { $set: { n: 0.5 } });
    for (const key of ['$n', { n: '$n', z: '$z' }])
      assert.deepEqual(
        (await aggregate({ $match: { n: 0.5 } }, { $group: { _id: key, k: { $sum: 1 } } })).map(({ k }) => k),
        [2],
      );
    const sets = { $project: { _id: 0, r: { $setEquals: [['$n'], [0.5]] }, d: { $setDifference: [['$n'], [0.5]] } } };
    assert.deepEqual(await aggregate({ $match: { _id: 1 } }, sets), [{ r: true, d: [] }]);
  });

  it('NaN is less than any number, to $min and $max too', async () => {
    const nAfter = async (change: mongo.UpdateFilter<Thing>) => {
      await things.updateOne({ _id: 1 }, change);
      return (await things.findOne({ _id: 1 }))!['n'];
    };
    assert.equal(await nAfter({ $max: { n: Number.NaN } }), 1);
    assert.deepEqual(await nAfter({ $min: { n: Number.NaN } }), Number.NaN);
    assert.deepEqual(await nAfter({ $min: { n: -5 } }), Number.NaN);
    assert.equal(await nAfter({ $max: { n: -5 } }), -5);
  });

  it('in an expression what is missing comes after MinKey and before null', async () => {
    const compare = (a: unknown, b: unknown) => ({ $cmp: [a, b] });
    const r = [compare(new mongo.MinKey(), '$no'), compare('$no', null), compare('$no', '$none')];
    assert.deepEqual(await aggregate({ $match: { _id: 1 } }, { $project: { _id: 0, r } }), [{ r: [-1, -1, 0] }]);
  });

  it('$or finds a decimal by the double that equals it', async () => {
    await things.updateOne({ _id: 1 }, { $set: { n: mongo.Decimal128.fromString('1.50') } });
    assert.deepEqual(await ids({ $or: [{ n: 1.5 }] }), [1]);
    assert.deepEqual(await ids({ $nor: [{ n: 1.5 }] }), [2, 3, 4]);
  });

  it('finds documents with a number of another type among several', async () => {
    await things.updateOne({ _id: 1 }, { $set: { l: [{ x: 1 }] } });
    const one = { x: mongo.Long.fromNumber(1) };
    assert.deepEqual(await ids({ l: { $in: [one, 7] } }), [1]);
    assert.deepEqual(await ids({ l: { $nin: [one, 7] } }), [2, 3, 4]);
    assert.deepEqual(await ids({ $or: [{ l: one }, { l: 7 }] }), [1]);
    assert.deepEqual(await ids({ l: { $elemMatch: { $in: [one, 7] } } }), [1]);
  });

  it('$pull takes no array for unequal to what it has', async () => {
    await things.updateOne({ _id: 3 }, { $set: { l: [[1], 2] } });
    await things.updateOne({ _id: 3 }, { $pull: { l: { $ne: 1 } as never } });
    assert.deepEqual((await things.findOne({ _id: 3 }))!['l'], [[1]]);
  });

  it('an empty array comes before null in a sort', async () => {
    await things.updateOne({ _id: 3 }, { $set: { n: [] } });
    const sorted = await things.find().sort({ n: 1, _id: 1 }).toArray();
    assert.deepEqual(
      sorted.map(({ _id }) => _id),
      [3, 4, 1, 2],
    );
  });

  it('$mod is exact for integers that no double can hold', async () => {
    const n = mongo.Long.fromString('9007199254740993');
    const mod = { $project: { _id: 0, r: { $mod: [{ $literal: n }, 2] } } };
    assert.deepEqual(await aggregate({ $match: { _id: 1 } }, mod), [{ r: 1 }]);
  });

  it('a unique index holds one of equal numbers, whatever their types', async () => {
    await things.createIndex({ half: 1 }, { name: 'half', unique: true, sparse: true });
    await things.updateOne({ _id: 1 }, { $set: { half: 0.5 } });
    const again = things.updateOne({ _id: 2 }, { $set: { half: mongo.Decimal128.fromString('0.50') } });
    await assert.rejects(again, { code: 11000 });
    await things.dropIndex('half');
  });

  it('makes nothing on the way to an array that is not there', async () => {
    for (const change of [{ $pop: { 'a.x': 1 } }, { $pull: { 'a.x': 1 } }, { $pullAll: { 'a.x': [1] } }]) {
      await things.updateOne({ _id: 4 }, { ...change, $inc: { n: 1 } } as mongo.UpdateFilter<Thing>);
      assert.deepEqual(Object.keys((await things.findOne({ _id: 4 }))!), ['_id', 'n']);
    }
  });

  it('an upsert puts in a value that $all demands, but no regular expression', async () => {
    const filter = { _id: 9, s: { $all: [/^a/] }, r: { $in: [/^a/] }, t: { $all: ['b'] } };
    await things.updateOne(filter, { $set: { n: 1 } }, { upsert: true });
    assert.deepEqual(await things.findOne({ _id: 9 }), { _id: 9, t: 'b', n: 1 });
  });

  it('a positional $ needs an item that the query has matched', async () => {
    for (const filter of [
      { l: { $ne: 7 } },
      { l: { $nin: [7] } },
      { $or: [{ l: [0, 5] }] },
      { l: { $not: { $gt: 9 } } },
      { 'l.0': 0 },
      { 'l.1': { $gt: 4 } },
    ])
      await assert.rejects(things.updateOne({ _id: 3, ...filter }, { $set: { 'l.$': 1 } }), { code: 2 });
    await things.updateOne({ _id: 3, l: { $gt: 4 } }, { $set: { 'l.$': 1 } });
    assert.deepEqual((await things.findOne({ _id: 3 }))!['l'], [0, 1]);
    // A number in the path says which item, but not when it is the name of a field.
    await things.updateOne({ _id: 3 }, { $set: { l: [{ 1: 'a' }, { x: 1 }, { 1: 'b' }] } });
    await assert.rejects(things.updateOne({ _id: 3, 'l.1.x': 1 }, { $set: { 'l.$': 1 } }), { code: 2 });
    await things.updateOne({ _id: 3, 'l.1': 'b' }, { $set: { 'l.$': 1 } });
    assert.deepEqual((await things.findOne({ _id: 3 }))!['l'], [{ 1: 'a' }, { x: 1 }, 1]);
    await things.updateOne({ _id: 3, 'l.1': 'a' }, { $set: { 'l.$': 2 } });
    await things.updateOne({ _id: 3, 'l.0': 2, l: 1 }, { $set: { 'l.$': 3 } });
    assert.deepEqual((await things.findOne({ _id: 3 }))!['l'], [2, { x: 1 }, 3]);
  });

  it('a positional $ finds nothing in what an upsert makes, though the query says all of the array', async () => {
    const upsert = things.updateOne({ _id: 9, l: ['a'] }, { $set: { 'l.$': 'b' } }, { upsert: true });
    await assert.rejects(upsert, { code: 2 });
    assert.deepEqual(await ids({ _id: 9 }), []);
  });

  it('leaves a zero with its sign where $inc and $mul would only change that, and multiplies by negative numbers', async () => {
    const zero = async (n: number, update: object) => {
      await things.replaceOne({ _id: 1 }, { n: new mongo.Double(n) });
      await things.updateOne({ _id: 1 }, { $set: { s: 'x' }, ...update });
      return (await things.findOne({ _id: 1 }))!['n'];
    };
    assert.ok(Object.is(await zero(-0, { $inc: { n: 0 } }), -0));
    assert.ok(Object.is(await zero(0, { $mul: { n: -2 } }), 0));
    assert.ok(Object.is(await zero(-0, { $mul: { n: -2 } }), -0));
    assert.equal(await zero(1.5, { $mul: { n: -2 } }), -3);
  });

  it('refuses arrays, also empty ones, in two fields of one index', async () => {
    const parallel = { code: 171 };
    for (const [_id, n, b] of [
      [5, [1], [2]],
      [6, [], []],
    ] as const) {
      await things.insertOne({ _id, n, b });
      await assert.rejects(things.createIndex({ n: -1, b: 1 }), parallel);
      await things.deleteOne({ _id });
    }
    await things.createIndex({ n: -1, b: 1 });
    await assert.rejects(things.insertOne({ _id: 5, n: [1], b: [2] }), parallel);
    await assert.rejects(things.updateOne({ _id: 1 }, { $set: { n: [], b: [1] } }), parallel);
    await things.insertMany([
      { _id: 5, n: [1, 2], b: 2 },
      { _id: 6, n: 1, b: [2] },
    ]);
    assert.deepEqual(await ids({ n: 1, b: 2 }), [5, 6]);
    await things.dropIndex('n_-1_b_1');
  });

  it('finds items by a regular expression', async () => {
    await things.updateOne({ _id: 3 }, { $set: { l: [{ x: 'Ab' }, { x: 'b' }] } });
    await things.updateOne({ _id: 3 }, { $set: { 'l.$[e].y': 1 } }, { arrayFilters: [{ 'e.x': /^a/i }] });
    assert.deepEqual((await things.findOne({ _id: 3 }))!['l'], [{ x: 'Ab', y: 1 }, { x: 'b' }]);
  });

  it('finds items that are no documents by a field that is null', async () => {
    await things.updateOne({ _id: 3 }, { $set: { l: [1, { x: 1 }, { y: 1 }] } });
    await things.updateOne({ _id: 3 }, { $set: { 'l.$[e]': 0 } }, { arrayFilters: [{ 'e.x': null }] });
    assert.deepEqual((await things.findOne({ _id: 3 }))!['l'], [0, { x: 1 }, 0]);
  });

  it('tells the items of an array that lies at a place of another one', async () => {
    await things.updateOne({ _id: 3 }, { $set: { l: [['a', 'b'], 'c'] } });
    assert.deepEqual(await things.distinct('l.0'), ['a', 'b']);
    assert.deepEqual(await things.distinct('l.1'), ['c']);
  });

  it('judges the places of $substrCP though there is no text', async () => {
    await assert.rejects(aggregate({ $project: { r: { $substrCP: ['$none', 0, -1] } } }), { code: 34454 });
    await assert.rejects(aggregate({ $project: { r: { $substrCP: ['$none', -1, 0] } } }), { code: 34455 });
    await assert.rejects(aggregate({ $project: { r: { $substrCP: ['x', 0, 1e300] } } }), { code: 34453 });
    await assert.rejects(aggregate({ $project: { r: { $substrCP: ['x', 2 ** 31, 1] } } }), { code: 34451 });
    await assert.rejects(aggregate({ $project: { r: { $indexOfCP: ['x', 'x', 2 ** 31] } } }), { code: 40096 });
  });

  it('$merge that replaces puts in the _id as it comes, which may be of another type', async () => {
    const into = store.db.collection('into');
    await into.insertOne({ _id: 3 as never, old: true });
    await aggregate(
      { $match: { _id: 3 } },
      { $project: { _id: { $toLong: '$_id' }, n: 1 } },
      { $merge: { into: 'into', whenMatched: 'replace' } },
    );
    assert.deepEqual(await into.find({}, { promoteValues: false }).toArray(), [
      { _id: mongo.Long.fromNumber(3), n: new mongo.Int32(3) },
    ]);
  });

  it('takes a large number for its text, with sixteen digits', async () => {
    const r = [
      { $toLower: 2 ** 53 },
      { $toUpper: 123456789.125 },
      { $substrCP: [1e300, 0, 3] },
      { $substr: [2 ** 53, 12, 9] },
    ];
    assert.deepEqual(await aggregate({ $match: { _id: 1 } }, { $project: { _id: 0, r } }), [
      { r: ['9007199254740992', '123456789.125', '1e+', '0992'] },
    ]);
  });

  it('truncates dates of before 2000 downwards', async () => {
    const date = new Date('1999-12-31T23:59:59.999Z');
    const truncated = async (unit: string) =>
      (await aggregate({ $limit: 1 }, { $project: { r: { $dateTrunc: { date, unit } } } }))[0]!['r'].toISOString();
    assert.equal(await truncated('year'), '1999-01-01T00:00:00.000Z');
    assert.equal(await truncated('quarter'), '1999-10-01T00:00:00.000Z');
    assert.equal(await truncated('month'), '1999-12-01T00:00:00.000Z');
  });

  it('puts the time in for $currentDate, whichever boolean says so', async () => {
    const before = new Date();
    await things.updateOne({ _id: 1 }, {
      $currentDate: { yes: true, no: false, stamp: { $type: 'timestamp' } },
    } as never);
    const { yes, no, stamp } = (await things.findOne({ _id: 1 })) as mongo.Document;
    for (const at of [yes, no]) assert.ok(at >= before && at <= new Date(), String(at));
    assert.ok(stamp instanceof mongo.Timestamp);
  });

  it('a positional $ stands for the first item that has the bits, which a fraction has none of', async () => {
    await things.insertOne({ _id: 5, l: [-0.5, mongo.Decimal128.fromString('2.5'), -2] });
    await things.updateOne({ _id: 5, l: { $bitsAnySet: [1, 2] } } as never, { $inc: { 'l.$': 3 } });
    const { l } = (await things.findOne({ _id: 5 })) as mongo.Document;
    assert.deepEqual(l.map(String), ['-0.5', '2.5', '1']);
  });
});
