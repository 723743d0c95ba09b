import assert from 'node:assert/strict';
import { mongo } from 'mongoose';
import { type Fixture, inc, openFixture, type Row } from './support.js';

const MAJORITY: mongo.TransactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', j: true },
};

describe('embedded store: transactions', () => {
  let store: Fixture;
  let accounts: ReturnType<Fixture['collection']>;
  before(async () => {
    store = await openFixture();
    accounts = store.collection('accounts');
  });
  after(() => store.close());
  beforeEach(async () => {
    await accounts.deleteMany({});
    await accounts.insertMany([
      { _id: 'a', n: 10 },
      { _id: 'b', n: 0 },
    ]);
  });

  const withSessions = async (work: (...sessions: mongo.ClientSession[]) => Promise<void>) => {
    const sessions = [store.client.startSession(), store.client.startSession()];
    try {
      await work(...sessions);
    } finally {
      for (const session of sessions) await session.endSession();
    }
  };

  it('commit everything or nothing, also in collections that did not exist', async () =>
    withSessions(async (session) => {
      session!.startTransaction(MAJORITY);
      await accounts.updateOne({ _id: 'a' }, inc({ n: -3 }), { session: session! });
      await store.collection('journal').insertOne({ _id: 1 }, { session: session! });
      assert.equal(await store.collection('journal').countDocuments(), 0);
      assert.equal((await accounts.findOne({ _id: 'a' }, { session: session! }))?.['n'], 7);
      await session!.abortTransaction();
      assert.equal((await accounts.findOne({ _id: 'a' }))?.['n'], 10);
      assert.equal((await store.db.listCollections({ name: 'journal' }).toArray()).length, 0);

      session!.startTransaction(MAJORITY);
      await accounts.updateOne({ _id: 'a' }, inc({ n: -3 }), { session: session! });
      await store.collection('journal').insertOne({ _id: 1 }, { session: session! });
      await session!.commitTransaction();
      await session!.commitTransaction();
      assert.equal((await accounts.findOne({ _id: 'a' }))?.['n'], 7);
      assert.equal(await store.collection('journal').countDocuments(), 1);
    }));

  it('read the state they began with', async () =>
    withSessions(async (session) => {
      session!.startTransaction(MAJORITY);
      assert.equal(await accounts.countDocuments({}, { session: session! }), 2);
      await accounts.insertOne({ _id: 'c', n: 1 });
      await accounts.updateOne({ _id: 'b' }, { $set: { n: 99 } });
      assert.deepEqual(await accounts.find({}, { session: session! }).toArray(), [
        { _id: 'a', n: 10 },
        { _id: 'b', n: 0 },
      ]);
      await assert.rejects(accounts.updateOne({ _id: 'b' }, inc({ n: 1 }), { session: session! }), isConflict);
      await session!.abortTransaction();
    }));

  const isConflict = (error: mongo.MongoServerError) => {
    assert.equal(error.code, 112);
    assert.ok(error.hasErrorLabel('TransientTransactionError'));
    return true;
  };

  it('conflict at the second writer, and are over after any error', async () =>
    withSessions(async (first, second) => {
      first!.startTransaction(MAJORITY);
      second!.startTransaction(MAJORITY);
      await accounts.updateOne({ _id: 'a' }, inc({ n: 1 }), { session: first! });
      await assert.rejects(accounts.updateOne({ _id: 'a' }, inc({ n: 1 }), { session: second! }), isConflict);
      await assert.rejects(accounts.findOne({ _id: 'a' }, { session: second! }), (error: mongo.MongoServerError) => {
        assert.equal(error.code, 251);
        return error.hasErrorLabel('TransientTransactionError');
      });
      await first!.commitTransaction();
      await second!.abortTransaction();
      assert.equal((await accounts.findOne({ _id: 'a' }))?.['n'], 11);

      await store.collection('mails').createIndex({ mail: 1 }, { unique: true });
      first!.startTransaction(MAJORITY);
      second!.startTransaction(MAJORITY);
      await store.collection('mails').insertOne({ mail: 'x' }, { session: first! });
      await assert.rejects(store.collection('mails').insertOne({ mail: 'x' }, { session: second! }), isConflict);
      await first!.commitTransaction();
      await second!.abortTransaction();
      first!.startTransaction(MAJORITY);
      await assert.rejects(store.collection('mails').insertOne({ mail: 'x' }, { session: first! }), { code: 11000 });
      await assert.rejects(first!.commitTransaction(), { code: 251 });
    }));

  // WiredTiger's __wt_btcur_insert: what the snapshot shows is a duplicate key before it is asked who else has written it.
  it('find a duplicate in a key that they see, also when it was deleted meanwhile', async () => {
    const mails = store.collection('mails');
    await mails.createIndex({ mail: 1 }, { unique: true });
    for (const again of [{ _id: 1 }, { _id: 2, mail: 'x' }])
      for (const committed of [true, false])
        await withSessions(async (first, second) => {
          await mails.deleteMany({});
          await mails.insertOne({ _id: 1, mail: 'x' });
          second!.startTransaction(MAJORITY);
          assert.equal((await mails.find({}, { session: second! }).toArray()).length, 1);
          first!.startTransaction(MAJORITY);
          await mails.deleteOne({ _id: 1 }, { session: first! });
          if (committed) await first!.commitTransaction();
          else await assert.rejects(mails.insertOne(again), { code: 11000 });
          await assert.rejects(mails.insertOne(again, { session: second! }), { code: 11000 });
          await second!.abortTransaction();
          if (!committed) await first!.abortTransaction();
        });
  });

  it('make a single write wait, not fail', async () =>
    withSessions(async (session) => {
      session!.startTransaction(MAJORITY);
      await accounts.updateOne({ _id: 'a' }, inc({ n: 1 }), { session: session! });
      let done = false;
      const single = accounts.updateOne({ _id: 'a' }, inc({ n: 100 })).then(() => {
        done = true;
      });
      await accounts.updateOne({ _id: 'b' }, inc({ n: 1 }));
      assert.equal(done, false);
      assert.equal((await accounts.findOne({ _id: 'a' }))?.['n'], 10);
      await session!.commitTransaction();
      await single;
      assert.equal((await accounts.findOne({ _id: 'a' }))?.['n'], 111);
    }));

  it('count right under many at once', async () => {
    const clients = 8;
    const rounds = 20;
    await Promise.all(
      Array.from({ length: clients }, async (_, i) => {
        for (let round = 0; round < rounds; round++) {
          await store.client.withSession((session) =>
            session.withTransaction(async () => {
              const { n } = (await accounts.findOne({ _id: 'a' }, { session }))!;
              await accounts.updateOne({ _id: 'a' }, { $set: { n: (n as number) + 1 } }, { session });
              await accounts.insertOne({ _id: `${i}-${round}`, n: 0 }, { session });
            }, MAJORITY),
          );
        }
      }),
    );
    assert.equal((await accounts.findOne({ _id: 'a' }))?.['n'], 10 + clients * rounds);
    assert.equal(await accounts.countDocuments(), 2 + clients * rounds);
  });

  it('also count right as single writes', async () => {
    await Promise.all(Array.from({ length: 200 }, () => accounts.updateOne({ _id: 'a' }, inc({ n: 1 }))));
    assert.equal((await accounts.findOne({ _id: 'a' }))?.['n'], 210);
  });

  it('end when their connection drops', async () => {
    const other = new mongo.MongoClient(store.uri, { maxPoolSize: 1 });
    const session = other.startSession();
    session.startTransaction(MAJORITY);
    await other
      .db('test')
      .collection<Row>('accounts')
      .updateOne({ _id: 'a' }, inc({ n: 1 }), { session });
    const waiting = accounts.updateOne({ _id: 'a' }, inc({ n: 100 }));
    await other.close(true);
    await waiting;
    assert.equal((await accounts.findOne({ _id: 'a' }))?.['n'], 110);
  });

  it('end when their time is over, and whoever waited goes on', async () => {
    const impatient = await openFixture({ transactionMs: 150 });
    const rows = impatient.collection('rows');
    await rows.insertOne({ _id: 'a', n: 10 });
    await impatient.client.withSession(async (session) => {
      session.startTransaction(MAJORITY);
      await rows.updateOne({ _id: 'a' }, inc({ n: 1 }), { session });
      await rows.updateOne({ _id: 'a' }, inc({ n: 100 }));
      await assert.rejects(session.commitTransaction(), { code: 251 });
    });
    assert.equal((await rows.findOne({ _id: 'a' }))?.['n'], 110);
    await impatient.close();
  });

  it('refuse what MongoDB refuses inside them', async () =>
    withSessions(async (session) => {
      session!.startTransaction(MAJORITY);
      await assert.rejects(store.db.command({ count: 'accounts' }, { session: session! }), { code: 263 });
      await session!.abortTransaction();
    }));
});
