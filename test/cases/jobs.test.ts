import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { caseJobs } from '../../src/cases/index.js';
import { HOUR } from '../../src/kernel/clock.js';
import type { Payload } from '../../src/kernel/jobs.js';
import { type CaseWorld, caseWorld, REASON } from './support.js';

/** Holds transactions at their end until all have got there, or one has had to begin again, or waits for another's lock. */
function meeting(people: number) {
  let begun = 0;
  let there = 0;
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    begin: () => {
      begun += 1;
      if (begun > people) open();
    },
    reach: () => {
      there += 1;
      if (there >= people) open();
      return Promise.race([gate, delay(1_000)]);
    },
  };
}

describe('jobs of cases', () => {
  let world: CaseWorld;
  before(async () => {
    world = await caseWorld({}, 300);
  });
  after(() => world.close());
  afterEach(() => world.simulator.reset());

  const jobOf = (name: string) => caseJobs.find((job) => job.name === name) ?? assert.fail(name);
  const run = (name: string, payload: Payload, attempt = 1) =>
    jobOf(name).handle(world.ctx, payload, { attempt, jobId: `job_${attempt}` });
  const freezeOf = async (caseId: string) =>
    (await world.as(world.staff.agent).get(`/api/cases/${caseId}`).expect(200)).body.freezes[0];
  const once = async (accountId: string, effect: string) => {
    const subjects = (await world.simulator.ledger(accountId))
      .filter((one) => one.effect === effect)
      .map(({ subject }) => subject);
    assert.ok(subjects.length > 0, effect);
    assert.equal(subjects.length, new Set(subjects).size, effect);
  };

  it('freeze once and tell once, however often the freeze job runs', async () => {
    const { doc, accountId } = await world.frozen();
    const { freezeId } = await freezeOf(doc._id);
    await Promise.all([run('freeze-account', { freezeId }), run('freeze-account', { freezeId }, 2)]);
    await world.settle();
    const after = await world.case(doc._id);
    assert.deepEqual(
      after.history.map(({ event }) => event),
      ['case.opened', 'freeze.confirmed'],
    );
    await once(accountId, 'scope_frozen');
    const told = world.mails.filter(
      ({ template, params }) => template === 'freeze-confirmed' && params.caseNumber === doc.number,
    );
    assert.equal(told.length, 1);
  });

  it('freeze once when two workers carry out the same freeze at the same moment', async () => {
    const { actor, accountId } = await world.customer();
    const doc = await world.open({ customerId: actor.id, accountId, reverified: true }, actor);
    const { freezeId } = await freezeOf(doc._id);
    await Promise.all([run('freeze-account', { freezeId }), run('freeze-account', { freezeId }), world.settle()]);
    assert.equal((await world.case(doc._id)).state, 'freeze-account.frozen');
    assert.equal((await world.case(doc._id)).history.filter(({ event }) => event === 'freeze.confirmed').length, 1);
    await once(accountId, 'scope_frozen');
  });

  it('undo no release and no closing when they come again late', async () => {
    const { doc, accountId } = await world.proven();
    const { freezeId } = await freezeOf(doc._id);
    const { path } = await world.propose(doc._id);
    world.ctx.clock.advance(25 * HOUR);
    await world.as(world.staff.approver).post(`${path}/approval`).expect(202);
    await world.settle();
    const closed = await world.case(doc._id);
    await run('release-account', { freezeId }, 3);
    await run('freeze-account', { freezeId }, 3);
    await run('expire-release', { caseId: doc._id, approvalId: path.split('/').at(-1) ?? '' });
    await world.settle();
    assert.deepEqual(await world.case(doc._id), closed);
    assert.equal(await world.simulator.attempt(accountId, 'trading'), true);
    await once(accountId, 'scope_released');
  });

  it('keep a remedy that nobody confirmed pending, and do it once', async () => {
    const { doc, accountId } = await world.proven();
    await world.simulator.fail(
      { fail: 'drop_after_commit', on: ['revoke_sessions'], times: 1 },
      { fail: 'drop', on: ['read_operation'], times: 2 },
    );
    await world
      .as(world.staff.analyst)
      .plain(`/api/cases/${doc._id}/remedies`, { kinds: ['revoke_sessions'] })
      .expect(202);
    await world.settle();
    const { body } = await world.as(world.staff.analyst).get(`/api/cases/${doc._id}`).expect(200);
    assert.equal(body.remedies[0].state, 'unconfirmed');
    const again = await world
      .as(world.staff.analyst)
      .plain(`/api/cases/${doc._id}/remedies`, { kinds: ['revoke_sessions'] })
      .expect(409);
    assert.equal(again.body.code, 'remedy_under_way');
    for (let tries = 0; tries < 4; tries += 1) {
      world.ctx.clock.advance(HOUR);
      await world.settle();
    }
    assert.equal((await world.case(doc._id)).history.at(-1)?.event, 'remedy.done');
    await once(accountId, 'session_revoked');
  });

  it('call staff for a remedy of which the exchange did only a part, and let it be ordered again', async () => {
    const { doc } = await world.proven();
    const path = `/api/cases/${doc._id}`;
    const order = { kinds: ['revoke_sessions'] };
    await world.as(world.staff.analyst).plain(`${path}/remedies`, order).expect(202);
    await world.settle();
    const { body } = await world.as(world.staff.analyst).get(path).expect(200);
    const { receipt, remedyId } = body.remedies[0];
    await world.ctx.db.connection
      .collection('remedies')
      .updateOne({ _id: remedyId }, { $set: { state: 'ordered', ended: [] }, $unset: { receipt: '', doneAt: '' } });
    const partial = { ...receipt, applied: ['session-1'], missing: ['session-2'] };
    const exchange: typeof world.ctx.exchange = {
      ...world.ctx.exchange,
      remedy: async ({ operationId }) => ({
        state: 'partial',
        operationId,
        receipt: partial,
        applied: partial.applied,
        missing: partial.missing,
      }),
    };
    await jobOf('carry-out-remedy').handle({ ...world.ctx, exchange }, { remedyId }, { attempt: 1, jobId: 'job_1' });
    await world.settle();
    const { body: after } = await world.as(world.staff.analyst).get(path).expect(200);
    assert.deepEqual([after.remedies[0].state, after.remedies[0].ended], ['failed', ['session-1']]);
    const pages = world.mails.filter(({ params }) => params.caseNumber === doc.number && params.reason !== undefined);
    assert.deepEqual(
      pages.map(({ params }) => params.reason),
      ['remedy-partial'],
    );
    await world.as(world.staff.analyst).plain(`${path}/remedies`, order).expect(202);
    await world.settle();
  });

  it('take an answer to an older call of a release for nothing at all', async () => {
    const { doc, accountId } = await world.proven();
    const { freezeId } = await freezeOf(doc._id);
    const { path } = await world.propose(doc._id);
    world.ctx.clock.advance(25 * HOUR);
    await world.simulator.fail({ fail: 'error_500', on: ['release'], times: 1 });
    await world.as(world.staff.approver).post(`${path}/approval`).expect(202);
    const exchange: typeof world.ctx.exchange = {
      ...world.ctx.exchange,
      release: async ({ operationId }) => {
        await world.ctx.db.connection
          .collection('freezes')
          .updateOne({ _id: freezeId }, { $set: { 'release.operationId': `${operationId}_newer` } });
        return { state: 'confirmed', operationId, receipt: {} as never };
      },
    };
    await assert.rejects(
      jobOf('release-account').handle({ ...world.ctx, exchange }, { freezeId }, { attempt: 1, jobId: 'job_1' }),
    );
    assert.equal((await world.case(doc._id)).state, 'resolve.release-pending');
    assert.equal(await world.simulator.attempt(accountId, 'trading'), false);
    await world.settle();
  });

  for (const [name, id] of [
    ['freeze-account', 'freezeId'],
    ['release-account', 'freezeId'],
  ] as const)
    it(`${name}: calls staff and comes back in an hour when every try has failed`, async () => {
      const { doc } = await world.frozen();
      const { freezeId } = await freezeOf(doc._id);
      const before = (await world.kernel.jobs(name)).length;
      await jobOf(name).onFailed?.(world.ctx, { [id]: freezeId }, new Error('silence'));
      const rows = await world.kernel.jobs(name);
      assert.equal(rows.length, before + 1);
      assert.equal(rows.at(-1)?.runAt.getTime(), (rows.at(-1)?.createdAt.getTime() ?? 0) + HOUR);
      await world.settle();
      const pages = world.mails.filter(
        ({ template, params }) => template === 'staff-page' && params.caseNumber === doc.number,
      );
      assert.equal(pages.length, 1);
    });

  it('close a case whose last two freezes are confirmed at the same moment', async () => {
    const { doc } = await world.proven();
    const path = `/api/cases/${doc._id}`;
    await world.as(world.staff.analyst).post(`${path}/freezes`, REASON).expect(202);
    await world.settle();
    const { path: proposal } = await world.propose(doc._id);
    world.ctx.clock.advance(25 * HOUR);
    await world.simulator.fail({ fail: 'error_500', on: ['release'], times: 2 });
    await world.as(world.staff.approver).post(`${proposal}/approval`).expect(202);
    await world.settle();
    const { body } = await world.as(world.staff.agent).get(path).expect(200);
    const meet = meeting(2);
    const ctx: typeof world.ctx = {
      ...world.ctx,
      transact: (actor, work) =>
        world.ctx.transact(actor, async (tx) => {
          meet.begin();
          const result = await work(tx);
          await meet.reach();
          return result;
        }),
    };
    await Promise.all(
      (body.freezes as { freezeId: string }[]).map(({ freezeId }) =>
        jobOf('release-account').handle(ctx, { freezeId }, { attempt: 2, jobId: freezeId }),
      ),
    );
    assert.equal((await world.case(doc._id)).state, 'closed');
  });

  it('call nobody when a freeze or hold that never held anything runs out, and close nothing again', async () => {
    const { actor, accountId } = await world.customer();
    const doc = await world.open({ customerId: actor.id, accountId, hold: true }, actor);
    await world.settle();
    await world.ctx.db.connection
      .collection('freezes')
      .updateOne({ caseId: doc._id }, { $set: { state: 'failed', refusalCode: 'scopes_unavailable', applied: [] } });
    const before = world.mails.length;
    world.ctx.clock.advance(7 * 24 * HOUR);
    await world.expire();
    assert.equal((await freezeOf(doc._id)).state, 'released');
    assert.deepEqual(
      world.mails.slice(before).filter(({ params }) => params.caseNumber === doc.number),
      [],
    );
  });

  it('tell-owner: goes on until the hold is over, and staff hear that the owner has not', async () => {
    const { actor, accountId } = await world.customer();
    const doc = await world.open({ customerId: actor.id, accountId, hold: true }, actor);
    await world.settle();
    const { freezeId } = await freezeOf(doc._id);
    await jobOf('tell-owner').onFailed?.(world.ctx, { freezeId }, new Error('silence'));
    assert.equal((await world.kernel.jobs('tell-owner')).length, 1);
    await world.settle();
    const reasons = () =>
      world.mails.filter(({ params }) => params.caseNumber === doc.number).map(({ params }) => params.reason);
    assert.ok(reasons().includes('owner-not-told'));
    await world.as(actor).post(`/api/holds/${freezeId}/cancellation`).expect(204);
    await world.settle();
    await jobOf('tell-owner').onFailed?.(world.ctx, { freezeId }, new Error('silence'));
    assert.equal((await world.kernel.jobs('tell-owner')).length, 1);
    const told = (await world.simulator.account(accountId)).messages.length;
    world.ctx.clock.advance(2 * HOUR);
    await world.settle();
    assert.equal((await world.simulator.account(accountId)).messages.length, told);
    assert.equal(reasons().filter((reason) => reason === 'owner-not-told').length, 1);
  });

  it('release an account only once no other case holds it', async () => {
    const first = await world.proven();
    const second = await world.open(
      { kind: 'phishing', customerId: first.customer.id, accountId: first.accountId, reverified: true },
      first.customer,
    );
    await world.settle();
    const { path } = await world.propose(first.doc._id);
    world.ctx.clock.advance(25 * HOUR);
    await world.as(world.staff.approver).post(`${path}/approval`).expect(202);
    await world.settle();
    assert.equal((await world.case(first.doc._id)).state, 'closed');
    assert.equal((await world.case(second._id)).state, 'freeze-account.frozen');
    assert.equal(await world.simulator.attempt(first.accountId, 'crypto_withdrawal'), false);
    assert.equal(await world.simulator.attempt(first.accountId, 'trading'), true); // phishing does not freeze trading
    const told = world.mails.find(
      ({ template, params }) => template === 'account-released' && params.caseNumber === first.doc.number,
    );
    assert.deepEqual(told?.params.scopes, ['trading']);
    assert.ok(told?.params.remaining?.includes('crypto_withdrawal'));
  });
});
