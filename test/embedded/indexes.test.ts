import assert from 'node:assert/strict';
import { once } from 'node:events';
import { access, type Fixture, openFixture } from './support.js';

describe('embedded store: indexes', () => {
  let store: Fixture;
  before(async () => {
    store = await openFixture({ sweepMs: 20 });
  });
  after(() => store.close());

  it('are used for equality, ranges, $in, prefixes and order', async () => {
    const people = store.collection('people');
    await people.insertMany(
      Array.from({ length: 200 }, (_, i) => ({ _id: i, city: `c${i % 10}`, age: i % 50, mail: `m${i}` })),
    );
    await people.createIndexes([{ key: { city: 1, age: -1 } }, { key: { mail: 1 }, unique: true }]);
    const explained = async (filter: object, sort = {}) =>
      access(await people.find(filter).sort(sort).explain('executionStats'));
    assert.deepEqual(await explained({ mail: 'm7' }), {
      stage: 'IXSCAN',
      index: 'mail_1',
      keys: 1,
      docs: 1,
      sorted: false,
    });
    assert.deepEqual(await explained({ mail: { $in: ['m7', 'm9', 'none'] } }), {
      stage: 'IXSCAN',
      index: 'mail_1',
      keys: 2,
      docs: 2,
      sorted: false,
    });
    assert.deepEqual(await explained({ city: 'c3' }), {
      stage: 'IXSCAN',
      index: 'city_1_age_-1',
      keys: 20,
      docs: 20,
      sorted: false,
    });
    assert.deepEqual(await explained({ city: 'c3', age: { $gte: 20, $lt: 34 } }, { age: 1 }), {
      stage: 'IXSCAN',
      index: 'city_1_age_-1',
      keys: 8,
      docs: 8,
      sorted: false,
    });
    assert.equal((await explained({ city: 'c3' }, { _id: 1 })).sorted, true);
    assert.equal((await explained({ age: 3 })).stage, 'COLLSCAN');
    assert.equal((await explained({ _id: 3 })).stage, 'IDHACK');
    const byAge = await people.find({ city: 'c3' }).sort({ age: 1 }).toArray();
    assert.deepEqual(
      byAge.map(({ age }) => age),
      [...byAge.map(({ age }) => age)].sort((a, b) => Number(a) - Number(b)),
    );
    await assert.rejects(people.find({}).hint('nowhere').toArray(), { code: 2 });
    assert.equal(
      access(await people.find({ city: 'c3' }).hint({ $natural: 1 }).explain('executionStats')).stage,
      'COLLSCAN',
    );
  });

  it('cover counts: documents are read only for what the keys do not say', async () => {
    const rows = store.collection('counted');
    const db = rows.db;
    await rows.createIndexes([{ key: { city: 1, age: -1 } }, { key: { tags: 1 } }, { key: { score: 1 } }]);
    await rows.insertMany(
      Array.from({ length: 200 }, (_, i) => ({
        _id: i,
        city: `c${i % 10}`,
        age: i % 50,
        tags: ['x', `t${i % 4}`],
        score: i % 5 === 0 ? Number.NaN : i,
        note: i % 2,
      })),
    );
    const counted = async (query: object) => {
      const { keys, docs } = access(
        await db.command({ explain: { count: 'counted', query }, verbosity: 'executionStats' }),
      );
      const { n } = await db.command({ count: 'counted', query });
      assert.equal(await rows.countDocuments(query), n);
      const counting = [{ $match: query }, { $group: { _id: 1, n: { $sum: 1 } } }]; // what drivers send for it
      const asDrivers = access(await rows.aggregate(counting).explain('executionStats'));
      assert.deepEqual([asDrivers.keys, asDrivers.docs], [keys, docs]);
      return { n, keys, docs };
    };
    assert.deepEqual(await counted({ city: 'c3' }), { n: 20, keys: 20, docs: 0 });
    assert.deepEqual(await counted({ city: { $in: ['c3', 'c4', 'none'] } }), { n: 40, keys: 40, docs: 0 });
    assert.deepEqual(await counted({ city: 'c3', age: { $gte: 20, $lt: 34 } }), { n: 8, keys: 8, docs: 0 });
    assert.deepEqual(await counted({ score: { $gte: 100 } }), { n: 80, keys: 80, docs: 0 });
    assert.deepEqual(await counted({ score: { $lt: 10 } }), { n: 8, keys: 48, docs: 48 }); // NaN lies below and is not less
    assert.deepEqual(await counted({ city: 'c3', note: 1 }), { n: 20, keys: 20, docs: 20 });
    assert.deepEqual(await counted({ tags: 'x' }), { n: 200, keys: 200, docs: 200 });
    assert.equal((await counted({ city: null })).n, 0);
    const limited = await db.command({ count: 'counted', query: { city: 'c3' }, skip: 5, limit: 10 });
    assert.equal(limited['n'], 10);
  });

  it('refuse duplicates with the key', async () => {
    const users = store.collection('users');
    await users.createIndex({ email: 1 }, { unique: true });
    await users.insertOne({ _id: 1, email: 'a@b' });
    await assert.rejects(
      users.insertOne({ _id: 2, email: 'a@b' }),
      (error: { code: number; message: string; keyPattern: object; keyValue: object }) => {
        assert.equal(error.code, 11000);
        assert.deepEqual([error.keyPattern, error.keyValue], [{ email: 1 }, { email: 'a@b' }]);
        assert.match(
          error.message,
          /^E11000 duplicate key error collection: test\.users index: email_1 dup key: \{ email: "a@b" \}/,
        );
        return true;
      },
    );
    await assert.rejects(users.insertOne({ _id: 1 }), { code: 11000, keyValue: { _id: 1 } });
    await users.insertOne({ _id: 3, email: 'c@d' });
    await assert.rejects(users.updateOne({ _id: 3 }, { $set: { email: 'a@b' } }), { code: 11000 });
    await users.deleteOne({ _id: 1 });
    await users.updateOne({ _id: 3 }, { $set: { email: 'a@b' } });
    await assert.rejects(users.createIndex({ email: -1 }, { name: 'email_1' }), { code: 86 });
    await store.collection('doubles').insertMany([{ a: 1 }, { a: 1 }]);
    await assert.rejects(store.collection('doubles').createIndex({ a: 1 }, { unique: true }), { code: 11000 });
    const partly = await users
      .insertMany([{ _id: 7 }, { _id: 7 }, { _id: 8, email: 'z' }], { ordered: false })
      .catch((error) => error);
    assert.equal(partly.result.insertedCount, 2);
  });

  it('may have the same keys as another that is unique, sparse or partial', async () => {
    const twins = store.collection('twins');
    await twins.createIndex({ a: 1 });
    await assert.rejects(twins.createIndex({ a: 1 }, { unique: true }), { code: 86 });
    await assert.rejects(twins.createIndex({ a: 1 }, { name: 'other' }), { code: 85 });
    await assert.rejects(twins.createIndex({ a: 1 }, { expireAfterSeconds: 5 }), { code: 85 });
    await twins.createIndex({ c: 1 });
    await assert.rejects(twins.createIndex({ a: 1 }, { name: 'c_1' }), { code: 86 });
    await twins.createIndex({ a: 1 }, { unique: true, name: 'unique' });
    await twins.createIndex({ a: 1 }, { partialFilterExpression: { b: 1 }, name: 'partial' });
    await twins.createIndex({ a: 1.0 });
    await twins.insertOne({ a: 1 });
    await assert.rejects(twins.insertOne({ a: 1 }), { code: 11000 });
    await assert.rejects(store.db.command({ dropIndexes: 'twins', index: { a: 1 } }), { code: 181 });
    await twins.dropIndex('unique');
    await twins.insertOne({ a: 1 });
    assert.equal(await twins.countDocuments({ a: 1 }), 2);
  });

  it('may be partial, sparse and multikey', async () => {
    const rows = store.collection('rows');
    await rows.createIndexes([
      { key: { slot: 1 }, unique: true, partialFilterExpression: { open: true } },
      { key: { nick: 1 }, unique: true, sparse: true },
      { key: { tags: 1 } },
    ]);
    await rows.insertMany([
      { _id: 1, slot: 1, open: true, tags: ['a', 'b'] },
      { _id: 2, slot: 1, open: false, tags: ['b', 'c'] },
      { _id: 3, slot: 2, open: true },
      { _id: 4, nick: 'n' },
    ]);
    await assert.rejects(rows.updateOne({ _id: 2 }, { $set: { open: true } }), { code: 11000 });
    await assert.rejects(rows.insertOne({ _id: 5, nick: 'n' }), { code: 11000 });
    const how = async (filter: object) => access(await rows.find(filter).explain('executionStats'));
    assert.equal((await how({ slot: 1, open: true })).index, 'slot_1');
    assert.equal((await how({ slot: 1 })).stage, 'COLLSCAN');
    assert.equal((await how({ nick: 'n' })).index, 'nick_1');
    assert.equal((await how({ nick: null })).stage, 'COLLSCAN');
    assert.equal((await how({ tags: 'b' })).index, 'tags_1');
    assert.deepEqual(
      (
        await rows
          .find({ tags: { $gte: 'a' } })
          .sort({ _id: 1 })
          .toArray()
      ).map(({ _id }) => _id),
      [1, 2],
    );
    await rows.updateOne({ _id: 1 }, { $pull: { tags: 'b' } } as object);
    assert.deepEqual(
      (await rows.find({ tags: 'b' }).toArray()).map(({ _id }) => _id),
      [2],
    );
  });

  it('are listed, dropped and changed', async () => {
    const kept = store.collection('kept');
    await kept.createIndex({ a: 1 }, { expireAfterSeconds: 3600 });
    await store.db.command({ collMod: 'kept', index: { keyPattern: { a: 1 }, expireAfterSeconds: 60 } });
    assert.deepEqual(await kept.indexes(), [
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { a: 1 }, name: 'a_1', expireAfterSeconds: 60 },
    ]);
    await kept.dropIndex('a_1');
    assert.equal((await kept.indexes()).length, 1);
    await assert.rejects(kept.dropIndex('a_1'), { code: 27 });
    await kept.drop();
    assert.deepEqual(await store.db.listCollections({ name: 'kept' }).toArray(), []);
  });

  it('let documents expire', async () => {
    const tokens = store.collection('tokens');
    await tokens.createIndex({ until: 1 }, { expireAfterSeconds: 0 });
    await tokens.insertMany([
      { _id: 1, until: new Date(Date.now() - 1000) },
      { _id: 2, until: new Date(Date.now() + 60_000) },
      { _id: 3 },
    ]);
    const ticks = new EventTarget();
    const timer = setInterval(() => ticks.dispatchEvent(new Event('tick')), 10);
    while ((await tokens.countDocuments()) > 2) await once(ticks, 'tick');
    clearInterval(timer);
    assert.deepEqual(
      (await tokens.find().toArray()).map(({ _id }) => _id),
      [2, 3],
    );
  });
});
