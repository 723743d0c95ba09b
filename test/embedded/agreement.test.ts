import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { mongo } from 'mongoose';
import { checkStore } from '../../src/embedded/check.js';
import { serve } from '../../src/embedded/server.js';
import { Store } from '../../src/embedded/store.js';
import type { Row } from './support.js';

const { Decimal128, Double, Int32, Long, ObjectId } = mongo;

/**
 * Random documents, filters, orders and updates, asked two ways that have to agree: by the planner's choice of index and
 * by reading everything. Afterwards every index must have just the entries its documents ask for. A failure prints the seed
 * and path that replay it.
 */
const small = fc.integer({ min: 0, max: 5 });
const scalar: fc.Arbitrary<unknown> = fc.oneof(
  small.map((n) => new Int32(n)),
  small.map((n) => Long.fromNumber(n)),
  small.map((n) => new Double(n / 2)),
  small.map((n) => Decimal128.fromString(String(n))),
  fc.constantFrom('a', 'b', 'ab', '', 'a\u0000'),
  fc.constantFrom(null, true, false, new Date(0), new Date(1000), new ObjectId('0'.repeat(24))),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    { weight: 5, arbitrary: scalar },
    fc.array(tie('value'), { maxLength: 3 }),
    tie('document'),
  ),
  document: fc.record({ x: tie('value'), y: tie('value') }, { requiredKeys: [] }),
}));
const rowOf = (of: fc.Arbitrary<unknown>) =>
  fc.record({ a: of, b: of, c: of }, { requiredKeys: [] }) as fc.Arbitrary<Row>;
/** Without arrays, whose indexes may say all there is to say. */
const plain = fc.oneof({ weight: 8, arbitrary: scalar }, fc.constant(new Double(Number.NaN)));
const documents = fc.oneof(
  fc.array(rowOf(value), { minLength: 1, maxLength: 12 }),
  fc.array(rowOf(plain), { minLength: 1, maxLength: 12 }),
);
const path = fc.constantFrom('a', 'b', 'c', 'a.x', 'b.y', 'a.0', 'a.x.y');
const condition: fc.Arbitrary<mongo.Document> = fc
  .tuple(
    path,
    fc.oneof(
      value,
      fc.tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne', '$eq'), scalar).map(([op, of]) => ({ [op]: of })),
      fc.tuple(small, small).map(([low, high]) => ({ $gte: low, $lt: high })),
      fc
        .tuple(fc.constantFrom('$in', '$nin', '$all'), fc.array(scalar, { minLength: 1, maxLength: 3 }))
        .map(([op, of]) => ({ [op]: of })),
      fc.boolean().map((exists) => ({ $exists: exists })),
      scalar.map((of) => ({ $elemMatch: { $gte: of } })),
      scalar.map((of) => ({ $not: { $gt: of } })),
    ),
  )
  .map(([name, operand]) => ({ [name]: operand }));
const filter = fc.oneof(
  fc.array(condition, { minLength: 1, maxLength: 2 }).map((parts) => ({ $and: parts })),
  fc.array(condition, { minLength: 1, maxLength: 2 }).map((parts) => Object.assign({}, ...parts) as mongo.Document),
  fc.array(condition, { minLength: 2, maxLength: 2 }).map((parts) => ({ $or: parts })),
);
const update: fc.Arbitrary<mongo.Document> = fc.oneof(
  fc
    .tuple(fc.constantFrom('$set', '$min', '$max', '$addToSet'), path, value)
    .map(([op, name, of]) => ({ [op]: { [name]: of } })),
  path.map((name) => ({ $unset: { [name]: 1 } })),
  fc.tuple(path, scalar).map(([name, of]) => ({ $pull: { [name]: of } })),
);
const order = fc.constantFrom<mongo.Sort>(
  { a: 1, _id: 1 },
  { a: -1, _id: -1 },
  { b: -1, a: 1, _id: 1 },
  { 'a.x': 1, _id: 1 },
);
const INDEXES: mongo.IndexDescription[] = [
  { key: { a: 1, _id: 1 } },
  { key: { b: -1, a: 1 } },
  { key: { 'a.x': 1 }, sparse: true },
  { key: { c: 1 }, partialFilterExpression: { a: { $gt: 1 } } },
];

describe('embedded store: agreement', function () {
  this.timeout(120_000);
  let dataDir: string;
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'store-'));
  });
  after(() => rm(dataDir, { recursive: true, force: true }));

  it('answers the same by every index as by reading everything', async () => {
    const served = await serve({ dataDir });
    const client = new mongo.MongoClient(served.uri);
    const rows = client.db('test').collection<Row>('rows', { promoteValues: false });
    const text = (documents: Row[]) => mongo.BSON.EJSON.stringify(documents, { relaxed: false });
    const round = async (
      documents: Row[],
      steps: { filter: mongo.Document; order: mongo.Sort; update: mongo.Document }[],
    ) => {
      await rows.drop();
      await rows.createIndexes(INDEXES);
      const numbered = documents.map((one, _id) => ({ ...one, _id }));
      await rows.insertMany(numbered, { ordered: false }).catch(refusedArrays);
      for (const step of steps) {
        const scanned = await rows.find(step.filter).sort(step.order).hint({ $natural: 1 }).toArray();
        assert.equal(text(await rows.find(step.filter).sort(step.order).toArray()), text(scanned));
        assert.equal(Number(await rows.countDocuments(step.filter)), scanned.length);
        await rows.updateOne(step.filter, step.update).catch(refusedArrays);
      }
    };
    try {
      await fc.assert(
        fc.asyncProperty(documents, fc.array(fc.record({ filter, order, update }), { maxLength: 8 }), round),
        { numRuns: 60 },
      );
    } finally {
      await client.close();
      await served.close();
    }
    const store = await Store.open(dataDir);
    assert.deepEqual(checkStore(store).faults, []);
    await store.close();
  });
});

/** Two arrays in one compound index, and paths through scalars, are refused as MongoDB refuses them. */
function refusedArrays(error: mongo.MongoServerError): void {
  const codes =
    error instanceof mongo.MongoBulkWriteError ? [error.writeErrors].flat().map(({ code }) => code) : [error.code];
  if (!codes.every((code) => [2, 28, 171].includes(Number(code)))) throw error;
}
