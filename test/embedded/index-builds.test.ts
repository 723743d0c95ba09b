import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { mongo } from 'mongoose';
import { indexOf } from '../../src/embedded/catalogue.js';
import { checkStore } from '../../src/embedded/check.js';
import { collectionOf, putCollection } from '../../src/embedded/collections.js';
import { Store } from '../../src/embedded/store.js';
import { access, type Fixture, openFixture, type Row } from './support.js';

const DOCUMENTS = 12_000;

describe('embedded store: building an index on many documents', function () {
  this.timeout(120_000);
  let fixture: Fixture;
  let rows: mongo.Collection<Row>;
  beforeEach(async () => {
    fixture = await openFixture();
    rows = fixture.collection('rows');
    for (let from = 0; from < DOCUMENTS; from += 4_000)
      await rows.insertMany(
        Array.from({ length: 4_000 }, (_, i) => ({
          _id: from + i,
          a: from + i,
          b: { c: `text of ${i}` },
          tags: [i % 3, 'x'],
        })),
      );
  });
  afterEach(() => fixture.close());

  async function sound(): Promise<void> {
    await fixture.closeStore();
    const store = await Store.open(fixture.dataDir);
    assert.deepEqual(checkStore(store).faults, []);
    await store.close();
  }

  it('lets others read and write meanwhile, and has what they wrote', async () => {
    let built = false;
    const building = rows.createIndexes([{ key: { a: -1 } }, { key: { tags: 1, 'b.c': 1 } }]).finally(() => {
      built = true;
    });
    let writes = 0;
    for (; !built; writes++) {
      const at = (writes * 977) % DOCUMENTS;
      await rows.updateOne({ _id: at }, { $set: { a: at + 0.5, tags: [9, 10, writes] } });
      await rows.insertOne({ _id: DOCUMENTS + writes, a: -1 });
      await rows.deleteOne({ _id: (at + 3) % DOCUMENTS });
    }
    await building;
    assert.ok(writes > 1, 'the first of them did not wait for the end');
    const explained = await rows.find({ a: -1 }).explain('executionStats');
    assert.equal(access(explained).index, 'a_-1');
    assert.equal(await rows.countDocuments({ a: -1 }), writes);
    await sound();
  });

  it('is not read before it is whole, and waited for by whoever asks for the same', async () => {
    await Promise.all(Array.from({ length: 4 }, () => rows.findOne())); // connections: to open one takes as long as to index
    const first = rows.createIndex({ a: 1 });
    const second = rows.createIndex({ a: 1 });
    // Both asked before anything is awaited: reading all the documents may take as long as indexing them.
    const [listed, explained] = await Promise.all([rows.indexes(), rows.find({ a: 5 }).explain('executionStats')]);
    assert.equal(listed.length, 1);
    assert.equal(access(explained).stage, 'COLLSCAN');
    assert.equal(await second, 'a_1');
    assert.equal(access(await rows.find({ a: 5 }).explain('executionStats')).index, 'a_1');
    await first;
    assert.equal((await rows.indexes()).length, 2);
  });

  it('leaves nothing when a document has something against it', async () => {
    await rows.updateOne({ _id: DOCUMENTS - 1 }, { $set: { a: 1 } });
    await assert.rejects(rows.createIndex({ a: 1 }, { unique: true }), { code: 11000 });
    assert.equal((await rows.indexes()).length, 1);
    await rows.insertOne({ a: 2 });
    await sound();
  });

  it('ends when the collection is dropped', async () => {
    const building = rows.createIndex({ a: 1 });
    await Promise.all([assert.rejects(building, { code: 276 }), rows.drop()]);
    await sound();
  });

  it('is forgotten when the process was killed meanwhile', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'store-'));
    const store = await Store.open(dataDir);
    await store.write((view) => {
      const collection = collectionOf(view, 'test.rows');
      const index = { ...indexOf(view.catalogue.newId(), { key: { a: 1 }, name: 'a_1' }), building: true as const };
      putCollection(view, 'test.rows', { ...collection, indexes: [index] });
    });
    await store.close();
    const again = await Store.open(dataDir);
    assert.deepEqual(again.reader.catalogue.get('test.rows')?.indexes, []);
    assert.deepEqual(checkStore(again).faults, []);
    await again.close();
    await rm(dataDir, { recursive: true });
  });
});
