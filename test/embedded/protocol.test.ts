import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mongo } from 'mongoose';
import { type Fixture, openFixture } from './support.js';
import { frame, WireClient } from './wire-client.js';

const { Binary, Long } = mongo;

describe('embedded store: protocol', () => {
  let store: Fixture;
  before(async () => {
    store = await openFixture({ port: 0 });
  });
  after(() => store.close());

  const newSession = () => ({ id: new Binary(randomBytes(16), 4) });

  it('introduces itself as a primary that takes transactions and retryable writes', async () => {
    const client = new WireClient(store.uri);
    const hello = await client.command({ hello: 1 });
    assert.equal(hello['isWritablePrimary'], true);
    assert.equal(hello['maxWireVersion'], 21);
    assert.equal(hello['logicalSessionTimeoutMinutes'], 30);
    assert.ok(hello['setName']);
    await client.close();
  });

  it('tells how much a collection and a database hold', async () => {
    const client = new WireClient(store.uri);
    const documents = [
      { _id: 1, a: 'x' },
      { _id: 2, a: 'yy' },
    ];
    await client.command({ insert: 'sized', documents }, 'sizes');
    await client.command({ createIndexes: 'sized', indexes: [{ key: { a: 1 }, name: 'a_1' }] }, 'sizes');
    const bytes = documents.reduce((sum, one) => sum + mongo.BSON.calculateObjectSize(one), 0);
    const stats = await client.command({ collStats: 'sized' }, 'sizes');
    assert.deepEqual(
      [stats['count'], stats['size'], stats['avgObjSize'], stats['nindexes']],
      [2, bytes, Math.floor(bytes / 2), 2],
    );
    assert.deepEqual(Object.keys(stats['indexSizes']), ['_id_', 'a_1']);
    const all = await client.command({ dbStats: 1, scale: 2 }, 'sizes');
    assert.deepEqual([all['collections'], all['objects'], all['dataSize']], [1, 2, Math.floor(bytes / 2)]);
    const pipeline = [{ $collStats: { storageStats: {}, count: {} } }];
    const { cursor } = await client.command({ aggregate: 'sized', pipeline, cursor: {} }, 'sizes');
    assert.deepEqual([cursor.firstBatch[0].count, cursor.firstBatch[0].storageStats.size], [2, bytes]);
    assert.equal((await client.command({ collStats: 'none' }, 'sizes'))['count'], 0);
    assert.equal((await client.command({ collStats: 'sized', scale: 0 }, 'sizes'))['code'], 51024);
    await client.close();
  });

  it('does a write that is sent again only once, also over another connection', async () => {
    const [first, second] = [new WireClient(store.uri), new WireClient(store.uri)];
    const lsid = newSession();
    const insert = { insert: 'once', documents: [{ _id: 1, n: 0 }], lsid, txnNumber: Long.fromNumber(1) };
    assert.equal((await first.command(insert))['n'], 1);
    assert.deepEqual(await second.command(insert), { n: 1, ok: 1 });
    const increment = {
      findAndModify: 'once',
      query: { _id: 1 },
      update: { $inc: { n: 1 } },
      new: true,
      lsid,
      txnNumber: Long.fromNumber(2),
    };
    const replies = await Promise.all([first.command(increment), second.command(increment), first.command(increment)]);
    assert.deepEqual(
      replies.map(({ value }) => value.n),
      [1, 1, 1],
    );
    assert.equal((await first.command({ ...increment, txnNumber: Long.fromNumber(1) }))['code'], 225);
    assert.equal((await second.command({ ...increment, txnNumber: Long.fromNumber(3) }))['value'].n, 2);
    await Promise.all([first.close(), second.close()]);
  });

  it('answers a commit that is sent again, and knows no transaction that never was', async () => {
    const client = new WireClient(store.uri);
    const lsid = newSession();
    const inside = { lsid, txnNumber: Long.fromNumber(1), autocommit: false };
    await client.command({ insert: 'twice', documents: [{ _id: 1 }], ...inside, startTransaction: true });
    assert.equal((await client.command({ commitTransaction: 1, ...inside }))['ok'], 1);
    assert.equal((await client.command({ commitTransaction: 1, ...inside }))['ok'], 1);
    const unknown = await client.command({ commitTransaction: 1, ...inside, txnNumber: Long.fromNumber(9) });
    assert.deepEqual([unknown['code'], unknown['errorLabels']], [251, ['TransientTransactionError']]);
    await client.close();
  });

  it('says that a set of one cannot satisfy a write concern of two', async () => {
    const client = new WireClient(store.uri);
    const reply = await client.command({ insert: 'concern', documents: [{}], writeConcern: { w: 2 } });
    assert.equal(reply['writeConcernError'].code, 100);
    await client.close();
  });

  const message = (body: mongo.Document) => frame(mongo.BSON.serialize(body));
  const changed = (bytes: Buffer, change: (bytes: Buffer) => void) => {
    change(bytes);
    return bytes;
  };
  const hostile: Record<string, () => Buffer> = {
    'a length below the header': () => changed(Buffer.alloc(16), (bytes) => bytes.writeInt32LE(15, 0)),
    'a negative length': () => changed(Buffer.alloc(16), (bytes) => bytes.writeInt32LE(-1, 0)),
    'a length beyond 48 MB': () => changed(Buffer.alloc(16), (bytes) => bytes.writeInt32LE(0x7fffffff, 0)),
    'an unknown opcode': () => frame(mongo.BSON.serialize({ ping: 1 }), 4711),
    'a body longer than its message': () =>
      changed(message({ ping: 1, $db: 'a' }), (bytes) => bytes.writeInt32LE(4000, 21)),
    'a string longer than its document': () =>
      changed(message({ ping: 'x', $db: 'a' }), (bytes) => bytes.writeInt32LE(5000, 21 + 4 + 1 + 5)),
    'an unknown section kind': () => changed(message({ ping: 1 }), (bytes) => bytes.writeUInt8(7, 20)),
    'unknown required flags': () => changed(message({ ping: 1 }), (bytes) => bytes.writeUInt32LE(0x40, 16)),
    'no body': () =>
      changed(Buffer.alloc(20), (bytes) => {
        bytes.writeInt32LE(20, 0);
        bytes.writeInt32LE(2013, 12);
      }),
    'nesting without end': () => {
      let body: Buffer = Buffer.from(mongo.BSON.serialize({}));
      for (let depth = 0; depth < 20_000; depth++) {
        const wrapped = Buffer.concat([Buffer.alloc(4), Buffer.from([3, 0x61, 0]), body, Buffer.alloc(1)]);
        wrapped.writeInt32LE(wrapped.length, 0);
        body = wrapped;
      }
      return frame(body);
    },
  };
  for (const [name, make] of Object.entries(hostile)) {
    it(`closes the connection that sends ${name}, and no other`, async () => {
      const [honest, client] = [new WireClient(store.uri), new WireClient(store.uri)];
      await honest.command({ ping: 1 });
      client.socket.write(make());
      await client.closed;
      assert.equal((await honest.command({ ping: 1 }))['ok'], 1);
      await honest.close();
    });
  }

  it('survives random bytes and cut-off messages', async () => {
    const honest = new WireClient(store.uri);
    const whole = message({ insert: 'cut', documents: [{ a: 'b' }], $db: 'test' });
    for (let i = 0; i < 60; i++) {
      const client = new WireClient(store.uri);
      const bytes = Buffer.from(whole);
      for (let n = 0; n < 5; n++)
        bytes[16 + Math.floor(Math.random() * (bytes.length - 16))] = Math.floor(Math.random() * 256);
      client.socket.write(i % 3 === 0 ? randomBytes(200) : i % 3 === 1 ? whole.subarray(0, whole.length - 3) : bytes);
      client.socket.end();
      await client.closed;
    }
    assert.equal((await honest.command({ ping: 1 }))['ok'], 1);
    await honest.close();
  });

  it('stops reading from a client that does not take its answers', async () => {
    const filler = 'x'.repeat(1_000_000);
    await store.collection('large').insertMany(Array.from({ length: 10 }, (_, i) => ({ _id: i, filler })));
    const resident = async () => (await store.db.command({ serverStatus: 1 }))['mem'].resident as number;
    const client = new WireClient(store.uri);
    await client.command({ ping: 1 });
    const before = await resident();
    client.socket.pause();
    const request = message({ find: 'large', $db: 'test' });
    for (let sent = 0; client.socket.writableLength < 1_000_000; sent++) {
      client.socket.write(request);
      if (sent % 1000 === 0) await new Promise(setImmediate);
    }
    const grown = (await resident()) - before;
    assert.ok(grown < 500, `${grown} MB more`); // thousands of answers of 10 MB each were asked for
    await client.close();
  });
});
