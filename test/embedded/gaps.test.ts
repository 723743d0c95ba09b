import assert from 'node:assert/strict';
import { type Fixture, openFixture } from './support.js';

const day = (n: number) => new Date(Date.UTC(2024, 0, n));

describe('embedded store: stages that fill gaps', () => {
  let store: Fixture;
  before(async () => {
    store = await openFixture();
    await store.db.collection('readings').insertMany([
      { _id: 1 as never, at: day(1), room: 'a', value: 10, note: 'x' },
      { _id: 2 as never, at: day(3), room: 'a', value: null },
      { _id: 3 as never, at: day(5), room: 'a', value: 30 },
      { _id: 4 as never, at: day(2), room: 'b', note: 'y' },
    ]);
  });
  after(() => store.close());
  const run = (...stages: object[]) => store.db.collection('readings').aggregate(stages).toArray();

  it('$fill carries on, interpolates, and puts in values', async () => {
    const filled = await run(
      {
        $fill: {
          partitionByFields: ['room'],
          sortBy: { at: 1 },
          output: { value: { method: 'linear' }, note: { method: 'locf' } },
        },
      },
      { $fill: { output: { value: { value: 'none' } } } },
    );
    assert.deepEqual(
      filled.map(({ _id, value, note }) => [_id, value, note]),
      [
        [1, 10, 'x'],
        [2, 20, 'x'],
        [3, 30, 'x'],
        [4, 'none', 'y'],
      ],
    );
  });

  it('$densify adds what is missing, in all, in each partition, or between bounds', async () => {
    const days = async (bounds: unknown, step = 1) =>
      (
        await run(
          { $densify: { field: 'at', partitionByFields: ['room'], range: { step, unit: 'day', bounds } } },
          { $sort: { room: 1, at: 1 } },
        )
      ).map(({ room, at }) => `${room}${at.getUTCDate()}`);
    assert.deepEqual(await days('partition'), ['a1', 'a2', 'a3', 'a4', 'a5', 'b2']);
    assert.deepEqual(await days('full', 2), ['a1', 'a3', 'a5', 'b1', 'b2', 'b3', 'b5']);
    assert.deepEqual(await days([day(4), day(7)]), ['a1', 'a3', 'a4', 'a5', 'a6', 'b2', 'b4', 'b5', 'b6']);
    await assert.rejects(run({ $densify: { field: 'at', range: { step: 1, bounds: 'full' } } }), { code: 6053600 });
  });

  it('$bucketAuto keeps equal values together, and says where the next bucket begins', async () => {
    assert.deepEqual(await run({ $bucketAuto: { groupBy: '$room', buckets: 2 } }), [
      { _id: { min: 'a', max: 'b' }, count: 3 },
      { _id: { min: 'b', max: 'b' }, count: 1 },
    ]);
    assert.deepEqual(await run({ $bucketAuto: { groupBy: '$at', buckets: 2, output: { ids: { $push: '$_id' } } } }), [
      { _id: { min: day(1), max: day(3) }, ids: [1, 4] },
      { _id: { min: day(3), max: day(5) }, ids: [2, 3] },
    ]);
    await assert.rejects(run({ $bucketAuto: { groupBy: '$at', buckets: 0 } }), { code: 40243 });
  });

  it('windows may reach over months', async () => {
    const months = await run({
      $setWindowFields: {
        sortBy: { at: 1 },
        output: { seen: { $push: '$_id', window: { range: [-1, 0], unit: 'month' } } },
      },
    });
    assert.deepEqual(months.at(-1)!['seen'], [1, 4, 2, 3]);
  });

  // MongoDB sorts for them as `$sort` does: ascending, an array takes part by its least item.
  it('windows, $topN and $bottomN put arrays where $sort puts them', async () => {
    const rows = [{ v: [9, 1] }, { v: 3 }, { v: 5 }, { v: [4] }];
    const sorting = async (...stages: object[]) =>
      store.db.aggregate([{ $documents: rows }, ...stages, { $sort: { v: 1 } }]).toArray();
    const ascending = [[9, 1], 3, [4], 5];
    assert.deepEqual(
      (await sorting()).map(({ v }) => v),
      ascending,
    );
    const ranked = await sorting({ $setWindowFields: { sortBy: { v: 1 }, output: { at: { $documentNumber: {} } } } });
    assert.deepEqual(
      ranked.map(({ v, at }) => [v, at]),
      ascending.map((v, n) => [v, n + 1]),
    );
    const [group] = await sorting({
      $group: {
        _id: null,
        first: { $topN: { n: 2, sortBy: { v: 1 }, output: '$v' } },
        last: { $bottomN: { n: 2, sortBy: { v: -1 }, output: '$v' } },
      },
    });
    assert.deepEqual(group, { _id: null, first: [[9, 1], 3], last: [[4], 3] });
  });
});
