import assert from 'node:assert/strict';
import { mongo, Schema } from 'mongoose';
import { ledgerOf } from '../../src/audit/index.js';
import { orTaken } from '../../src/kernel/commit.js';
import { collection, ensureIndexes, SCHEMA_OPTIONS } from '../../src/kernel/mongo.js';
import { makeOutbox } from '../../src/kernel/outbox.js';
import { kernelProblem, Problem } from '../../src/kernel/problem.js';
import { makeTransact, receiptsOf } from '../../src/kernel/transact.js';
import { type TestKernel, testActor, testKernel } from '../support/kernel.js';

interface Counter {
  _id: string;
  n: number;
}
const Counters = collection<Counter>('testCounters', new Schema({ _id: String, n: Number }, SCHEMA_OPTIONS));

describe('transact', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await testKernel();
    await ensureIndexes(kernel.ctx.db);
  });
  after(() => kernel.close());

  const counter = (id: string) => Counters(kernel.ctx.db).collection.findOne({ _id: id as never });

  it('commits the change, its event and its jobs together', async () => {
    const result = await kernel.ctx.transact(testActor(), async (tx) => {
      await Counters(tx).collection.insertOne({ _id: 'a', n: 1 } as never, { session: tx.session });
      tx.record({ action: 'counter.made', target: { kind: 'counter', id: 'a' } });
      tx.enqueue({ name: 'count', payload: { id: 'a' } });
      return 'made';
    });
    assert.equal(result, 'made');
    assert.equal((await counter('a'))?.['n'], 1);
    assert.equal((await kernel.events('counter.made')).length, 1);
    assert.deepEqual(
      (await kernel.jobs('count')).map((row) => row.payload),
      [{ id: 'a' }],
    );
  });

  it('leaves nothing behind when the work throws', async () => {
    const boom = new Error('boom');
    const attempt = kernel.ctx.transact(testActor(), async (tx) => {
      await Counters(tx).collection.insertOne({ _id: 'b', n: 1 } as never, { session: tx.session });
      tx.record({ action: 'counter.lost' });
      tx.enqueue({ name: 'lost', payload: {} });
      throw boom;
    });
    await assert.rejects(attempt, boom);
    assert.equal(await counter('b'), null);
    assert.deepEqual(await kernel.events('counter.lost'), []);
    assert.deepEqual(await kernel.jobs('lost'), []);
  });

  it('refuses to commit an act without an audit event', async () => {
    const attempt = kernel.ctx.transact(testActor(), async (tx) => {
      await Counters(tx).collection.insertOne({ _id: 'c', n: 1 } as never, { session: tx.session });
    });
    await assert.rejects(attempt, /without an audit event/);
    assert.equal(await counter('c'), null);
  });

  it('lets racing acts on one document all happen, one after another', async () => {
    await kernel.ctx.transact(testActor(), async (tx) => {
      await Counters(tx).collection.insertOne({ _id: 'race', n: 0 } as never, { session: tx.session });
      tx.record({ action: 'counter.made' });
    });
    const increment = () =>
      kernel.ctx.transact(testActor(), async (tx) => {
        const now = await Counters(tx).collection.findOne({ _id: 'race' as never }, { session: tx.session });
        const n = Number(now?.['n']) + 1;
        await Counters(tx).collection.updateOne({ _id: 'race' as never }, { $set: { n } }, { session: tx.session });
        tx.record({ action: 'counter.raced' });
      });
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, increment));
    const won = outcomes.filter(({ status }) => status === 'fulfilled').length;
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        assert.ok(outcome.reason instanceof Problem && outcome.reason.code === 'conflict');
    }
    assert.ok(won >= 1);
    assert.equal((await counter('race'))?.['n'], won);
    assert.equal((await kernel.events('counter.raced')).length, won);
  });

  it('runs again when a unique key that was free is taken meanwhile, and meets who took it', async () => {
    const first = { _id: 'taken', n: 1 };
    const met = await kernel.ctx.transact(testActor(), async (tx) => {
      tx.record({ action: 'counter.made' });
      const there = await Counters(tx).collection.findOne({ _id: 'taken' as never }, { session: tx.session });
      if (there) return there['n'];
      await Counters(kernel.ctx.db).collection.insertOne(first as never);
      await orTaken(Counters(tx).collection.insertOne({ _id: 'taken', n: 2 } as never, { session: tx.session }));
      return 'nobody';
    });
    assert.equal(met, 1);
  });

  it('runs again whichever of its writes is told that the key is a duplicate', async () => {
    const key = { _id: 'twice', n: 1 } as never;
    let runs = 0;
    const met = await kernel.ctx.transact(testActor(), async (tx) => {
      tx.record({ action: 'counter.made' });
      runs += 1;
      if (runs > 1) return (await counter('twice'))?.['n'];
      await Counters(kernel.ctx.db).collection.insertOne(key); // before this transaction has read anything
      return orTaken(Counters(tx).collection.insertOne(key, { session: tx.session }));
    });
    assert.equal(met, 1);
  });

  for (const kind of ['reads and writes', 'only appends'])
    it(`asks again for the same commit when its answer was lost, of an act that ${kind}`, async () => {
      const client = kernel.ctx.db.connection.getClient();
      const start = client.startSession.bind(client);
      const calls: string[] = [];
      client.startSession = (...options) => {
        const session = start(...options);
        const begin = session.startTransaction.bind(session);
        const commit = session.commitTransaction.bind(session);
        session.startTransaction = (settings) => {
          calls.push('start');
          begin(settings);
        };
        session.commitTransaction = async () => {
          calls.push('commit');
          await commit();
          if (calls.filter((call) => call === 'commit').length > 2) return;
          const lost = new mongo.MongoNetworkError('the answer was lost');
          if (calls.length === 2) lost.addErrorLabel('UnknownTransactionCommitResult'); // the driver does not always say so
          throw lost;
        };
        return session;
      };
      const row = { _id: `lost ${kind}`, n: 1 };
      try {
        await kernel.ctx.transact(testActor(), async (tx) => {
          tx.record({ action: 'counter.made' });
          if (kind === 'only appends') tx.append(Counters, row);
          else await Counters(tx).collection.insertOne(row as never, { session: tx.session });
        });
      } finally {
        client.startSession = start;
      }
      assert.deepEqual(calls, ['start', 'commit', 'commit', 'commit']);
      assert.equal((await counter(row._id))?.['n'], 1);
    });

  describe('of acts that only append', () => {
    const append = (id: string, n: number) =>
      kernel.ctx.transact(testActor(), async (tx) => {
        tx.append(Counters, { _id: id, n });
        tx.record({ action: 'counter.appended' });
        tx.enqueue({ name: 'appended', payload: { id } });
      });
    const names = (prefix: string) => Array.from({ length: 50 }, (_, n) => `${prefix}-${n}`);
    const written = async (prefix: string) =>
      (await Counters(kernel.ctx.db).collection.countDocuments({ _id: new RegExp(`^${prefix}-`) as never })) as number;
    const logged = async () => (await kernel.events('counter.appended')).length;

    const transactionsOf = async (work: () => Promise<unknown>): Promise<number> => {
      const client = kernel.ctx.db.connection.getClient();
      const start = client.startSession.bind(client);
      let sessions = 0;
      client.startSession = (...options) => {
        sessions += 1;
        return start(...options);
      };
      try {
        await work();
      } finally {
        client.startSession = start;
      }
      return sessions;
    };

    it('commits those that come together in few transactions, each with its event and its job', async () => {
      const transactions = await transactionsOf(() => Promise.all(names('crowd').map((name) => append(name, 1))));
      assert.ok(transactions < 10, `${transactions} transactions`);
      assert.equal(await written('crowd'), 50);
      assert.equal(await logged(), 50);
      assert.equal((await kernel.jobs('appended')).length, 50);
    });

    describe('of which nobody waits for one', () => {
      const appendLater = (id: string) =>
        kernel.ctx.transact(testActor(), async (tx) => {
          tx.mayWait();
          tx.append(Counters, { _id: id, n: 5 });
          tx.record({ action: 'counter.appended' });
        });

      it('commits it with the next that comes', async () => {
        const transactions = await transactionsOf(() => Promise.all([appendLater('later-1'), append('later-2', 5)]));
        assert.equal(transactions, 1);
        assert.equal(await written('later'), 2);
      });

      it('commits it also when none comes', async () => {
        await appendLater('last-1');
        assert.equal(await written('last'), 1);
      });

      it('signs no receipt for it', async () => {
        const { db, clock, secrets } = kernel.ctx;
        const transact = makeTransact({
          db,
          clock,
          ledger: ledgerOf(secrets.auditKey),
          receipt: () => 'signed',
          outbox: makeOutbox(() => undefined),
        });
        const actor = testActor({ kind: 'person', id: 'person_1' });
        for (const isAwaited of [true, false])
          await transact(actor, async (tx) => {
            if (!isAwaited) tx.mayWait();
            tx.record({ action: 'counter.appended' });
          });
        assert.deepEqual(receiptsOf(actor), ['signed']);
      });
    });

    it('lets one that fails fail alone, and none happen twice', async () => {
      await append('mixed-7', 1);
      const before = await logged();
      const outcomes = await Promise.allSettled(names('mixed').map((name) => append(name, 2)));
      const failed = outcomes.flatMap((outcome, n) => (outcome.status === 'rejected' ? [[n, outcome.reason]] : []));
      assert.deepEqual(
        failed.map(([n, reason]) => [n, reason.code]),
        [[7, 'conflict']],
      );
      assert.equal(await written('mixed'), 50);
      assert.equal(await logged(), before + 49);
      assert.equal((await counter('mixed-7'))?.['n'], 1);
    });

    it('queues behind no commit that is not answered', async () => {
      const client = kernel.ctx.db.connection.getClient();
      const start = client.startSession.bind(client);
      let answer: () => void = () => undefined;
      const hung = new Promise<void>((resolve) => {
        answer = resolve;
      });
      let atIt: () => void = () => undefined;
      const committing = new Promise<void>((resolve) => {
        atIt = resolve;
      });
      client.startSession = (...options) => {
        client.startSession = start;
        const session = start(...options);
        const commit = session.commitTransaction.bind(session);
        session.commitTransaction = async () => {
          atIt();
          await hung;
          await commit();
        };
        return session;
      };
      const first = append('hung-first', 4);
      await committing;
      await append('hung-second', 4);
      assert.equal(await written('hung'), 1);
      answer();
      await first;
      assert.equal(await written('hung'), 2);
    });

    it('goes on after a group that the store did not take', async () => {
      const tooLarge = 'x'.repeat(17 * 1024 * 1024); // a document has at most 16 MB
      const before = await logged();
      const large = kernel.ctx.transact(testActor(), async (tx) => {
        tx.append(Counters, { _id: 'large', n: tooLarge as never });
        tx.record({ action: 'counter.appended' });
      });
      const outcomes = await Promise.allSettled([large, ...names('beside').map((name) => append(name, 3))]);
      assert.deepEqual(
        outcomes.flatMap(({ status }, n) => (status === 'rejected' ? [n] : [])),
        [0],
      );
      await append('beside-later', 3);
      assert.equal(await written('beside'), 51);
      assert.equal(await logged(), before + 51);
    });
  });

  describe('of acts that amend a row', () => {
    const add = (id: string, at: number, seen: boolean[] = []) =>
      kernel.ctx.transact(testActor(), async (tx) => {
        seen.push(tx.again);
        tx.record({ action: 'counter.amended' });
        if (tx.again && !(await Counters(tx).exists({ _id: id, n: at }).session(tx.session)))
          throw kernelProblem('not_found');
        tx.amend(Counters, { _id: id, n: at }, { $inc: { n: 1 } });
        tx.append(Counters, { _id: `${id} was ${at}`, n: at });
      });
    const logged = async () => (await kernel.events('counter.amended')).length;

    it('changes it with what is appended', async () => {
      await Counters(kernel.ctx.db).collection.insertOne({ _id: 'amended', n: 1 } as never);
      const seen: boolean[] = [];
      await add('amended', 1, seen);
      assert.equal((await counter('amended'))?.['n'], 2);
      assert.equal((await counter('amended was 1'))?.['n'], 1);
      assert.deepEqual(seen, [false]);
    });

    it('runs again to see why no row fits, and writes nothing', async () => {
      const before = await logged();
      await assert.rejects(add('amended', 1), { code: 'not_found' });
      await assert.rejects(add('nowhere', 1), { code: 'not_found' });
      assert.equal((await counter('amended'))?.['n'], 2);
      assert.equal(await counter('nowhere was 1'), null);
      assert.equal(await logged(), before);
    });

    it('lets one of many win that meant the same row, and the others see that it changed', async () => {
      await Counters(kernel.ctx.db).collection.insertOne({ _id: 'wanted', n: 1 } as never);
      const before = await logged();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, () =>
          kernel.ctx.transact(testActor(), async (tx) => {
            tx.record({ action: 'counter.amended' });
            if (tx.again && (await counter('wanted'))?.['n'] !== 1) throw kernelProblem('not_found');
            tx.amend(Counters, { _id: 'wanted', n: 1 }, { $set: { n: 2 } });
          }),
        ),
      );
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      assert.deepEqual(new Set(refused.map(({ reason }) => reason.code)), new Set(['not_found']));
      assert.equal(refused.length, 19);
      assert.equal((await counter('wanted'))?.['n'], 2);
      assert.equal(await logged(), before + 1);
    });
  });

  describe('while the store is away', () => {
    const running = (error: mongo.MongoError) => {
      error.addErrorLabel('TransientTransactionError'); // as the driver does inside a transaction
      let runs = 0;
      const attempt = kernel.ctx.transact(testActor(), async () => {
        runs += 1;
        throw error;
      });
      return { attempt, runs: () => runs };
    };

    it('says so, and not that somebody else was quicker', async () => {
      const cut = new mongo.MongoNetworkError('cut');
      const { attempt, runs } = running(cut);
      await assert.rejects(attempt, cut);
      assert.ok(runs() > 1, 'a connection that broke is tried anew');
    });

    it('does not wait for it again and again', async () => {
      const away = new mongo.MongoServerSelectionError('away', {} as mongo.TopologyDescription);
      const { attempt, runs } = running(away);
      await assert.rejects(attempt, away);
      assert.equal(runs(), 1);
    });
  });

  it('adds a job of one key once while it waits', async () => {
    const ask = () =>
      kernel.ctx.transact(testActor(), async (tx) => {
        tx.record({ action: 'keyed.asked' });
        tx.enqueue({ name: 'keyed', payload: {}, key: 'only-one' });
        tx.enqueue({ name: 'keyed', payload: {}, key: 'only-one' });
      });
    await ask();
    await ask();
    assert.equal((await kernel.jobs('keyed')).length, 1);
  });
});
