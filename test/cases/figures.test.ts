import assert from 'node:assert/strict';
import { spreadOf } from '../../src/cases/figure-words.js';
import { readFigures } from '../../src/cases/read-figures.js';
import { Cases } from '../../src/cases/store.js';
import { DAY, HOUR } from '../../src/kernel/clock.js';
import { type CaseWorld, caseWorld } from './support.js';

describe('figures', () => {
  let world: CaseWorld;
  let now: number;
  before(async function () {
    this.timeout(60_000);
    world = await caseWorld();
    now = world.ctx.clock.now().getTime();
  });
  after(() => world?.close());

  /** A case as it is stored, opened so long ago, frozen after so many seconds. */
  const put = async (openedAgo: number, state: string, ...frozenAfter: number[]) => {
    const doc = await world.open({});
    const openedAt = new Date(now - openedAgo);
    const entries = frozenAfter.map((seconds) => ({
      at: new Date(openedAt.getTime() + seconds * 1_000),
      event: 'freeze.confirmed',
      by: { kind: 'system', id: 'worker' },
      from: 'freeze-account.requested',
      to: 'freeze-account.frozen',
    }));
    await Cases(world.ctx.db).collection.updateOne(
      { _id: doc._id as never },
      { $set: { openedAt, state }, $push: { history: { $each: entries } as never } },
    );
  };

  it('take ranks, and say nothing where nothing was frozen', () => {
    assert.deepEqual(spreadOf([]), { p50: null, p90: null, p99: null });
    assert.deepEqual(spreadOf([7]), { p50: 7, p90: 7, p99: 7 });
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    assert.deepEqual(spreadOf(hundred), { p50: 50, p90: 90, p99: 99 });
  });

  it('say day by day how long reports took to be frozen, and what is open now, by state and age', async () => {
    await put(2 * DAY, 'freeze-account.frozen', 4, 900);
    await put(2 * DAY, 'closed', 10);
    await put(2 * DAY, 'intake.received');
    await put(HOUR / 2, 'intake.received');
    await put(20 * DAY, 'intake.received', 60);
    const { body } = await world.as(world.staff.compliance).get('/api/figures?days=7&timeZone=UTC').expect(200);
    assert.equal(body.reported, 4);
    assert.equal(body.frozen, 2);
    assert.equal(body.partial, false);
    assert.deepEqual(body.spread, { p50: 4, p90: 10, p99: 10 });
    assert.equal(body.perDay.length, 8);
    const day = new Date(now - 2 * DAY).toISOString().slice(0, 10);
    assert.deepEqual(
      body.perDay.find((one: { day: string }) => one.day === day),
      { day, reported: 3, frozen: 2, p50: 4, p90: 10, p99: 10 },
    );
    const of = (state: string) => body.open.find((one: { state: string }) => one.state === state);
    assert.deepEqual(of('intake.received').ages, {
      'under-1h': 1,
      'under-1d': 0,
      'under-3d': 1,
      'under-7d': 0,
      'over-7d': 1,
    });
    assert.equal(of('intake.received').total, 3);
    assert.equal(of('freeze-account.frozen').total, 1);
    assert.equal(of('closed'), undefined);
    const long = await readFigures(world.ctx, { days: 30, timeZone: 'Asia/Shanghai' });
    assert.deepEqual([long.reported, long.frozen], [5, 3]);
  });

  it('are nobody’s but staff’s, and want a period and a zone that there are', async () => {
    const { actor } = await world.customer();
    await world.as(actor).get('/api/figures').expect(403);
    await world.as(world.staff.agent).get('/api/figures?days=8').expect(400);
    const answer = await world.as(world.staff.agent).get('/api/figures?timeZone=Mars/Olympus').expect(400);
    assert.equal(answer.body.code, 'figures_zone_not_valid');
  });
});
