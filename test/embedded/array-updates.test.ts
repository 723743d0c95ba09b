import assert from 'node:assert/strict';
import type { mongo } from 'mongoose';
import { type Fixture, openFixture, type Row } from './support.js';

describe('embedded store: updates of arrays', () => {
  let store: Fixture;
  let rows: mongo.Collection<Row>;
  before(async () => {
    store = await openFixture();
    rows = store.collection('rows');
  });
  after(() => store.close());

  const changed = async (list: unknown[], change: object) => {
    await rows.replaceOne({ _id: 1 }, { list }, { upsert: true });
    await rows.updateOne({ _id: 1 }, change);
    return (await rows.findOne({ _id: 1 }))!['list'];
  };

  // MongoDB's src/mongo/db/update/pull_node.cpp: a condition is matched with each item as with a field that has it as its value.
  it('$pull with a condition takes an array away when the condition is true of one of its items', async () => {
    const pull = (condition: unknown, list: unknown[]) => changed(list, { $pull: { list: condition } });
    assert.deepEqual(await pull({ $gt: 1 }, [[0, 2], [0], 2, 1]), [[0], 1]);
    assert.deepEqual(await pull({ $in: [1] }, [[1], [2], 1]), [[2]]);
    assert.deepEqual(await pull({ $gte: null }, [[null], null, 1]), [1]);
    assert.deepEqual(await pull(/^a/, [['ab'], 'ab', 'b']), ['b']);
    assert.deepEqual(await pull({ $ne: 1 }, [[1], 1, 2]), [[1], 1]);
  });

  it('$pull with $and, $or or $nor asks documents', async () => {
    const list = [{ x: 1 }, { x: 2 }, { x: 3 }, 7];
    const pull = (condition: unknown) => changed(list, { $pull: { list: condition } });
    assert.deepEqual(await pull({ $or: [{ x: 1 }, { x: { $gt: 2 } }] }), [{ x: 2 }, 7]);
    assert.deepEqual(await pull({ $nor: [{ x: 1 }] }), [{ x: 1 }, 7]);
    assert.deepEqual(await pull({ $and: [{ x: 1 }], x: { $exists: true } }), [{ x: 2 }, { x: 3 }, 7]);
  });

  it('$pull with a value takes away what equals it, and no array that has it', async () => {
    const pull = (value: unknown, list: unknown[]) => changed(list, { $pull: { list: value } });
    assert.deepEqual(await pull(1, [[1], 1, 2]), [[1], 2]);
    assert.deepEqual(await pull([1], [[1], [[1]], 1, 2]), [[[1]], 1, 2]);
    assert.deepEqual(await pull(null, [null, [null], {}]), [[null], {}]);
    assert.deepEqual(await pull({ x: null }, [[], [1], { y: 1 }, 2]), [[], [1], 2]);
    assert.deepEqual(await pull({ x: 1 }, [{ x: 1 }, { x: [1] }, [{ x: 1 }]]), [[{ x: 1 }]]);
  });

  // MongoDB's src/mongo/db/update/pattern_cmp.cpp: fields of items are compared as they are.
  it('sorts items by a field as a whole when it is an array, in $push and in $sortArray', async () => {
    const list = [{ x: [] }, { x: 'a' }, 7, { x: [3] }, { x: 1 }, { x: [1, 9] }];
    const up = [7, { x: 1 }, { x: 'a' }, { x: [] }, { x: [1, 9] }, { x: [3] }];
    assert.deepEqual(await changed(list, { $push: { list: { $each: [], $sort: { x: 1 } } } }), up);
    assert.deepEqual(await changed(list, { $push: { list: { $each: [], $sort: { x: -1 } } } }), up.toReversed());
    const [sorted] = await rows
      .aggregate([{ $project: { _id: 0, r: { $sortArray: { input: { $literal: list }, sortBy: { x: 1 } } } } }])
      .toArray();
    assert.deepEqual(sorted, { r: up });
    const nested = [{ x: [{ y: 1 }] }, { x: { y: 2 } }];
    assert.deepEqual(
      await changed(nested, { $push: { list: { $each: [], $sort: { 'x.y': -1 } } } }),
      nested.toReversed(),
    );
    assert.deepEqual(await changed(nested, { $push: { list: { $each: [], $sort: { 'x.0.y': -1 } } } }), nested);
  });

  // MongoDB's src/mongo/db/matcher/expression_leaf.cpp and path.cpp: the place of an item is noted when the item matches.
  it('a positional $ stands for no item where the query matched the array as a whole', async () => {
    const here = async (list: unknown[], condition: unknown) => {
      await rows.replaceOne({ _id: 1 }, { list }, { upsert: true });
      await rows.updateOne({ _id: 1, list: condition } as mongo.Filter<Row>, { $set: { 'list.$': 'here' } });
      return (await rows.findOne({ _id: 1 }))!['list'];
    };
    const equal = [[5], { $eq: [5] }, { $in: [[5]] }, { $all: [[5]] }];
    for (const condition of [...equal, { $gte: [5] }, { $lt: [6] }, { $size: 1 }, { $type: 'array' }])
      await assert.rejects(here([5], condition), { code: 2 });
    for (const condition of equal) assert.deepEqual(await here([[4, 5], [5]], condition), [[4, 5], 'here']);
    assert.deepEqual(await here([5], { $size: 1, $gt: 4 }), ['here']);
    assert.deepEqual(await here(['b', 'ab'], /^a/), ['b', 'here']);
    assert.deepEqual(await here([{ x: 1 }, { x: 3 }], { $elemMatch: { x: { $gt: 2 } } }), [{ x: 1 }, 'here']);
    assert.deepEqual(await here([[1], [0, 7]], { $elemMatch: { $elemMatch: { $gt: 5 } } }), [[1], 'here']);
  });
});
