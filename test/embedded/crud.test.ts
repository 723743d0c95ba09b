import assert from 'node:assert/strict';
import { mongo } from 'mongoose';
import { type Fixture, inc, openFixture } from './support.js';

const { Binary, BSONRegExp, Code, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } = mongo;

describe('embedded store: documents', () => {
  let store: Fixture;
  before(async () => {
    store = await openFixture();
  });
  after(() => store.close());

  it('keeps every BSON type bit for bit', async () => {
    const types = store.db.collection('types', { promoteValues: false, bsonRegExp: true, raw: false });
    const document = {
      _id: new ObjectId(),
      double: new Double(1),
      negativeZero: new Double(-0),
      text: 'ein Wort \u0000 mit Null',
      nested: { a: [new Int32(1), { b: new Long(2) }] },
      binary: new Binary(Buffer.from([1, 2, 3]), 0),
      uuid: new UUID(),
      yes: true,
      date: new Date(1234567890123),
      nothing: null,
      regex: new BSONRegExp('^a.*b$', 'i'),
      code: new Code('return 1'),
      int: new Int32(-5),
      timestamp: new Timestamp({ t: 5, i: 6 }),
      long: Long.fromString('9223372036854775807'),
      decimal: Decimal128.fromString('1.10'),
      min: new MinKey(),
      max: new MaxKey(),
    };
    await types.insertOne(document);
    const raw = await store.db.collection('types', { raw: true }).findOne({ _id: document._id });
    assert.deepEqual(Buffer.from(raw as unknown as Uint8Array), Buffer.from(mongo.BSON.serialize(document)));
    await types.updateOne({ _id: document._id }, { $set: { more: 1 } });
    const again = await store.db.collection('types', { raw: true }).findOne({ _id: document._id });
    assert.deepEqual(
      Buffer.from(again as unknown as Uint8Array),
      Buffer.from(mongo.BSON.serialize({ ...document, more: 1 })),
    );
  });

  it('compares numbers by value across types', async () => {
    const numbers = store.collection('numbers');
    await numbers.insertMany([
      { _id: 'int', v: new Int32(5) },
      { _id: 'long', v: Long.fromNumber(5) },
      { _id: 'double', v: new Double(5) },
      { _id: 'decimal', v: Decimal128.fromString('5.0') },
      { _id: 'more', v: Decimal128.fromString('5.0000000000000000000000000001') },
      { _id: 'big', v: Long.fromString('9007199254740993') },
      { _id: 'bigger', v: Long.fromString('9007199254740994') },
    ]);
    for (const index of [false, true]) {
      if (index) await numbers.createIndex({ v: 1 });
      const ids = async (filter: mongo.Document) =>
        (await numbers.find(filter).sort({ v: 1, _id: 1 }).toArray()).map(({ _id }) => _id);
      assert.deepEqual(await ids({ v: 5 }), ['decimal', 'double', 'int', 'long']);
      assert.deepEqual(await ids({ v: { $gt: 5 } }), ['more', 'big', 'bigger']);
      assert.deepEqual(await ids({ v: { $gt: Long.fromString('9007199254740993') } }), ['bigger']);
    }
  });

  it('sorts across types in the order of MongoDB', async () => {
    const mixed = store.collection('mixed');
    const values = [
      new MinKey(),
      null,
      new Int32(1),
      'a',
      { a: 1 },
      new Binary(Buffer.from('x')),
      new ObjectId(),
      false,
      true,
      new Date(0),
      new Timestamp({ t: 1, i: 1 }),
      new BSONRegExp('a'),
      new MaxKey(),
    ];
    await mixed.insertMany(values.map((value, i) => ({ _id: (i * 7) % values.length, place: i, value })));
    const places = async () => (await mixed.find().sort({ value: 1 }).toArray()).map(({ place }) => place);
    assert.deepEqual(
      await places(),
      values.map((_, i) => i),
    );
    await mixed.createIndex({ value: 1 });
    assert.deepEqual(
      await places(),
      values.map((_, i) => i),
    );
  });

  it('finds in arrays and nested documents', async () => {
    const nested = store.collection('nested');
    await nested.insertMany([
      { _id: 1, a: [{ b: 1 }, { b: 5 }], tags: ['x', 'y'] },
      { _id: 2, a: { b: 3 }, tags: [] },
      { _id: 3, tags: null },
      { _id: 4, a: [[1, 2]] },
    ]);
    const ids = async (filter: mongo.Document) =>
      (await nested.find(filter).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
    assert.deepEqual(await ids({ 'a.b': 5 }), [1]);
    assert.deepEqual(await ids({ 'a.b': { $gt: 2 } }), [1, 2]);
    assert.deepEqual(await ids({ 'a.0.b': 1 }), [1]);
    assert.deepEqual(await ids({ tags: 'y' }), [1]);
    assert.deepEqual(await ids({ tags: [] }), [2]);
    assert.deepEqual(await ids({ tags: null }), [3, 4]);
    assert.deepEqual(await ids({ tags: { $exists: false } }), [4]);
    assert.deepEqual(await ids({ a: { $elemMatch: { b: { $gt: 4, $lt: 6 } } } }), [1]);
    assert.deepEqual(await ids({ a: [1, 2] }), [4]);
    assert.deepEqual(await ids({ tags: { $size: 2 } }), [1]);
    assert.deepEqual(await ids({ tags: { $all: ['x', 'y'] } }), [1]);
    assert.deepEqual(await ids({ $or: [{ _id: 3 }, { 'a.b': 3 }] }), [2, 3]);
    assert.deepEqual(await ids({ tags: { $not: { $in: ['x'] } } }), [2, 3, 4]);
    assert.deepEqual(await ids({ tags: /^X$/i }), [1]);
    assert.deepEqual(await ids({ $expr: { $eq: ['$_id', 3] } }), [3]);
  });

  it('finds the rest of a division without loss, where 64 bits hold the number', async () => {
    const divided = store.collection('divided');
    const values = [
      Long.fromString('9007199254740993'),
      Decimal128.fromString('9007199254740993.9'),
      Long.fromString('9223372036854775807'),
      new Double(-7.9),
      Decimal128.fromString('-7.9'),
      new Double(2 ** 63),
      Decimal128.fromString('1E+30'),
      Decimal128.fromString('NaN'),
      new Double(Number.NaN),
      'text',
    ];
    await divided.insertMany(values.map((n, _id) => ({ _id, n })));
    const ids = async (...$mod: unknown[]) =>
      (
        await divided
          .find({ n: { $mod } } as mongo.Document)
          .sort({ _id: 1 })
          .toArray()
      ).map(({ _id }) => _id);
    assert.deepEqual(await ids(2, 1), [0, 1, 2]);
    assert.deepEqual(await ids(2, -1), [3, 4]);
    assert.deepEqual(await ids(2, 0), []);
    assert.deepEqual(await ids(Long.fromString('9007199254740993'), 0), [0, 1]);
    assert.deepEqual(await ids(Decimal128.fromString('9007199254740993.5'), new Double(0.9)), [0, 1]);
    assert.deepEqual(await ids(Long.fromString('9223372036854775807'), -7), [3, 4]);
    assert.deepEqual(await ids(-1, 0), [0, 1, 2, 3, 4]);
    for (const odd of [Number.NaN, Number.POSITIVE_INFINITY, 1e300, Decimal128.fromString('1E+30'), 'text', null]) {
      await assert.rejects(ids(odd, 0), { code: 2, message: /^malformed mod, divisor/ });
      await assert.rejects(ids(2, odd), { code: 2, message: /^malformed mod, remainder/ });
    }
    await assert.rejects(ids(0.5, 0), { code: 2, message: 'divisor cannot be 0' });
  });

  it('takes a stored regular expression for a match of the same one', async () => {
    const patterns = store.collection('patterns');
    const values = [
      new BSONRegExp('x'),
      new BSONRegExp('x', 'i'),
      [new BSONRegExp('x')],
      new BSONRegExp('y'),
      'X',
      'x/',
    ];
    await patterns.insertMany(values.map((r, _id) => ({ _id, r })));
    const ids = async (r: unknown) =>
      (
        await patterns
          .find({ r } as mongo.Document)
          .sort({ _id: 1 })
          .toArray()
      ).map(({ _id }) => _id);
    assert.deepEqual(await ids(/x/), [0, 2, 5]);
    assert.deepEqual(await ids(/x/i), [1, 4, 5]);
    assert.deepEqual(await ids({ $regex: 'x', $options: 'i' }), [1, 4, 5]);
    assert.deepEqual(await ids({ $in: [/x/, 'X'] }), [0, 2, 4, 5]);
    assert.deepEqual(await ids({ $nin: [/x/] }), [1, 3, 4]);
    assert.deepEqual(await ids({ $not: /x/i }), [0, 2, 3]);
    assert.deepEqual(await ids({ $elemMatch: { $regex: 'x' } }), [2]);
    assert.deepEqual(await ids({ $all: [/x/i] }), [1, 4, 5]);
    await patterns.createIndex({ r: 1 });
    assert.deepEqual(await ids(/x/), [0, 2, 5]);
  });

  it('finds a decimal by the double of its value, and the double by the decimal', async () => {
    const halves = store.collection('halves');
    await halves.insertMany([
      { _id: 1, n: new Double(2.5) },
      { _id: 2, n: Decimal128.fromString('2.5') },
    ]);
    for (const n of [new Double(2.5), Decimal128.fromString('2.50')]) {
      assert.equal(await halves.countDocuments({ n: { $in: [n, 'other'] } }), 2);
      assert.equal(await halves.countDocuments({ $nor: [{ n }] }), 0);
      assert.equal(await halves.countDocuments({ $nor: [{ n: { $in: [n] } }] }), 0);
      assert.equal(await halves.countDocuments({ n: { $nin: [n] } }), 0);
    }
  });

  it('updates with operators, array filters, pipelines and upserts', async () => {
    const things = store.collection('things');
    await things.insertOne({
      _id: 1,
      n: 1,
      list: [1, 2, 3],
      rows: [
        { k: 'a', v: 1 },
        { k: 'b', v: 2 },
      ],
      old: 'x',
    });
    await things.updateOne({ _id: 1 }, {
      $inc: { n: 2 } as never,
      $push: { list: { $each: [9, 8], $sort: -1, $slice: 4 } },
      $rename: { old: 'fresh' },
      $set: { 'deep.er': true },
    } as mongo.Document);
    assert.deepEqual(await things.findOne({ _id: 1 }), {
      _id: 1,
      n: 3,
      list: [9, 8, 3, 2],
      rows: [
        { k: 'a', v: 1 },
        { k: 'b', v: 2 },
      ],
      deep: { er: true },
      fresh: 'x',
    });
    await things.updateOne({ _id: 1, 'rows.k': 'b' }, { $set: { 'rows.$.v': 20 } });
    await things.updateOne({ _id: 1 }, inc({ 'rows.$[row].v': 5 }), { arrayFilters: [{ 'row.k': 'a' }] });
    await things.updateOne({ _id: 1 }, {
      $pull: { list: { $gte: 8 } },
      $addToSet: { tags: { $each: ['p', 'p', 'q'] } },
    } as mongo.Document);
    await things.updateOne({ _id: 1 }, [{ $set: { sum: { $add: ['$n', 1] } } }]);
    const now = await things.findOne({ _id: 1 });
    assert.deepEqual(now?.['rows'], [
      { k: 'a', v: 6 },
      { k: 'b', v: 20 },
    ]);
    assert.deepEqual([now?.['list'], now?.['tags'], now?.['sum']], [[3, 2], ['p', 'q'], 4]);

    const upserted = await things.updateOne(
      { _id: 2, kind: 'new' },
      { $set: { a: 1 }, $setOnInsert: { b: 2 } },
      { upsert: true },
    );
    assert.equal(upserted.upsertedId, 2);
    assert.deepEqual(await things.findOne({ _id: 2 }), { _id: 2, kind: 'new', a: 1, b: 2 });
    const many = await things.updateMany({}, { $set: { all: true } });
    assert.deepEqual([many.matchedCount, many.modifiedCount], [2, 2]);
    const replaced = await things.findOneAndReplace({ _id: 2 }, { z: 1, a: 2 }, { returnDocument: 'after' });
    assert.deepEqual(Object.entries(replaced!), [
      ['_id', 2],
      ['z', 1],
      ['a', 2],
    ]);
    await assert.rejects(things.updateOne({ _id: 2 }, { $set: { _id: 3 } }), { code: 66 });
    await assert.rejects(things.updateOne({ _id: 2 }, { $set: { a: 1, 'a.b': 2 } }), { code: 40 });
    await assert.rejects(things.updateOne({ _id: 2 }, { $set: { 'a.b': 2 } }), { code: 28 });
    for (const [value, text] of [
      [new mongo.MinKey(), 'MinKey'],
      [new mongo.Binary(Buffer.from([1, 250]), 128), 'BinData(128, 01FA)'],
    ] as const) {
      await things.updateOne({ _id: 2 }, { $set: { k: value } });
      const expected = { message: `Cannot create field 'b' in element {k: ${text}}` };
      await assert.rejects(things.updateOne({ _id: 2 }, { $set: { 'k.b': 2 } }), expected);
    }
    await assert.rejects(things.updateOne({ _id: 2 }, { $frob: { a: 1 } } as mongo.Document), { code: 9 });
    assert.equal((await things.deleteMany({ all: true })).deletedCount, 1);
  });

  it('leaves a number as it is where a calculation makes an equal one of its type', async () => {
    const sums = store.collection('sums');
    const outcome = async (n: unknown, change: mongo.Document) => {
      await sums.replaceOne({ _id: 1 }, { n }, { upsert: true });
      const { modifiedCount } = await sums.updateOne({ _id: 1 }, change);
      const found = await sums.findOne({ _id: 1 }, { promoteValues: false });
      return [modifiedCount, found!['n']];
    };
    const decimal = (digits: string) => Decimal128.fromString(digits);
    assert.deepEqual(await outcome(new Double(0), { $mul: { n: -2 } }), [0, new Double(0)]);
    assert.deepEqual(await outcome(decimal('1.5'), { $inc: { n: decimal('0.00') } }), [0, decimal('1.5')]);
    assert.deepEqual(await outcome(new Int32(2), { $mul: { n: Long.fromNumber(1) } }), [1, Long.fromNumber(2)]);
    assert.deepEqual(await outcome(decimal('1.5'), { $mul: { n: decimal('2') } }), [1, decimal('3.0')]);
  });

  it('gives large results piece by piece', async () => {
    const many = store.collection('many');
    await many.insertMany(Array.from({ length: 1234 }, (_, i) => ({ _id: i, filler: 'x'.repeat(100) })));
    const seen: unknown[] = [];
    for await (const { _id } of many.find().batchSize(50)) seen.push(_id);
    assert.deepEqual(
      seen,
      Array.from({ length: 1234 }, (_, i) => i),
    );
    assert.equal(
      (await many.find().sort({ filler: 1, _id: -1 }).skip(4).limit(2).toArray()).map(({ _id }) => _id).join(),
      '1229,1228',
    );
    assert.deepEqual(
      await many
        .find({ _id: { $lt: 2 } })
        .project({ _id: 1 })
        .toArray(),
      [{ _id: 0 }, { _id: 1 }],
    );
    assert.equal(await many.countDocuments({ _id: { $gte: 1000 } }), 234);
    assert.equal(await many.estimatedDocumentCount(), 1234);
    assert.equal((await many.find().sort({ $natural: -1 }).limit(1).toArray())[0]?._id, 1233);
    const cursor = many.find().batchSize(10);
    await cursor.next();
    const { id } = cursor;
    await cursor.close();
    await assert.rejects(store.db.command({ getMore: id!, collection: 'many' }), { code: 43 });
  });

  it('aggregates', async () => {
    const sales = store.collection('sales');
    await sales.insertMany([
      { _id: 1, item: 'a', n: 2, day: new Date('2024-01-01') },
      { _id: 2, item: 'b', n: 3, day: new Date('2024-01-02') },
      { _id: 3, item: 'a', n: 4, day: new Date('2024-01-03') },
    ]);
    await store.collection('items').insertMany([
      { _id: 'a', name: 'Apple' },
      { _id: 'b', name: 'Bread' },
    ]);
    const grouped = await sales
      .aggregate([
        { $match: { n: { $gte: 2 } } },
        { $group: { _id: '$item', total: { $sum: '$n' } } },
        { $lookup: { from: 'items', localField: '_id', foreignField: '_id', as: 'item' } },
        { $unwind: '$item' },
        { $sort: { _id: 1 } },
        { $project: { total: 1, name: '$item.name' } },
      ])
      .toArray();
    assert.deepEqual(grouped, [
      { _id: 'a', total: 6, name: 'Apple' },
      { _id: 'b', total: 3, name: 'Bread' },
    ]);
    await store.collection('amounts').insertMany([
      { _id: 1, kind: 'x', amount: Decimal128.fromString('0.10') },
      { _id: 2, kind: 'x', amount: Decimal128.fromString('0.20') },
      { _id: 3, kind: 'x', amount: new Int32(2) },
    ]);
    const [sum] = await store
      .collection('amounts')
      .aggregate([
        { $group: { _id: '$kind', sum: { $sum: '$amount' }, least: { $min: '$amount' }, mean: { $avg: '$amount' } } },
        { $addFields: { twice: { $multiply: ['$sum', 2] }, more: { $gt: ['$sum', 2] } } },
      ])
      .toArray();
    assert.deepEqual(
      [
        sum?.['sum'].toString(),
        sum?.['least'].toString(),
        sum?.['twice'].toString(),
        sum?.['more'],
        Number(sum?.['mean'].toString()).toFixed(9),
      ],
      ['2.30', '0.10', '4.60', true, '0.766666667'],
    );
    await sales.aggregate([{ $match: { item: 'a' } }, { $out: 'copies' }]).toArray();
    assert.equal(await store.collection('copies').countDocuments(), 2);
    assert.deepEqual(await sales.distinct('item'), ['a', 'b']);
  });

  it('takes what is missing in an array for null, in sorts and sets too', async () => {
    const gaps = store.collection('gaps');
    await gaps.insertOne({ _id: 1 });
    const [doc] = await gaps
      .aggregate([
        {
          $project: {
            sorted: { $sortArray: { input: [2, '$no', 1], sortBy: 1 } },
            united: { $sortArray: { input: { $setUnion: [[1], [1, '$no']] }, sortBy: -1 } },
          },
        },
      ])
      .toArray();
    assert.deepEqual(doc, { _id: 1, sorted: [null, 1, 2], united: [1, null] });
  });

  it('sorts an array in an array as the whole that it is, after every number', async () => {
    const nests = store.collection('nests');
    await nests.insertOne({ _id: 1, list: [[], [-1]] });
    await nests.updateOne({ _id: 1 }, { $push: { list: { $each: [0, 5], $sort: 1 } } } as mongo.Document);
    assert.deepEqual((await nests.findOne({ _id: 1 }))?.list, [0, 5, [], [-1]]);
    const [doc] = await nests
      .aggregate([{ $project: { _id: 0, down: { $sortArray: { input: '$list', sortBy: -1 } } } }])
      .toArray();
    assert.deepEqual(doc, { down: [[-1], [], 5, 0] });
  });

  it('counts a document as modified in which $unset found something, be it a null in an array', async () => {
    const nulls = store.collection('nulls');
    await nulls.insertOne({ _id: 1, a: [null] });
    const modified = async (path: string) =>
      (await nulls.updateOne({ _id: 1 }, { $unset: { [path]: 1 } })).modifiedCount;
    assert.deepEqual([await modified('a.0'), await modified('a.1'), await modified('b')], [1, 0, 0]);
  });

  it('counts a document as modified that $push put something into, though a slice took it away again', async () => {
    const cut = store.collection('cut');
    await cut.insertOne({ _id: 1, list: ['a'] });
    const modifiedBy = async (list: unknown) =>
      (await cut.updateOne({ _id: 1 }, { $push: { list } } as mongo.Document)).modifiedCount;
    assert.equal(await modifiedBy({ $each: ['b'], $slice: 1 }), 1);
    assert.equal(await modifiedBy({ $each: [], $sort: 1 }), 1);
    assert.equal(await modifiedBy({ $each: [], $slice: 5 }), 0);
    assert.equal((await cut.updateOne({ _id: 1 }, { $set: { list: ['a'] } } as mongo.Document)).modifiedCount, 0);
    assert.deepEqual((await cut.findOne({ _id: 1 }))?.list, ['a']);
  });

  it('takes no position for `$` from a negated condition, nor from one of several', async () => {
    const listed = store.collection('listed');
    const changed = async (filter: mongo.Document) => {
      await listed.replaceOne({ _id: 1 }, { a: [1, 2, 3] }, { upsert: true });
      await listed.updateOne({ _id: 1, ...filter }, { $set: { 'a.$': 9 } });
      return (await listed.findOne({ _id: 1 }))?.a;
    };
    for (const filter of [
      { a: { $ne: 5 } },
      { a: { $nin: [5] } },
      { a: { $not: { $gt: 5 } } },
      { a: { $not: /x/ } },
      { 'a.x': { $exists: false } },
      { $nor: [{ a: 5 }] },
      { $and: [{ a: { $ne: 5 } }] },
      { $or: [{ a: { $ne: 5 } }, { a: 3 }] },
      { $or: [{ a: 3 }, { _id: 1 }] },
    ])
      await assert.rejects(changed(filter), { code: 2, message: /^The positional operator did not find/ });
    assert.deepEqual(await changed({ a: { $gte: 2, $ne: 7 } }), [1, 9, 3]);
    assert.deepEqual(await changed({ a: { $elemMatch: { $ne: 1 } } }), [1, 9, 3]);
    assert.deepEqual(await changed({ a: { $exists: true } }), [9, 2, 3]);
    assert.deepEqual(await changed({ $or: [{ a: { $gte: 2 } }] }), [1, 9, 3]);
    assert.deepEqual(await changed({ $or: [{ a: 3 }, { a: 2 }] }), [1, 9, 3]); // as `$in`
  });

  it('refuses an upsert of which the query says two things about one path', async () => {
    const seeded = store.collection('seeded');
    const upsert = (filter: mongo.Document, update: mongo.Document[] | mongo.Document = { $set: { z: 1 } }) =>
      seeded.updateOne(filter, update, { upsert: true });
    const message = "cannot infer query fields to set, both paths 'a.b' and 'a' are matched";
    for (const filter of [
      { a: {}, 'a.b': 1 },
      { 'a.b': 1, a: {} },
      { a: { c: 1 }, 'a.b': 1 },
      { $and: [{ a: {} }, { 'a.b': 1 }] },
    ])
      await assert.rejects(upsert(filter), { code: 54, message });
    await assert.rejects(upsert({ a: {}, 'a.b': 1 }, [{ $set: { z: 1 } }]), { code: 54, message });
    await assert.rejects(upsert({ $and: [{ a: {} }, { a: {} }] }), { code: 54, message: /path 'a' is matched twice/ });
    await upsert({ _id: 1, 'a.b': 1, 'a.c': 1, ab: {} });
    assert.deepEqual(await seeded.find().toArray(), [{ _id: 1, a: { b: 1, c: 1 }, ab: {}, z: 1 }]);
  });

  it('renames nothing where there is nothing, and nothing through an array', async () => {
    const renamed = store.collection('renamed');
    const outcome = async (doc: mongo.Document, $rename: Record<string, string>) => {
      await renamed.replaceOne({ _id: 1 }, doc, { upsert: true });
      await renamed.updateOne({ _id: 1 }, { $rename });
      return renamed.findOne({ _id: 1 });
    };
    for (const a of [[{ x: 1 }], [1], []]) await assert.rejects(outcome({ a }, { 'a.x': 'b' }), { code: 28 });
    await assert.rejects(outcome({ a: [1] }, { 'a.0': 'b' }), { code: 2 });
    await assert.rejects(outcome({ a: [1], n: 1 }, { n: 'a.0' }), { code: 2 });
    assert.deepEqual(await outcome({ a: [] }, { 'a.0': 'b' }), { _id: 1, a: [] });
    assert.deepEqual(await outcome({ a: [1] }, { n: 'a.0' }), { _id: 1, a: [1] });
  });

  it('refuses what it cannot do, by name', async () => {
    const some = store.collection('some');
    await assert.rejects(store.db.command({ frobnicate: 1 }), { code: 59 });
    await assert.rejects(store.db.createCollection('capped', { capped: true, size: 1000 }), { code: 238 });
    await assert.rejects(store.db.createCollection('checked', { validator: { a: 1 } }), { code: 238 });
    await assert.rejects(some.createIndex({ a: 'text' }), { code: 238 });
    await assert.rejects(some.createIndex({ a: '2dsphere' }), { code: 238 });
    await assert.rejects(some.find({ a: 'x' }, { collation: { locale: 'de' } }).toArray(), { code: 238 });
    await assert.rejects(some.find({ $where: 'true' }).toArray(), { code: 238 });
    await assert.rejects(some.find({ a: { $frob: 1 } }).toArray(), { code: 2 });
    await assert.rejects(some.watch().next(), { code: 238 });
    await assert.rejects(store.db.command({ find: 'some', frob: 1 }), { code: 40415 });
    await assert.rejects(
      some.aggregate([{ $project: { x: { $function: { body: 'f', args: [], lang: 'js' } } } }]).toArray(),
      { code: 2 },
    );
    await assert.rejects(store.db.collection('some').insertOne({ _id: [1] as never }), /array/);
    await assert.rejects(some.insertOne({ _id: { $a: 1 } as never }), { code: 52 });
    assert.equal((await some.insertOne({ _id: 'dollars', $a: 1 })).acknowledged, true);
  });
});
