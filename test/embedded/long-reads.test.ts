import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mongo } from 'mongoose';
import { type Fixture, inc, openFixture, type Row } from './support.js';

const DOCUMENTS = 100_000;

describe('embedded store: long reads', function () {
  this.timeout(120_000);
  let fixture: Fixture;
  let rows: mongo.Collection<Row>;
  before(async () => {
    fixture = await openFixture();
    rows = fixture.collection('rows');
    await rows.createIndex({ group: 1 });
    for (let from = 0; from < DOCUMENTS; from += 5_000)
      await rows.insertMany(
        Array.from({ length: 5_000 }, (_, i) => ({
          _id: from + i,
          group: i % 10,
          text: `${from + i} and more`.repeat(3),
        })),
      );
  });
  after(() => fixture.close());

  const nowhere = { text: /^not there/ };
  const everything = { $group: { _id: '$group', last: { $max: '$_id' } } };

  const reads: Record<string, (options: { maxTimeMS?: number }) => Promise<unknown>> = {
    find: (options) => rows.find(nowhere, options).toArray(),
    'find with a sort': (options) =>
      rows
        .find({}, { ...options, limit: 1 })
        .sort({ text: 1 })
        .toArray(),
    'find by an index': (options) => rows.find({ ...nowhere, group: { $gte: 0 } }, options).toArray(),
    count: (options) => fixture.db.command({ count: 'rows', query: nowhere, ...options }),
    distinct: (options) => rows.distinct('group', nowhere, options),
    countDocuments: (options) => rows.countDocuments(nowhere, options),
    aggregate: (options) => rows.aggregate([{ $match: nowhere }, everything], options).toArray(),
  };

  for (const [name, read] of Object.entries(reads)) {
    it(`give way to others: ${name}`, async () => {
      let done = false;
      const long = read({}).finally(() => {
        done = true;
      });
      let pings = 0;
      for (; !done; pings++) await fixture.db.command({ ping: 1 });
      await long;
      assert.ok(pings > 3, `${pings} answers meanwhile`);
    });

    it(`end when their time is over: ${name}`, () => assert.rejects(read({ maxTimeMS: 3 }), { code: 50 }));
  }

  it('find what they would find in one go', async () => {
    assert.equal((await rows.find({ _id: { $gte: 10 } }).toArray()).length, DOCUMENTS - 10);
    assert.deepEqual(
      (await rows.find({}, { sort: { text: -1 }, skip: 5, limit: 3, projection: { text: 0 } }).toArray()).length,
      3,
    );
    assert.equal(await rows.countDocuments({ text: /and/ }), DOCUMENTS);
    assert.equal(await rows.countDocuments({ text: /and/ }, { skip: 10, limit: 100 }), 100);
    assert.equal(await rows.countDocuments(nowhere), 0);
    const groups = await rows.aggregate([everything, { $sort: { _id: 1 } }]).toArray();
    assert.deepEqual(groups.at(-1), { _id: 9, last: DOCUMENTS - 1 });
    assert.equal(groups.length, 10);
  });

  it('of a transaction see the state it began with, however long they take', async () => {
    await fixture.client.withSession(async (session) => {
      session.startTransaction();
      const before = await rows.countDocuments({ text: /and/ }, { session });
      const counting = rows.countDocuments({ text: /and/ }, { session });
      await rows.insertOne({ text: 'and one more' });
      assert.equal(await counting, before);
      await session.abortTransaction();
    });
  });

  it('of writes end when their time is over, and nothing is written', async () => {
    await assert.rejects(rows.updateMany(nowhere, inc({ n: 1 }), { maxTimeMS: 3 }), { code: 50 });
    assert.equal(await rows.countDocuments({ n: { $exists: true } }), 0);
  });

  it('and their cursors hold a bounded amount of memory together', async () => {
    const large = fixture.collection('large');
    for (let n = 0; n < 90; n++) await large.insertOne({ n, bytes: randomBytes(1_000_000) });
    const sorted = () => large.find({}, { sort: { n: -1 }, batchSize: 1 });
    const cursors = [sorted(), sorted(), sorted()];
    await cursors[0]!.next();
    await cursors[1]!.next();
    await assert.rejects(cursors[2]!.next(), { code: 292, message: /open cursors/ });
    await cursors[0]!.close();
    const another = sorted();
    assert.equal((await another.next())?.['n'], 89);
    await another.close();
    await cursors[1]!.close();
    await large.drop();
  });

  it('end with the client that asked', async () => {
    const other = new mongo.MongoClient(fixture.uri);
    const never = other
      .db('test')
      .collection('rows')
      .find(nowhere)
      .toArray()
      .catch((error: Error) => error.name);
    await fixture.db.command({ ping: 1 });
    await other.close(true);
    assert.match(String(await never), /Mongo/);
    assert.equal((await fixture.db.command({ ping: 1 }))['ok'], 1);
  });
});
