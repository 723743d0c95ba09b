import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mongo } from 'mongoose';
import { type Fixture, openFixture } from './support.js';
import { WireClient } from './wire-client.js';

const NAMESPACES = [{ ns: 'test.a' }, { ns: 'test.b' }];
const MAJORITY: mongo.TransactionOptions = { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority' } };

describe('embedded store: bulkWrite', () => {
  let store: Fixture;
  before(async () => {
    store = await openFixture({ port: 0 });
    await store.collection('b').createIndex({ mail: 1 }, { unique: true });
  });
  after(() => store.close());
  beforeEach(async () => {
    await store.collection('a').deleteMany({});
    await store.collection('b').deleteMany({});
  });

  const send = (ops: unknown, rest: mongo.Document = {}, session?: mongo.ClientSession) =>
    store.client
      .db('admin')
      .command({ bulkWrite: 1, ops, nsInfo: NAMESPACES, ...rest }, session ? { session, promoteLongs: false } : {});
  const resultsOf = ({ cursor }: mongo.Document) => cursor.firstBatch as mongo.Document[];
  const ids = async (name: string) => (await store.collection(name).find().toArray()).map(({ _id }) => _id);

  const MIXED = [
    { insert: 0, document: { _id: 1, n: 1 } },
    { insert: 1, document: { _id: 2, mail: 'x' } },
    { update: 0, filter: { _id: 1 }, updateMods: { $inc: { n: 1 } } },
    { update: 0, filter: { _id: 1 }, updateMods: { $set: { n: 2 } } },
    { update: 1, filter: { _id: 9 }, updateMods: { mail: 'y' }, upsert: true },
    { update: 0, filter: {}, updateMods: [{ $set: { m: '$n' } }], multi: true },
    { delete: 1, filter: { mail: 'x' } },
  ];

  it('inserts, updates and deletes in several collections, and says what each operation did', async () => {
    const reply = await send(MIXED);
    assert.deepEqual(resultsOf(reply), [
      { ok: 1, idx: 0, n: 1 },
      { ok: 1, idx: 1, n: 1 },
      { ok: 1, idx: 2, n: 1, nModified: 1 },
      { ok: 1, idx: 3, n: 1, nModified: 0 },
      { ok: 1, idx: 4, n: 1, nModified: 0, upserted: { _id: 9 } },
      { ok: 1, idx: 5, n: 1, nModified: 1 },
      { ok: 1, idx: 6, n: 1 },
    ]);
    const { cursor, ok, ...counts } = reply;
    assert.deepEqual(
      [String(cursor.id), cursor.ns, ok, counts],
      [
        '0',
        'admin.$cmd.bulkWrite',
        1,
        { nErrors: 0, nInserted: 2, nMatched: 3, nModified: 2, nUpserted: 1, nDeleted: 1 },
      ],
    );
    assert.deepEqual(await store.collection('a').findOne(), { _id: 1, n: 2, m: 2 });
    assert.deepEqual(await store.collection('b').findOne(), { _id: 9, mail: 'y' });
    assert.deepEqual(resultsOf(await send([{ delete: 0, filter: {} }], { errorsOnly: true })), []);
  });

  const TAKEN = [
    { insert: 0, document: { _id: 1 } },
    { insert: 1, document: { _id: 1, mail: 'x' } },
    { insert: 1, document: { _id: 2, mail: 'x' } },
    { update: 0, filter: {}, updateMods: { $nope: 1 } },
    { insert: 0, document: { _id: 3 } },
  ];
  const DUPLICATE = { ok: 0, idx: 2, code: 11000, n: 0, keyPattern: { mail: 1 }, keyValue: { mail: 'x' } };

  it('ends at the first failure when it is ordered, and leaves what came before', async () => {
    const reply = await send(TAKEN);
    const { errmsg, ...failed } = resultsOf(reply)[2]!;
    assert.deepEqual([failed, resultsOf(reply).length], [DUPLICATE, 3]);
    assert.match(errmsg, /^E11000 .* test\.b .*mail_1/);
    assert.deepEqual([reply['nErrors'], reply['nInserted']], [1, 2]);
    assert.deepEqual([await ids('a'), await ids('b')], [[1], [1]]);
  });

  it('goes on after a failure when it is not, and names failures only when asked to', async () => {
    const reply = await send(TAKEN, { ordered: false, errorsOnly: true });
    assert.deepEqual(
      resultsOf(reply).map(({ ok, idx, n, nModified, code }) => [ok, idx, n, nModified, code]),
      [
        [0, 2, 0, undefined, 11000],
        [0, 3, 0, 0, 9],
      ],
    );
    assert.deepEqual([reply['nErrors'], reply['nInserted'], await ids('a')], [2, 3, [1, 3]]);
  });

  it('hands out long results by a cursor', async () => {
    const ops = Array.from({ length: 5 }, (_, i) => ({ insert: 0, document: { _id: i } }));
    const { cursor } = await store.client
      .db('admin')
      .command({ bulkWrite: 1, ops, nsInfo: NAMESPACES, cursor: { batchSize: 3 } }, { promoteLongs: false });
    assert.equal(cursor.firstBatch.length, 3);
    const more = await store.client.db('admin').command({ getMore: cursor.id, collection: '$cmd.bulkWrite' });
    assert.deepEqual(
      more['cursor'].nextBatch.map(({ idx }: mongo.Document) => idx),
      [3, 4],
    );
    assert.equal(String(more['cursor'].id), '0');
  });

  it('is one with the transaction it is part of', async () =>
    store.client.withSession(async (session) => {
      session.startTransaction(MAJORITY);
      assert.equal((await send(MIXED, {}, session))['nInserted'], 2);
      assert.deepEqual([await ids('a'), await ids('b')], [[], []]);
      await session.abortTransaction();
      assert.deepEqual([await ids('a'), await ids('b')], [[], []]);

      session.startTransaction(MAJORITY);
      await send(MIXED, { errorsOnly: true }, session);
      await session.commitTransaction();
      assert.deepEqual([await ids('a'), await ids('b')], [[1], [9]]);
    }));

  for (const ordered of [true, false])
    it(`ends its transaction at the first failure (${ordered ? 'ordered' : 'not ordered'})`, async () =>
      store.client.withSession(async (session) => {
        session.startTransaction(MAJORITY);
        const reply = await send(TAKEN, { ordered, errorsOnly: true }, session);
        const [{ errmsg: _, ...failed } = {}, ...more] = resultsOf(reply);
        assert.deepEqual([reply['ok'], reply['nErrors'], failed, more], [1, 1, DUPLICATE, []]);
        await assert.rejects(session.commitTransaction(), { code: 251 });
        assert.deepEqual([await ids('a'), await ids('b')], [[], []]);
      }));

  it('conflicts as a whole with another transaction', async () => {
    const [first, second] = [store.client.startSession(), store.client.startSession()];
    first.startTransaction(MAJORITY);
    second.startTransaction(MAJORITY);
    await send([{ insert: 1, document: { _id: 1, mail: 'x' } }], {}, first);
    await assert.rejects(
      send(
        [
          { insert: 0, document: { _id: 1 } },
          { insert: 1, document: { _id: 2, mail: 'x' } },
        ],
        {},
        second,
      ),
      (error: mongo.MongoServerError) => error.code === 112 && error.hasErrorLabel('TransientTransactionError'),
    );
    await first.commitTransaction();
    await Promise.all([first.endSession(), second.endSession()]);
    assert.deepEqual([await ids('a'), await ids('b')], [[], [1]]);
  });

  it('is done once when it is sent again', async () => {
    const client = new WireClient(store.uri);
    const command = {
      bulkWrite: 1,
      ops: [
        { insert: 0, document: { _id: 1, n: 0 } },
        { update: 0, filter: { _id: 1 }, updateMods: { $inc: { n: 1 } } },
      ],
      nsInfo: NAMESPACES,
      lsid: { id: new mongo.Binary(randomBytes(16), 4) },
      txnNumber: mongo.Long.fromNumber(1),
    };
    const first = await client.command(command, 'admin');
    assert.deepEqual([first['nErrors'], first['nInserted'], first['nModified']], [0, 1, 1]);
    assert.deepEqual(await client.command(command, 'admin'), first);
    assert.deepEqual(await store.collection('a').findOne(), { _id: 1, n: 1 });
    await client.close();
  });

  const good = { insert: 0, document: { _id: 'good' } };
  const hostile: [what: string, code: number, ops: unknown, rest?: mongo.Document][] = [
    ['no operations', 16, []],
    ['operations that are a text', 14, 'test'],
    ['operations that are missing', 40414, undefined],
    ['an operation that is a number', 14, [good, 5]],
    ['an empty operation', 2, [good, {}]],
    ['an unknown operation', 40415, [good, { drop: 0 }]],
    ['an operation named like a method', 40415, [good, { constructor: 0 }]],
    ['a namespace that is not there', 2, [good, { insert: 2, document: {} }]],
    ['a negative namespace', 2, [good, { insert: -1, document: {} }]],
    ['a broken namespace', 2, [good, { insert: 0.5, document: {} }]],
    ['a namespace by name', 14, [good, { insert: 'test.a', document: {} }]],
    ['no document', 40414, [good, { insert: 0 }]],
    ['a document that is a text', 14, [good, { insert: 0, document: 'x' }]],
    ['a document before the insert', 40415, [good, { document: {}, insert: 0 }]],
    ['an insert with a filter', 40415, [good, { insert: 0, document: {}, filter: {} }]],
    ['an update without a filter', 40414, [good, { update: 0, updateMods: { $set: { a: 1 } } }]],
    ['an update without a change', 40414, [good, { update: 0, filter: {} }]],
    ['a change that is a number', 9, [good, { update: 0, filter: {}, updateMods: 5 }]],
    ['a filter that is a text', 14, [good, { delete: 0, filter: 'x' }]],
    ['a flag that is a number', 14, [good, { delete: 0, filter: {}, multi: 1 }]],
    ['a hint that is a number', 9, [good, { delete: 0, filter: {}, hint: 5 }]],
    ['an unknown option', 40415, [good, { delete: 0, filter: {}, bogus: 1 }]],
    ['no namespaces', 40414, [good], { nsInfo: undefined }],
    ['namespaces that are texts', 14, [good], { nsInfo: ['test.a'] }],
    ['a namespace without a database', 73, [good], { nsInfo: [{ ns: 'nodot' }] }],
    ['a namespace with a zero in it', 73, [good], { nsInfo: [{ ns: 'a\0b.c' }] }],
    ['a namespace of the system', 73, [good], { nsInfo: [{ ns: 'test.system.views' }] }],
    ['a collection by its UUID', 238, [good], { nsInfo: [{ ns: 'test.a', collectionUUID: 'x' }] }],
    ['an unknown field', 40415, [good], { fooField: 0 }],
  ];
  for (const [what, code, ops, rest] of hostile)
    it(`refuses ${what} before it writes anything`, async () => {
      const client = new WireClient(store.uri);
      const command = { bulkWrite: 1, ops, nsInfo: NAMESPACES, ...rest };
      assert.equal((await client.command(command, 'admin'))['code'], code);
      assert.deepEqual(await ids('a'), []);
      await client.close();
    });

  it('is for the admin database only', () => assert.rejects(store.db.command({ bulkWrite: 1 }), { code: 13 }));

  it('leaves fields alone that are called as its own', async () => {
    const rows = store.collection('a');
    await rows.insertMany([{ _id: 1, documents: [{ x: 1 }], ops: [{ x: 2 }], updates: [{ x: 3 }] }]);
    const filter = { documents: [{ x: 1 }], ops: [{ x: 2 }], updates: [{ x: 3 }] };
    assert.equal((await rows.find(filter).toArray()).length, 1);
  });
});
