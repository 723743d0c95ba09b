import assert from 'node:assert/strict';
import type { mongo } from 'mongoose';
import { type Fixture, openFixture, type Row } from './support.js';

describe('embedded store: stages and projections', () => {
  let store: Fixture;
  let rows: mongo.Collection<Row>;
  before(async () => {
    store = await openFixture();
    rows = store.collection('rows');
    await rows.insertMany([
      { _id: 1, n: 5, l: [{ x: 1, y: 2 }, 7, [{ x: 3 }]], o: { x: 1 } },
      { _id: 2, n: 6, l: [], o: null },
      { _id: 3, n: 7, l: 'no' },
    ]);
  });
  after(() => store.close());

  const aggregate = (...stages: object[]) => rows.aggregate([...stages, { $sort: { _id: 1 } }]).toArray();

  // MongoDB's src/mongo/db/exec/projection_node.cpp, applyExpressionsToValue
  it('put what is computed into each item of an array on the way, in place of what is no document', async () => {
    const projected = await aggregate({ $project: { 'l.x': 1, 'l.k': '$n', 'o.k': '$n' } });
    assert.deepEqual(projected, [
      { _id: 1, l: [{ x: 1, k: 5 }, { k: 5 }, [{ x: 3, k: 5 }]], o: { k: 5 } },
      { _id: 2, l: [], o: { k: 6 } },
      { _id: 3, l: { k: 7 }, o: { k: 7 } },
    ]);
    assert.deepEqual(
      await rows.find({ _id: 1 }, { projection: { _id: 0, l: { k: '$$ROOT.n' }, 'o.x': 1 } }).toArray(),
      [{ l: [{ k: 5 }, { k: 5 }, [{ k: 5 }]], o: { x: 1 } }],
    );
    assert.deepEqual(await aggregate({ $match: { _id: 1 } }, { $project: { _id: 0, 'l.k': '$nothing' } }), [
      { l: [{}, {}, [{}]] },
    ]);
  });

  // MongoDB's src/mongo/db/exec/document_value/document.cpp, setNestedField
  it('put what is joined, and the place in an array, into a document in place of an array', async () => {
    const first = { $match: { _id: 1 } };
    const shown = { $project: { _id: 0, l: 1 } };
    const join = { from: 'none', localField: 'n', foreignField: 'n', as: 'l.r' };
    assert.deepEqual(await aggregate(first, { $lookup: join }, shown), [{ l: { r: [] } }]);
    const unwind = { path: '$o', includeArrayIndex: 'l.at' };
    assert.deepEqual(await aggregate(first, { $unwind: unwind }, shown), [{ l: { at: null } }]);
  });

  const bucket = (over: object) => ({ $bucket: { groupBy: '$n', boundaries: [0, 3, 10], ...over } });
  const codes: readonly [code: number, ...stages: object[]][] = [
    [40352, { $project: { '': 1 } }, { $set: { '': 1 } }, { $unset: '' }, { $sort: { '': 1 } }],
    [40353, { $project: { 'a.': 1 } }, { $set: { 'a.': 1 } }, { $sort: { 'a.': 1 } }, { $unset: ['n', 'a.'] }],
    [15998, { $project: { '.a': 1 } }, { $set: { 'a..b': 1 } }, { $sort: { 'a..b': -1 } }],
    [16410, { $project: { $a: 1 } }, { $project: { 'a.$b': 1 } }, { $set: { $a: 1 } }, { $unset: '$a' }],
    [16410, { $project: { n: { x: 1, $add: [1] } } }, { $lookup: { from: 'c', pipeline: [], as: '$r' } }],
    [16412, { $replaceWith: { 'a.b': 1 } }, { $set: { z: [{ 'a.b': 1 }] } }],
    [15983, { $set: { z: { $add: [1], $abs: 1 } } }, { $project: { z: { $not: { $add: [1], $abs: 1 } } } }],
    [16872, { $set: { z: '$' } }],
    [51270, { $project: { n: {} } }, { $project: { n: { x: {} } } }],
    [40180, { $set: { n: {} } }],
    [40176, { $set: { n: 1, 'n.x': 2 } }, { $set: { 'n.x': 2, n: 1 } }],
    [31249, { $project: { n: 1, 'n.x': '$o' } }],
    [31250, { $project: { 'n.x': '$o', n: 1 } }],
    [31252, { $project: { n: 0, z: { $add: [1] } } }],
    [31310, { $project: { n: 0, z: '$o' } }],
    [31253, { $project: { n: 0, z: 1 } }],
    [31254, { $project: { z: '$o', n: 0 } }],
    [15974, { $sort: { n: 'x' } }],
    [15975, { $sort: { n: 2 } }],
    [31119, { $unset: [] }],
    [15981, { $unwind: 5 }],
    [28811, { $unwind: { path: '$l', x: 1 } }],
    [40235, { $group: { _id: 1, 'k.x': { $sum: 1 } } }],
    [40236, { $group: { _id: 1, $k: { $sum: 1 } } }],
    [40238, { $group: { _id: 1, k: { $sum: 1, $avg: 1 } } }],
    [40400, { $group: { _id: 1, k: { $mergeObjects: '$l' } } }],
    [5787902, { $group: { _id: 1, k: { $firstN: { input: '$n', n: 'x' } } } }],
    [
      5787903,
      { $group: { _id: 1, k: { $maxN: { input: '$n', n: 2.5 } } } },
      { $set: { k: { $lastN: { input: [1], n: 1.5 } } } },
    ],
    [28667, { $project: { l: { $slice: 1 } } }],
    [28724, { $project: { l: { $slice: [1, 2] } } }],
    [31325, { $project: { l: { $elemMatch: { x: 1 } } } }],
    [16410, { $project: { 'l.$': 1 } }],
    [40193, { $bucket: { groupBy: '$n', boundaries: [0, 'x'] } }],
    [40202, bucket({ groupBy: 'n' }), bucket({ groupBy: 5 }), bucket({ groupBy: { x: 1 } })],
    [40201, { $bucket: null }, { $bucket: 5 }],
    [40198, { $bucket: {} }, { $bucket: { boundaries: [0, 1] } }, { $bucket: { groupBy: '$n' } }],
    [40197, bucket({ extra: 1 })],
    [40199, bucket({ default: 0 }), bucket({ default: 5 })],
    [40195, bucket({ default: '$n' }), bucket({ default: { $add: ['$n', 1] } })],
    [40196, bucket({ output: 5 })],
    [40191, bucket({ boundaries: [0, '$n'] }), bucket({ boundaries: [0, { $add: ['$n', 1] }] })],
    [
      2,
      ...['$accumulator', '$function'].map((script) => ({
        $group: { _id: 1, k: { [script]: { args: [], lang: 'js' } } },
      })),
    ],
    [
      2,
      ...['$accumulator', '$function'].map((script) =>
        bucket({ output: { k: { [script]: { args: [], lang: 'js' } } } }),
      ),
    ],
    [15948, bucket({ output: { _id: { $sum: 1 } } })],
    [40235, bucket({ output: { 'a.b': { $sum: 1 } } })],
    [40236, bucket({ output: { $a: { $sum: 1 } } })],
    [40240, { $bucketAuto: null }],
    [40246, { $bucketAuto: {} }, { $bucketAuto: { groupBy: '$n' } }, { $bucketAuto: { buckets: 2 } }],
    [40239, { $bucketAuto: { groupBy: 'n', buckets: 2 } }, { $bucketAuto: { groupBy: { x: 1 }, buckets: 2 } }],
    [40242, { $bucketAuto: { groupBy: '$n', buckets: 1e10 } }],
    [40244, { $bucketAuto: { groupBy: '$n', buckets: 2, output: 5 } }],
    [40245, { $bucketAuto: { groupBy: '$n', buckets: 2, extra: 1 } }],
    [40261, { $bucketAuto: { groupBy: '$n', buckets: 2, granularity: 5 } }],
    [28812, { $unwind: {} }],
    [28810, { $unwind: { path: '$l', includeArrayIndex: 5 } }, { $unwind: { path: '$l', includeArrayIndex: '' } }],
    [28809, { $unwind: { path: '$l', preserveNullAndEmptyArrays: 1 } }],
    [40229, { $replaceRoot: 5 }],
    [40415, { $replaceRoot: { newRoot: '$o', x: 1 } }, { $unionWith: { coll: 'c', x: 1 } }],
    [40415, { $setWindowFields: { output: {}, x: 1 } }],
    [40414, { $setWindowFields: {} }],
    [14, { $setWindowFields: { output: 5 } }, { $unionWith: { coll: 5 } }, { $unionWith: { coll: 'c', pipeline: 5 } }],
    [9, { $setWindowFields: { output: { k: { $sum: 1, window: 5 } } } }],
    [31120, { $unset: [5] }],
    [16412, { $facet: { 'a.b': [] } }],
    [40238, { $group: { _id: 1, k: {} } }],
    [40148, { $sortByCount: 'n' }],
    [40147, { $sortByCount: { x: 1 } }],
    [28747, { $sample: { size: 0 } }, { $sample: { size: -1 } }],
    [28749, { $sample: {} }],
    [9, { $lookup: { from: 'c', let: { N: 1 }, pipeline: [], as: 'r' } }],
    [
      40101,
      { $graphLookup: { from: 'c', startWith: 1, connectFromField: 'a', connectToField: 'b', as: 'r', maxDepth: -1 } },
    ],
    [40105, { $graphLookup: { from: 'c', startWith: 1, connectFromField: 'a', as: 'r' } }],
    [40414, { $replaceRoot: {} }],
    ...[5, ['x', 1], [0.5, 1], [1]].map((documents): [number, object] => [
      9,
      { $setWindowFields: { sortBy: { n: 1 }, output: { k: { $sum: 1, window: { documents } } } } },
    ]),
    [9, { $setWindowFields: { output: { k: { $nonsense: 1 } } } }],
    [5733402, { $densify: { field: 'n', range: { step: 1, bounds: [3, 1] } } }],
    [40414, { $densify: { range: { step: 1, bounds: 'full' } } }],
    [6050204, { $fill: { partitionBy: '$n', partitionByFields: ['n'], output: { n: { value: 1 } } } }],
    [5339900, { $setWindowFields: { sortBy: { n: 1 }, output: { k: { $sum: 1, window: { documents: [1, -1] } } } } }],
    [5339902, { $setWindowFields: { sortBy: { n: -1 }, output: { k: { $sum: 1, window: { range: [0, 1] } } } } }],
    [5429414, { $setWindowFields: { sortBy: { o: 1 }, output: { k: { $sum: 1, window: { range: [0, 1] } } } } }],
    [
      5429513,
      { $setWindowFields: { sortBy: { n: 1 }, output: { k: { $sum: 1, window: { range: [0, 1], unit: 'day' } } } } },
    ],
  ];
  it('refuse what MongoDB refuses, with its codes', async () => {
    for (const [code, ...stages] of codes)
      for (const stage of stages)
        await assert.rejects(rows.aggregate([stage]).toArray(), { code }, JSON.stringify(stage));
  });
});
