import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { AuditLogs, AuditPending, AuditTiles, readLog } from '../../src/audit/log-store.js';
import { treeOf } from '../../src/audit/tree.js';
import { movableClock } from '../../src/kernel/clock.js';
import { Accumulator, equal, verifyCheckpoint, verifyConsistency, verifyInclusion } from '../../src/proof/index.js';
import { nodePrimitives } from '../../src/proof/node.js';
import { type LogFixture, logFixture, ORIGIN } from './log-fixture.js';

describe('the sequencer', () => {
  let fixture: LogFixture;
  beforeEach(async () => {
    fixture = await logFixture({ leaseMs: 100 });
  });
  afterEach(() => fixture.close());

  /** Everything that must be true of a log, whatever happened to those who wrote it. */
  async function assertWhole({ kernel, log, events, entries, checkpoints }: LogFixture): Promise<void> {
    const { db } = kernel.ctx;
    const [rows, places, notes] = [await events(), await entries(), await checkpoints()];
    assert.deepEqual(
      places.map(({ _id }) => _id),
      places.map((_, n) => n),
      'indices without a gap',
    );
    assert.deepEqual(places.map(({ event }) => event).toSorted(), rows.map(({ _id }) => _id).toSorted());
    const leaves = new Map(rows.map(({ _id, leafHash }) => [_id, leafHash]));
    const sum = new Accumulator(nodePrimitives);
    const roots = [await sum.root()];
    for (const { event } of places) {
      await sum.append(leaves.get(event) as Uint8Array);
      roots.push(await sum.root());
    }
    const { all } = await log.keys();
    for (const { _id: size, note } of notes) {
      const checkpoint = await verifyCheckpoint(nodePrimitives, note, all);
      assert.equal(checkpoint.origin, ORIGIN);
      assert.equal(checkpoint.size, size);
      assert.ok(equal(checkpoint.root, roots[size] as Uint8Array), `root at ${size}`);
    }
    const state = await readLog(db);
    assert.equal(state?.size, places.length);
    assert.equal(state?.signed, places.length);
    assert.equal(notes.at(-1)?._id, places.length);
    assert.equal(await AuditPending(db).countDocuments(), 0);
  }

  it('signs an empty log, and again only when there is something new', async () => {
    assert.equal((await fixture.log.tick()).signed?.size, 0);
    assert.equal((await fixture.log.tick()).signed, undefined);
    await fixture.act(3);
    assert.deepEqual((await fixture.log.tick()).sequenced, 3);
    assert.deepEqual(
      (await fixture.checkpoints()).map(({ _id }) => _id),
      [0, 3],
    );
    await assertWhole(fixture);
  });

  it('keeps the events of an act side by side, in their order', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, n) => fixture.act(1 + (n % 4))));
    await fixture.log.tick();
    const events = new Map((await fixture.events()).map((event) => [event._id, event]));
    const order = (await fixture.entries()).map(({ event }) =>
      Number(JSON.parse(Buffer.from(events.get(event)?.bytes ?? []).toString()).facts.n),
    );
    for (const [at, n] of order.entries()) if (n > 0) assert.equal(order[at - 1], n - 1);
    await assertWhole(fixture);
  });

  it('grows over more than one tile, with roots and proofs from a few tiles at every size', async function () {
    this.timeout(300_000);
    for (const events of [1, 1, 253, 1, 1, 255, 300, 700]) {
      await fixture.act(events);
      await fixture.log.tick();
    }
    await assertWhole(fixture);
    let reads = 0;
    const { db } = fixture.kernel.ctx;
    const tree = treeOf(db);
    const counting = treeOf(db, async (wanted) => {
      reads += wanted.length;
      const rows = await AuditTiles(db)
        .collection.find(
          { _id: { $in: wanted.map(({ level, n }) => `${level}/${n}`) as never[] } },
          { promoteBuffers: true },
        )
        .toArray();
      return new Map(rows.map((row) => [String(row._id), row['hashes'] as Uint8Array]));
    });
    const leaves = new Map((await fixture.events()).map(({ _id, leafHash }) => [_id, leafHash]));
    const order = (await fixture.entries()).map(({ event }) => leaves.get(event) as Uint8Array);
    const last = order.length;
    for (const size of [1, 2, 255, 256, 257, 511, 512, 513, 1_000, last]) {
      const root = await tree.root(size);
      for (const index of [0, 1, 254, 255, 256, 257, 511, 512, size - 1].filter((one) => one < size)) {
        const proof = await counting.inclusion(index, size);
        const leaf = order[index] as Uint8Array;
        assert.ok(await verifyInclusion(nodePrimitives, { index, size, leaf, proof, root }), `${index} in ${size}`);
        assert.ok(reads <= 4, `${reads} tiles for one proof`);
        reads = 0;
      }
      const proof = await tree.consistency(size, last);
      const secondRoot = await tree.root(last);
      const given = { first: size, second: last, firstRoot: root, secondRoot, proof };
      assert.ok(await verifyConsistency(nodePrimitives, given), `${size} to ${last}`);
    }
  });

  it('takes more than a batch at once', async function () {
    this.timeout(300_000);
    for (let n = 0; n < 5; n += 1) await fixture.act(450);
    assert.equal((await fixture.log.tick()).sequenced, 2_250);
    await assertWhole(fixture);
  });

  it('places an act that was begun before others and committed after them', async () => {
    let commit = () => {};
    const mayCommit = new Promise<void>((resolve) => {
      commit = resolve;
    });
    let begun = () => {};
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const { testActor } = await import('../support/kernel.js');
    const late = fixture.kernel.ctx.transact(testActor(), async (tx) => {
      tx.record({ action: 'case.opened' });
      begun();
      await mayCommit;
    });
    await hasBegun;
    await fixture.act(2);
    await fixture.log.tick();
    commit();
    await late;
    await fixture.log.tick();
    assert.equal((await fixture.entries()).length, 3);
    await assertWhole(fixture);
  });

  it('is done by one of two at a time, and by the other when the first is paused; who wakes is fenced off', async () => {
    const second = await fixture.another();
    await fixture.act(2);
    await fixture.log.tick();
    await fixture.act(2);
    assert.equal((await second.tick()).sequenced, 0, 'the first still has it');
    await delay(120);
    assert.equal((await second.tick()).sequenced, 2, 'a lease without a sign of life is taken over');
    await fixture.act(1);
    assert.equal((await fixture.log.tick()).sequenced, 0, 'who was paused has lost it');
    assert.equal((await second.tick()).sequenced, 1);
    assert.equal((await readLog(fixture.kernel.ctx.db))?.epoch, 2);
    await assertWhole(fixture);
  });

  it('is let go by who stops, after what waited was done', async () => {
    const second = await fixture.another({ leaseMs: 60_000 });
    await fixture.log.tick();
    await fixture.act(2);
    await fixture.log.stop();
    await assertWhole(fixture);
    await fixture.act(1);
    assert.equal((await second.tick()).sequenced, 1);
    await assertWhole(fixture);
  });

  it('holds with two who both believe that they may, with clocks 90 s apart, while acts go on', async function () {
    this.timeout(300_000);
    const ahead = movableClock();
    ahead.advance(90_000);
    const two = [await fixture.another({ leaseMs: 0 }), await fixture.another({ leaseMs: 0, clock: ahead })];
    let acting = true;
    const acts = Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let n = 0; n < 25; n += 1) await fixture.act(1 + (n % 3));
      }),
    ).finally(() => {
      acting = false;
    });
    const ticks = two.map(async (log) => {
      while (acting) await log.tick();
    });
    await Promise.all([acts, ...ticks]);
    for (let n = 0; n < 5; n += 1) await two[n % 2]?.tick();
    assert.ok(((await readLog(fixture.kernel.ctx.db))?.epoch ?? 0) > 2, 'it was taken over');
    await assertWhole(fixture);
  });

  it('is not held up by rows that no act wrote', async () => {
    const { db } = fixture.kernel.ctx;
    await fixture.act(1);
    await fixture.log.tick();
    const [event] = await fixture.events();
    const rows = [
      { _id: 'event_0', events: 'x', leaves: 1 },
      { _id: 'event_1', events: [event?._id], leaves: Buffer.alloc(32) },
      { _id: 'event_2', events: ['event_2'], leaves: Buffer.alloc(31) },
    ];
    await AuditPending(db).collection.insertMany(rows as never[]);
    await fixture.act(2);
    assert.equal((await fixture.log.tick()).sequenced, 2);
    await assertWhole(fixture);
  });

  const damages: Record<string, (fixture: LogFixture) => Promise<unknown>> = {
    'a tile was altered': async ({ kernel }) => {
      const tiles = AuditTiles(kernel.ctx.db).collection;
      const tile = await tiles.findOne({ _id: '0/0' as never }, { promoteBuffers: true });
      const hashes = Buffer.from(tile?.['hashes'] as Uint8Array);
      hashes[0] = (hashes[0] as number) ^ 1;
      return tiles.updateOne({ _id: '0/0' as never }, { $set: { hashes } });
    },
    'a tile was taken away': async ({ kernel }) =>
      AuditTiles(kernel.ctx.db).collection.deleteOne({ _id: '0/0' as never }),
    'a checkpoint was replaced': async ({ kernel, checkpoints }) => {
      const [first, second] = await checkpoints();
      const collection = kernel.ctx.db.connection.collection('auditCheckpoints');
      return collection.updateOne({ _id: second?._id as never }, { $set: { note: first?.note } });
    },
    'the log was cut back': async ({ kernel }) => {
      const { connection } = kernel.ctx.db;
      await connection.collection('auditCheckpoints').deleteMany({ _id: { $gt: 0 as never } });
      await connection.collection('auditEntries').deleteMany({});
      await connection.collection('auditTiles').deleteMany({});
      return AuditLogs(kernel.ctx.db).collection.updateOne({ _id: 'log' as never }, { $set: { size: 0, signed: 0 } });
    },
    'the end of the log was moved': async ({ kernel }) =>
      AuditLogs(kernel.ctx.db).collection.updateOne({ _id: 'log' as never }, { $set: { size: 2 } }),
    'the row that says where it ends is gone': async ({ kernel }) =>
      AuditLogs(kernel.ctx.db).collection.deleteOne({ _id: 'log' as never }),
  };
  for (const [what, damage] of Object.entries(damages)) {
    it(`signs nothing once ${what}, and calls once`, async () => {
      const told: string[] = [];
      const log = await fixture.another({ onDamage: async ({ message }) => void told.push(message) });
      await log.tick();
      await fixture.act(3);
      await log.tick();
      await damage(fixture);
      const before = (await fixture.checkpoints()).length;
      await fixture.act(1);
      for (let n = 0; n < 3; n += 1) {
        assert.equal((await log.tick()).signed, undefined);
        await delay(110);
      }
      assert.equal((await fixture.checkpoints()).length, before);
      assert.equal(told.length, 1, told.join());
    });
  }
});
