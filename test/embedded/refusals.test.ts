import assert from 'node:assert/strict';
import type { mongo } from 'mongoose';
import { type Fixture, openFixture, type Row } from './support.js';

describe('embedded store: refusals', () => {
  let store: Fixture;
  let rows: mongo.Collection<Row>;
  before(async () => {
    store = await openFixture();
    rows = store.collection('rows');
    await rows.insertOne({ _id: 1, n: 5, l: [{ x: 1 }, 7] });
  });
  after(() => store.close());

  const refuses = (command: mongo.Document, code: number) =>
    assert.rejects(store.db.command(command), { code }, JSON.stringify(command));

  it('refuse a find as MongoDB does', async () => {
    const find = (filter: object, options: object = {}) => rows.find(filter, options).toArray();
    await assert.rejects(find({ n: 5 }, { projection: { 'l.$': 1 } }), { code: 51246 });
    await assert.rejects(store.db.command({ find: 'rows', sort: { n: 2 } }), { code: 15975 });
    await assert.rejects(find({}, { projection: { 'a.': 1 } }), { code: 40353 });
    await assert.rejects(find({ n: { $type: [] } }), { code: 9 });
    for (const condition of [{ $expr: 1 }, { $or: [{ x: 1 }, { $expr: 1 }] }])
      await assert.rejects(find({ l: { $elemMatch: condition } }), { code: 2 });
    await assert.rejects(find({ n: { $bitsAllSet: -1 } }), { code: 9 });
    await assert.rejects(find({ n: { $regex: 'a', $options: 'q' } }), { code: 51108 });
  });

  it('refuse an update as MongoDB does', async () => {
    const update = (u: object) => rows.updateOne({ _id: 1 }, u);
    for (const $sort of [2, {}, { '': 1 }, { 'a..b': 1 }, { x: 'y' }, 'x'])
      await assert.rejects(update({ $push: { l: { $each: [], $sort } } }), { code: 2 }, JSON.stringify($sort));
    await assert.rejects(update({ $addToSet: { l: { $each: 3 } } }), { code: 14 });
    await assert.rejects(update({ $bit: { n: {} } }), { code: 2 });
    const bare = async (u: unknown[]) =>
      (await store.db.command({ update: 'rows', updates: [{ q: {}, u }] }))['writeErrors'][0].code;
    assert.deepEqual([await bare([{}]), await bare([5])], [40323, 14]);
    await assert.rejects(store.db.command({ delete: 'rows', deletes: [{ q: { _id: 1 } }] }), { code: 40414 });
  });

  it('refuse a statement that does not say what it is about, and leave everything as it is', async () => {
    await refuses({ delete: 'rows', deletes: [{ limit: 1 }] }, 40414);
    await refuses({ delete: 'rows', deletes: [{ q: 5, limit: 1 }] }, 14);
    await refuses({ update: 'rows', updates: [{ u: { $set: { n: 1 } } }] }, 40414);
    await refuses({ update: 'rows', updates: [{ q: {} }] }, 40414);
    const constants = await store.db.command({
      update: 'rows',
      updates: [{ q: {}, u: { $set: { n: 1 } }, c: { w: 3 } }],
    });
    assert.equal(constants['writeErrors'][0].code, 51198);
    assert.deepEqual(await rows.find().toArray(), [{ _id: 1, n: 5, l: [{ x: 1 }, 7] }]);
  });

  it('refuse operands of another type than their commands have', async () => {
    await refuses({ find: 'rows', projection: 5 }, 14);
    await refuses({ find: 'rows', sort: 5 }, 14);
    await refuses({ count: 'rows', query: { n: 5 }, limit: 'x' }, 14);
    await refuses({ aggregate: 'rows', pipeline: [], cursor: 5 }, 14);
    await refuses({ aggregate: 5, pipeline: [], cursor: {} }, 9);
    await refuses({ find: 'rows', maxTimeMS: 'x' }, 14);
    for (const ordered of ['x', 1]) await refuses({ insert: 'rows', documents: [{}], ordered }, 14);
    await refuses({ aggregate: 1, pipeline: [{ $match: {} }], cursor: {} }, 73);
    await refuses({ aggregate: 1, pipeline: [], cursor: {} }, 73);
    await refuses({ find: 'rows', filter: { n: { $regex: /x/i, $options: 'm' } } }, 51075);
    await refuses({ distinct: 'rows' }, 40414);
    await refuses({ find: 'rows', filter: { $alwaysFalse: 0 } }, 9);
    await refuses({ aggregate: 'rows', pipeline: [{ $documents: [{ a: 1 }] }], cursor: {} }, 73);
  });

  it('refuse to write a result where it is not said where', async () => {
    const aggregate = (stage: object, code: number) =>
      refuses({ aggregate: 'rows', pipeline: [stage], cursor: {} }, code);
    await aggregate({ $out: 5 }, 16990);
    await aggregate({ $out: { db: 'x' } }, 40414);
    await aggregate({ $out: { db: 'x', coll: 'y', nonsense: 1 } }, 40415);
    await aggregate({ $merge: 5 }, 51182);
    await aggregate({ $merge: {} }, 40414);
    await aggregate({ $merge: { into: 5 } }, 51178);
    await aggregate({ $merge: { into: 'x', nonsense: 1 } }, 40415);
    await aggregate({ $merge: { into: 'x', on: 5 } }, 51186);
    await aggregate({ $merge: { into: 'x', on: [] } }, 51187);
    await aggregate({ $merge: { into: 'x', on: [1] } }, 51134);
    await refuses({ dropIndexes: 'rows' }, 40414);
  });

  it('refuse descriptions of indexes that MongoDB refuses', async () => {
    const index = (spec: unknown, code: number) => refuses({ createIndexes: 'rows', indexes: [spec] }, code);
    await refuses({ createIndexes: 'rows' }, 40414);
    await refuses({ createIndexes: 'rows', indexes: 5 }, 14);
    await index(5, 14);
    await index({ name: 'x' }, 9);
    await index({ key: 5, name: 'x' }, 14);
    await index({ key: { a: 1 } }, 9);
    await index({ key: { a: 1 }, name: '' }, 67);
    await index({ key: { a: 'x' }, name: 'x' }, 67);
    await index({ key: { a: 'text' }, name: 'x' }, 238);
    await index({ key: { a: 1 }, name: 'x', nonsense: 1 }, 197);
    await index({ key: { a: 1 }, name: 'x', weights: { a: 1 } }, 238);
    for (const filter of [
      { a: { $ne: 1 } },
      { a: /x/ },
      { a: { $exists: false } },
      { $nor: [{ a: 1 }] },
      { $or: [{ a: { $size: 1 } }] },
    ])
      await index({ key: { a: 1 }, name: 'x', partialFilterExpression: filter }, 67);
    const allowed = {
      $and: [{ a: { $gt: 1, $type: 'int' } }, { $or: [{ b: { $in: [1, 2] } }, { c: { $exists: true } }] }],
    };
    await rows.createIndex({ a: 1 }, { name: 'x', partialFilterExpression: allowed });
    await rows.dropIndex('x');
  });
});
