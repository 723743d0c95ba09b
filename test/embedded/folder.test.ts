import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { mongo } from 'mongoose';
import { runProcess } from '../../src/demo/start-process.js';
import { checkStore } from '../../src/embedded/check.js';
import { collectionOf } from '../../src/embedded/collections.js';
import { insertDocument, withId } from '../../src/embedded/documents.js';
import { type StoreLocked, startStore } from '../../src/embedded/index.js';
import { Storage } from '../../src/embedded/storage.js';
import { Store } from '../../src/embedded/store.js';
import type { Row } from './support.js';
import { WireClient } from './wire-client.js';

describe('embedded store: folder', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'store-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  async function withClient<T>(
    uri: string,
    work: (rows: mongo.Collection<Row>, client: mongo.MongoClient) => Promise<T>,
  ): Promise<T> {
    const client = new mongo.MongoClient(uri);
    try {
      return await work(client.db('test').collection<Row>('rows'), client);
    } finally {
      await client.close();
    }
  }

  for (const inThread of [true, false]) {
    it(`keeps what is in it (${inThread ? 'own thread' : 'same thread'})`, async () => {
      const first = await startStore({ dataDir, inThread });
      await withClient(first.uri, async (rows) => {
        await rows.createIndex({ a: 1 }, { unique: true });
        await rows.insertOne({ _id: 1, a: [1, 2] });
      });
      await first.close();
      await first.close();
      const second = await startStore({ dataDir, inThread });
      await withClient(second.uri, async (rows) => {
        assert.deepEqual(await rows.find().toArray(), [{ _id: 1, a: [1, 2] }]);
        await assert.rejects(rows.insertOne({ _id: 2, a: 2 }), { code: 11000 });
      });
      await second.close();
    });

    it(`belongs to one store at a time, and says where that one is (${inThread ? 'own thread' : 'same thread'})`, async () => {
      const first = await startStore({ dataDir, inThread });
      await assert.rejects(startStore({ dataDir, inThread }), (error) => {
        const { name, pid, uri } = error as StoreLocked;
        assert.deepEqual([name, pid, uri], ['StoreLocked', process.pid, first.uri]);
        return true;
      });
      await first.close();
      await (await startStore({ dataDir, inThread })).close();
    });
  }

  it('remembers over a restart what a session did', async () => {
    const lsid = { id: new mongo.Binary(randomBytes(16), 4) };
    const increment = {
      findAndModify: 'rows',
      query: { _id: 1 },
      update: { $inc: { n: 1 } },
      upsert: true,
      new: true,
      lsid,
      txnNumber: mongo.Long.fromNumber(1),
    };
    const inside = { lsid, txnNumber: mongo.Long.fromNumber(2), autocommit: false };
    const replies: mongo.Document[] = [];
    for (let start = 0; start < 2; start++) {
      const store = await startStore({ dataDir, inThread: false });
      const client = new WireClient(store.uri);
      if (start === 0) {
        replies.push(await client.command(increment), await client.command(increment));
        await client.command({ insert: 'rows', documents: [{ _id: 2 }], ...inside, startTransaction: true });
      }
      replies.push(await client.command({ commitTransaction: 1, ...inside }));
      if (start === 1) replies.push(await client.command({ count: 'rows' }));
      await client.close();
      await store.close();
    }
    assert.deepEqual(
      replies.map(({ ok, n, value }) => [ok, n ?? value?.n]),
      [
        [1, 1],
        [1, 1],
        [1, undefined],
        [1, undefined],
        [1, 2],
      ],
    );
  });

  it('is copied while it is open, and the copy is sound', async () => {
    const store = await Store.open(dataDir);
    await store.write((view) =>
      insertDocument(view, collectionOf(view, 'test.rows'), withId(Buffer.from(mongo.BSON.serialize({ a: 1 })))),
    );
    await store.copyTo(join(dataDir, 'copy'));
    await store.close();
    const copy = await Store.open(join(dataDir, 'copy'));
    assert.deepEqual(checkStore(copy), { collections: 1, documents: 1, entries: 0, faults: [] });
    await copy.write((view) => view.put(Buffer.from([0, 0, 1, 0, 7]), Buffer.from('stray')));
    assert.deepEqual(checkStore(copy).faults, ['keyspace 256 belongs to nothing']);
    await copy.close();
  });

  it('is copied by another process while it is served and written to', async () => {
    const store = await startStore({ dataDir });
    const target = join(dataDir, 'copy');
    await withClient(store.uri, async (rows, client) => {
      let n = 0;
      const write = () =>
        client.withSession((session) =>
          session.withTransaction(async () => {
            await rows.insertOne({ _id: `${n}/1`, text: 'x'.repeat(300) }, { session });
            await rows.insertOne({ _id: `${n++}/2` }, { session });
          }),
        );
      for (let i = 0; i < 20; i++) await write();
      let copied = false;
      const copying = runProcess('embedded/main.js', ['--data', dataDir, '--copy', target], {}).finally(() => {
        copied = true;
      });
      while (!copied) await write();
      await copying;
      await assert.rejects(runProcess('embedded/main.js', ['--data', dataDir, '--copy', target], {}), /already/);
      await write();
    });
    await store.close();
    const restored = await startStore({ dataDir: target });
    await withClient(restored.uri, async (rows) => {
      const ids = (await rows.find({}, { projection: { _id: 1 } }).toArray()).map(
        ({ _id }) => String(_id).split('/')[0],
      );
      assert.ok(ids.length >= 40);
      assert.equal(ids.length, 2 * new Set(ids).size);
    });
    await restored.close();
    assert.match(await runProcess('embedded/main.js', ['--data', target, '--check'], {}), /"ok":true/);
  });

  it('gives back its free space', async () => {
    const store = await startStore({ dataDir });
    await withClient(store.uri, async (rows) => {
      await rows.insertMany(Array.from({ length: 2000 }, (_, _id) => ({ _id, bytes: randomBytes(1000) })));
      await rows.deleteMany({ _id: { $gte: 10 } });
    });
    await assert.rejects(runProcess('embedded/main.js', ['--data', dataDir, '--compact'], {}), /in use by process/);
    await store.close();
    const { before, after } = JSON.parse(await runProcess('embedded/main.js', ['--data', dataDir, '--compact'], {}));
    assert.ok(after < before / 4, `${after} of ${before} bytes`);
    assert.match(
      await runProcess('embedded/main.js', ['--data', dataDir, '--check'], {}),
      /"ok":true,"collections":1,"documents":10/,
    );
  });

  it('lets go of its map, and goes on', async () => {
    const storage = await Storage.open(dataDir);
    const key = (n: number) => Buffer.from([0, 0, 0, 99, n >> 8, n & 0xff]);
    for (let n = 0; n < 40; n++) {
      await storage.write((access) => access.put(key(n), randomBytes(100)));
      storage.refresh();
      assert.equal(await storage.letGo(), true);
      assert.equal(storage.get(key(n))?.length, 100);
    }
    const snapshot = storage.snapshot();
    assert.equal(await storage.letGo(), false);
    assert.equal(snapshot.get(key(39))?.length, 100);
    snapshot.release();
    const written = storage.write((access) => access.put(key(40), randomBytes(100)));
    assert.equal(await storage.letGo(), true); // what is on its way to the disk is there then
    await written;
    assert.equal(storage.chunk({ low: key(0), high: key(1000) }, 1000).length, 41);
    await storage.close();
    assert.equal(await storage.letGo(), false);
  });

  it('lets go of its map beside writers who notice nothing', async () => {
    const storage = await Storage.open(dataDir);
    let going = true;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      let n = 0;
      for (; going; n++) {
        const key = Buffer.from([0, 0, 0, 99, writer, n >> 8, n & 0xff]);
        await storage.write((access) => access.put(key, randomBytes(100)));
        assert.equal(storage.get(key)?.length, 100);
      }
      return n;
    });
    let gone = 0;
    for (let n = 0; n < 300; n++) gone += (await storage.letGo()) ? 1 : 0;
    going = false;
    const counts = await Promise.all(writers);
    assert.ok(gone > 100 && counts.every((count) => count > 0), `${gone} times, ${counts} commits`);
    await storage.close();
    const again = await Storage.open(dataDir);
    const range = { low: Buffer.from([0, 0, 0, 99]), high: Buffer.from([0, 0, 0, 100]) };
    assert.equal(
      again.count(range),
      counts.reduce((sum, count) => sum + count, 0),
    );
    assert.equal(await again.letGo(), true);
    await again.close();
  });

  it('is free again when its owner was killed', async () => {
    await writeFile(join(dataDir, 'owner.pid'), `${process.pid} 1@another-boot mongodb://gone\n`);
    await (await startStore({ dataDir, inThread: false })).close();
  });

  it('is refused when another version of the store wrote it', async () => {
    const newer = open({ path: dataDir, encoding: 'binary', keyEncoding: 'binary', overlappingSync: false });
    await newer.put(Buffer.alloc(5), Buffer.from([0, 0, 0, 99]));
    await newer.close();
    await assert.rejects(startStore({ dataDir, inThread: false }), /format 99/);
    await assert.rejects(startStore({ dataDir }), /format 99/);
  });

  it('is taken over from the format before', async () => {
    const older = open({ path: dataDir, encoding: 'binary', keyEncoding: 'binary', overlappingSync: false });
    await older.put(Buffer.alloc(5), Buffer.from([0, 0, 0, 3]));
    const key = Buffer.from([0, 0, 1, 0, 7]);
    await older.put(key, Buffer.from('kept'));
    await older.close();
    for (let opened = 0; opened < 2; opened++) {
      const storage = await Storage.open(dataDir);
      assert.deepEqual([storage.get(key)?.toString(), storage.get(Buffer.alloc(5))?.at(-1)], ['kept', 4]);
      await storage.close();
    }
  });

  it('has pages of its own for what is appended, so that they are filled', async () => {
    const store = await Store.open(dataDir);
    const payload = 'x'.repeat(350);
    const names = ['test.first', 'test.second', 'test.third'];
    for (const ns of names) await store.write((view) => void collectionOf(view, ns));
    for (let i = 0; i < 2000; i += 20)
      await store.write((view) => {
        for (const ns of names)
          for (let n = i; n < i + 20; n++)
            insertDocument(view, collectionOf(view, ns), Buffer.from(mongo.BSON.serialize({ _id: n, payload })));
      });
    const { bytes } = store.stats();
    await store.close();
    // Nine of these fit a page, so a well filled file has 2.7 MB; halves would take nearly twice that.
    assert.ok(bytes < 3_200_000, `${bytes} bytes`);
  });

  it('is reached by its owner only', async () => {
    const store = await startStore({ dataDir });
    assert.match(store.uri, /^mongodb:\/\/%2F/);
    assert.equal((await stat(join(dataDir, 'store.sock'))).mode & 0o777, 0o600);
    await store.close();
    const onPort = await startStore({ dataDir, port: 0 });
    assert.match(onPort.uri, /^mongodb:\/\/127\.0\.0\.1:\d+\//);
    await onPort.close();
  });

  it('may have a long name', async () => {
    const long = join(dataDir, 'a'.repeat(100), 'b'.repeat(100));
    const store = await startStore({ dataDir: long });
    assert.equal(await withClient(store.uri, (rows) => rows.countDocuments()), 0);
    await store.close();
  });
});
