import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { keyIn } from '../../src/embedded/catalogue.js';
import { checkStore } from '../../src/embedded/check.js';
import { collectionOf, putCollection } from '../../src/embedded/collections.js';
import { grown } from '../../src/embedded/dictionary.js';
import { idKeyOf, insertDocument } from '../../src/embedded/documents.js';
import { constantOf } from '../../src/embedded/keys.js';
import { Store } from '../../src/embedded/store.js';
import type { Row } from './support.js';

const NS = 'test.rows';
const order = (n: number) => ({
  _id: n,
  customer: { name: randomBytes(9).toString('base64'), country: 'CH' },
  placedAt: new Date(),
  lines: [
    { article: randomBytes(6).toString('hex'), quantity: n % 7, currency: 'CHF', note: 'as agreed with the buyer' },
  ],
  state: 'waiting for payment',
});
/** Another form than an order. */
const refund = (n: number) => ({
  _id: n,
  refundedOrder: n,
  reasonOfTheRefund: 'arrived broken',
  approvedBy: 'the shop',
});

describe('embedded store: compression', () => {
  let dataDir: string;
  let store: Store;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'store-'));
    store = await Store.open(dataDir);
  });
  afterEach(async () => {
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const put = (documents: readonly Row[]) =>
    store.write((view) => {
      for (const document of documents)
        insertDocument(view, collectionOf(view, NS), Buffer.from(mongo.BSON.serialize(document)));
    });
  const get = (n: number, view: Pick<Store['reader'], 'get' | 'catalogue'> = store.reader) => {
    const raw = view.get(keyIn(view.catalogue.get(NS)!.id, idKeyOf(constantOf(n))));
    return raw && mongo.BSON.deserialize(raw, { promoteBuffers: true });
  };
  const many = (from: number, to: number, make: (n: number) => Row) =>
    Array.from({ length: to - from }, (_, i) => make(from + i));

  it('keeps what documents of a collection have in common once', async () => {
    const documents = many(0, 3000, order);
    for (let i = 0; i < documents.length; i += 100) await put(documents.slice(i, i + 100));
    const plain = documents.reduce((sum, one) => sum + mongo.BSON.calculateObjectSize(one), 0);
    await store.copyTo(join(dataDir, 'copy')); // without free pages
    const { size } = await stat(join(dataDir, 'copy', 'data.mdb'));
    assert.ok(size < plain * 0.6, `${size} of ${plain} bytes`);
    for (const n of [0, 63, 64, 65, 1000, 2999]) assert.deepEqual(get(n), documents[n]);
  });

  it('reads everything again after other forms came, and after a restart', async () => {
    const documents = [...many(0, 200, order), ...many(200, 1500, refund), ...many(1500, 1600, order)];
    for (let i = 0; i < documents.length; i += 50) await put(documents.slice(i, i + 50));
    for (let opened = 0; opened < 2; opened++) {
      for (const document of documents) assert.deepEqual(get(Number(document['_id'])), document);
      assert.deepEqual(checkStore(store).faults, []);
      await store.close();
      store = await Store.open(dataDir);
    }
    await store.copyTo(join(dataDir, 'copy'));
    const copy = await Store.open(join(dataDir, 'copy'));
    assert.deepEqual(checkStore(copy), { collections: 1, documents: 1600, entries: 0, faults: [] });
    await copy.close();
  });

  it('keeps documents of every size and content bit for bit', async () => {
    await put(many(0, 100, order));
    const sizes = [0, 1, 60, 95, 96, 250, 4000, 32_700, 65_536, 262_100, 262_200, 16 * 2 ** 20 - 100];
    for (const [i, size] of sizes.entries())
      for (const [kind, bytes] of [Buffer.alloc(size, 0xff), randomBytes(size)].entries()) {
        const _id = 1000 + 2 * i + kind;
        await put([{ _id, bytes }]);
        assert.ok(bytes.equals(get(_id)!['bytes']), `${size} bytes`);
      }
    assert.deepEqual(checkStore(store).faults, []);
  });

  it('does not disturb a transaction that reads meanwhile', async () => {
    await put(many(0, 10, order));
    const before = get(5);
    const transaction = store.begin();
    for (let i = 10; i < 1000; i += 10) await put(many(i, i + 10, order));
    assert.deepEqual(get(5, transaction.view), before);
    assert.equal(get(500, transaction.view), undefined);
    store.abort(transaction);
  });

  it('forgets with the collection', async () => {
    await put(many(0, 200, order));
    const { id } = store.reader.catalogue.get(NS)!;
    await store.write((view) => putCollection(view, NS, undefined));
    await store.dropKeyspace(id);
    await put(many(0, 200, refund));
    assert.deepEqual(get(199), refund(199));
    assert.deepEqual(checkStore(store).faults, []);
  });

  it('takes over only what many documents share', () => {
    const secret = 'my card is 4111-1111';
    const samples = many(0, 64, (n) => ({ ...order(n), ...(n < 2 ? { said: secret } : {}) }));
    const dictionary = grown(
      undefined,
      samples.map((one) => Buffer.from(mongo.BSON.serialize(one))),
    )!;
    assert.ok(dictionary.includes('waiting for payment'));
    assert.ok(!dictionary.includes('4111'));
    assert.equal(dictionary.length % 8, 0);
    const refunds = many(0, 64, refund).map((one) => Buffer.from(mongo.BSON.serialize(one)));
    const more = grown(dictionary, refunds)!;
    assert.ok(more.subarray(-dictionary.length).equals(dictionary));
    assert.equal(grown(more, refunds), undefined);
  });
});
