import assert from 'node:assert/strict';
import type { Job } from '../../src/kernel/jobs.js';
import { claim, OutboxRows } from '../../src/kernel/outbox.js';
import { makeWorker, type Worker } from '../../src/kernel/worker.js';
import { type TestKernel, testActor, testKernel } from '../support/kernel.js';

describe('worker', () => {
  let kernel: TestKernel;
  const workers: Worker[] = [];
  beforeEach(async () => {
    kernel = await testKernel();
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    await kernel.close();
  });

  const enqueue = (name: string, payload: Record<string, string> = {}, key?: string) =>
    kernel.ctx.transact(testActor(), async (tx) => {
      tx.record({ action: 'test.enqueued' });
      tx.enqueue({ name, payload, ...(key === undefined ? {} : { key }) });
    });

  const start = (...jobs: Job<object>[]): Worker => {
    const { db, clock, logger } = kernel.ctx;
    const worker = makeWorker(() => ({}), {
      db,
      clock,
      logger,
      jobs,
      recurring: [],
      concurrency: 4,
      leaseMs: 2_000,
      sweepMs: 100,
    });
    workers.push(worker);
    worker.start();
    return worker;
  };

  it('finds by sweeping what no bell announced, runs it once and forgets it', async () => {
    const seen: string[] = [];
    await enqueue('greet', { whom: 'a' });
    const worker = start({
      name: 'greet',
      attempts: 1,
      backoff: [],
      handle: async (_, { whom }) => void seen.push(String(whom)),
    });
    await worker.settled();
    assert.deepEqual(seen, ['a']);
    assert.deepEqual(await kernel.jobs(), []);
  });

  it('tries again after a failure, counts the tries, and tells the last one', async () => {
    const attempts: number[] = [];
    const failures: string[] = [];
    await enqueue('fail');
    const dead = new Promise<void>((resolve) => {
      start({
        name: 'fail',
        attempts: 3,
        backoff: [1],
        handle: async (_, __, { attempt }) => {
          attempts.push(attempt);
          throw new Error(`no ${attempt}`);
        },
        onFailed: async (_, __, error) => {
          failures.push((error as Error).message);
          resolve();
        },
      });
    });
    await dead;
    await workers[0]?.settled();
    assert.deepEqual(attempts, [1, 2, 3]);
    assert.deepEqual(failures, ['no 3']);
    const [row] = await kernel.jobs('fail');
    assert.equal(row?.state, 'dead');
    assert.ok(!row?.lastError?.includes('no 3'), 'a message may carry personal data');
  });

  it('lets a job of the same key in again once the first has failed for good', async () => {
    await enqueue('keyed', {}, 'one');
    let fails = true;
    const seen: string[] = [];
    const worker = start({
      name: 'keyed',
      attempts: 1,
      backoff: [],
      handle: async () => {
        if (fails) throw new Error('no');
        seen.push('ran');
      },
    });
    await worker.settled();
    assert.equal((await kernel.jobs('keyed'))[0]?.state, 'dead');
    fails = false;
    await enqueue('keyed', {}, 'one');
    await worker.settled();
    assert.deepEqual(seen, ['ran']);
  });

  it('gives up a job that keeps ending its worker, instead of running it for ever', async () => {
    const seen: string[] = [];
    await enqueue('poison');
    const [row] = await kernel.jobs('poison');
    for (let death = 1; death <= 2; death += 1) {
      assert.ok(await claim(kernel.ctx.db, String(row?._id), kernel.ctx.clock, 1_000));
      kernel.ctx.clock.advance(1_001);
    }
    const worker = start({
      name: 'poison',
      attempts: 2,
      backoff: [1],
      handle: async () => void seen.push('ran'),
      onFailed: async () => void seen.push('gave up'),
    });
    await worker.settled();
    assert.deepEqual(seen, ['gave up']);
    assert.equal((await kernel.jobs('poison'))[0]?.state, 'dead');
  });

  it('leaves a job it does not know to a worker that does: during an upgrade both run', async () => {
    const seen: string[] = [];
    await enqueue('of-the-next-version');
    await start({ name: 'old', attempts: 1, backoff: [], handle: async () => undefined }).settled();
    const worker = start({
      name: 'of-the-next-version',
      attempts: 1,
      backoff: [],
      handle: async () => void seen.push('ran'),
    });
    kernel.ctx.clock.advance(60_000);
    await worker.settled();
    assert.deepEqual(seen, ['ran']);
  });

  it('takes over a row whose worker died, once its lease is over', async () => {
    const seen: string[] = [];
    await enqueue('orphan');
    const [row] = await kernel.jobs('orphan');
    assert.ok(await claim(kernel.ctx.db, String(row?._id), kernel.ctx.clock, 60_000));
    const worker = start({ name: 'orphan', attempts: 5, backoff: [1], handle: async () => void seen.push('ran') });
    await worker.settled();
    assert.deepEqual(seen, [], 'the lease still holds');
    kernel.ctx.clock.advance(61_000);
    await worker.settled();
    assert.deepEqual(seen, ['ran']);
  });

  it('lets exactly one of many claim a row', async () => {
    await enqueue('single');
    const [row] = await kernel.jobs('single');
    const claims = await Promise.all(
      Array.from({ length: 16 }, () => claim(kernel.ctx.db, String(row?._id), kernel.ctx.clock, 5_000)),
    );
    assert.equal(claims.filter(Boolean).length, 1);
  });

  it('finishes what runs before it stops, and takes no more', async () => {
    const seen: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await enqueue('slow');
    const running = new Promise<Worker>((resolve) => {
      const worker: Worker = start({
        name: 'slow',
        attempts: 1,
        backoff: [],
        handle: async () => {
          resolve(worker);
          await held;
          seen.push('finished');
        },
      });
    });
    const stopped = (await running).stop();
    await enqueue('slow');
    release();
    await stopped;
    assert.deepEqual(seen, ['finished']);
    assert.equal(await OutboxRows(kernel.ctx.db).collection.countDocuments({ state: 'due' }), 1);
  });

  it('finishes every recurring task that runs, not only the last one that began', async () => {
    const { db, clock, logger } = kernel.ctx;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const seen: string[] = [];
    let ticks = 0;
    const bothRan = new Promise<void>((resolve) => {
      const slow = { name: 'slow', everyMs: 1, handle: () => held.then(() => void seen.push('finished')) };
      const quick = {
        name: 'quick',
        everyMs: 5,
        handle: async () => {
          ticks += 1;
          if (ticks === 3) resolve();
        },
      };
      const worker = makeWorker(() => ({}), {
        ...{ db, clock, logger, jobs: [], concurrency: 1, leaseMs: 2_000, sweepMs: 20 },
        recurring: [slow, quick],
      });
      workers.push(worker);
      worker.start();
    });
    await bothRan;
    const stopped = (workers.at(-1) as Worker).stop().then(() => void seen.push('stopped'));
    await OutboxRows(db).collection.findOne({}); // a round trip: time enough for a stop that does not wait
    release();
    await stopped;
    assert.deepEqual(seen, ['finished', 'stopped']);
  });
});
