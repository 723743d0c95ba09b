import assert from 'node:assert/strict';
import request from 'supertest';
import { DAY, HOUR } from '../../src/kernel/clock.js';
import { reportJobs } from '../../src/reports/index.js';
import { ANONYMOUS, REPORT, type ReportWorld, reportWorld } from './support.js';

describe('a hold that a stranger asks for', () => {
  let world: ReportWorld;
  beforeEach(async () => {
    world = await reportWorld({ HOLDS_PER_SOURCE_PER_DAY: '3', HOLDS_PER_TARGET_PER_DAY: '1', HOLD_HOURS: '4' });
    world.as(ANONYMOUS);
  });
  afterEach(() => world.close());

  const ask = async (account: object) =>
    (
      await request(world.app)
        .post('/api/reports')
        .send({ ...REPORT, account, requestHold: true })
        .expect(201)
    ).body;
  const held = (accountId: string) => world.count('freezes', { accountId, kind: 'hold' });
  const refusals = async () =>
    (await world.kernel.ctx.db.connection.collection('reports').find({ 'hold.state': 'refused' }).toArray()).map(
      ({ hold }) => hold.because,
    );

  it('answers the same whether the account exists or not, before anybody looked', async () => {
    const { accountId } = await world.simulator.openAccount({ email: 'there@example.org' });
    const there = await ask({ email: 'there@example.org' });
    const nowhere = await ask({ email: 'nowhere@example.org' });
    const shape = ({
      caseNumber: _1,
      trackingLink: _2,
      trackingToken: _3,
      next,
      ...rest
    }: Record<string, unknown>) => ({
      ...rest,
      next: (next as { what: unknown }[]).map(({ what }) => what),
    });
    assert.deepEqual(shape(there), shape(nowhere));
    assert.deepEqual(there.freeze, {
      state: 'hold-asked',
      scopes: ['crypto_withdrawal', 'fiat_withdrawal', 'internal_transfer'],
    });
    assert.equal(await held(accountId), 0);
    await world.work('place-hold');
    assert.equal(await held(accountId), 1);
    assert.deepEqual(await refusals(), ['no-such-account']);
  });

  it('holds withdrawals only, for hours only, once however often the job runs', async () => {
    const { accountId } = await world.customer('owner@example.org');
    await ask({ uid: (await world.simulator.account(accountId)).uid });
    await Promise.all([world.work('place-hold'), world.work('place-hold')]);
    await world.work('place-hold');
    const freezes = await world.kernel.ctx.db.connection.collection('freezes').find({ accountId }).toArray();
    assert.equal(freezes.length, 1);
    const [hold] = freezes;
    assert.deepEqual(hold?.['scopes'], ['crypto_withdrawal', 'fiat_withdrawal', 'internal_transfer']);
    assert.equal(hold?.['expiresAt'] - hold?.['requestedAt'], 4 * 3_600_000);
    assert.equal((await world.kernel.jobs('freeze-account')).length, 1);
    assert.equal(await world.count('cases', { accountId }), 1);
  });

  it('is limited for each target and each source', async () => {
    const { accountId } = await world.simulator.openAccount({ email: 'target@example.org' });
    for (let n = 0; n < 3; n += 1) await ask({ email: 'target@example.org' });
    await world.work('place-hold');
    assert.equal(await held(accountId), 1);
    assert.deepEqual(await refusals(), ['target-limit', 'target-limit']);
    await world.simulator.openAccount({ email: 'another@example.org' });
    await ask({ email: 'another@example.org' });
    await world.work('place-hold');
    assert.deepEqual(await refusals(), ['target-limit', 'target-limit', 'source-limit']);
    world.kernel.ctx.clock.advance(DAY + 1_000);
    await ask({ email: 'target@example.org' });
    await world.work('place-hold');
    assert.equal(await held(accountId), 2);
  });

  it("gives a signed-in person no more over somebody else's account, and no word on whether there is one", async () => {
    const victim = await world.customer('victim@example.org');
    const thief = await world.customer('thief@example.org', 'no-account');
    const told: object[] = [];
    for (const email of ['victim@example.org', 'nowhere@example.org']) {
      const kind = email.startsWith('victim') ? 'unauthorized_trade' : 'account_takeover';
      world.as(thief.actor);
      const body = { ...REPORT, kind, account: { email }, requestHold: true };
      const first = await request(world.app).post('/api/reports').send(body).expect(201);
      await world.work('place-hold');
      const again = await request(world.app)
        .post('/api/reports')
        .set('Reverification', 'r'.repeat(43))
        .send({ ...body, requestHold: false })
        .expect(201);
      assert.equal(again.body.joined, true);
      const seen = await request(world.app).get(`/api/cases/${first.body.caseId}`).expect(200);
      told.push([again.body.freeze, again.body.state, seen.body.freezes, seen.body.state.name]);
    }
    assert.deepEqual(told[0], told[1]);
    assert.equal(await held(victim.accountId), 1);
    assert.equal(await world.count('freezes', { accountId: victim.accountId, kind: 'freeze' }), 0);
    world.as(victim.actor);
    const own = await request(world.app).get('/api/holds').expect(200);
    assert.equal(own.body.holds.length, 1);
  });

  it('waits for the exchange instead of giving up', async () => {
    const { accountId } = await world.simulator.openAccount({ email: 'late@example.org' });
    const away = { ...world.ctx.exchange, findAccount: () => Promise.reject(new Error('away')) };
    const { exchange } = world.ctx;
    await ask({ email: 'late@example.org' });
    Object.assign(world.ctx, { exchange: away });
    await assert.rejects(world.work('place-hold'));
    Object.assign(world.ctx, { exchange });
    await world.work('place-hold');
    assert.equal(await held(accountId), 1);
  });

  it('calls staff when the exchange stays away, and comes back in an hour', async () => {
    const { accountId } = await world.simulator.openAccount({ email: 'much.later@example.org' });
    await ask({ email: 'much.later@example.org' });
    const [row] = await world.kernel.jobs('place-hold');
    const job = reportJobs.find(({ name }) => name === 'place-hold');
    await job?.onFailed?.(world.ctx, row?.payload as never, new Error('away'));
    const rows = await world.kernel.jobs('place-hold');
    assert.equal(rows.at(-1)?.runAt.getTime(), (rows.at(-1)?.createdAt.getTime() ?? 0) + HOUR);
    const pages = (await world.kernel.jobs('send-notice')).filter(
      ({ payload }) => payload['template'] === 'staff-page',
    );
    assert.deepEqual(
      pages.map(({ payload }) => (payload['params'] as { reason: string }).reason),
      ['hold-failed'],
    );
    await world.work('place-hold');
    assert.equal(await held(accountId), 1);
    await job?.onFailed?.(world.ctx, row?.payload as never, new Error('late'));
    assert.equal((await world.kernel.jobs('place-hold')).length, rows.length);
  });
});
