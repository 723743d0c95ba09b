import assert from 'node:assert/strict';
import { HOUR } from '../../src/kernel/clock.js';
import { type CaseWorld, caseWorld, REASON } from './support.js';

describe('freezing', () => {
  let world: CaseWorld;
  before(async () => {
    world = await caseWorld({}, 300);
  });
  after(() => world.close());
  afterEach(() => world.simulator.reset());

  const waiting = async () => {
    const { actor, accountId } = await world.customer();
    const doc = await world.open({ customerId: actor.id, accountId }, actor);
    return { path: `/api/cases/${doc._id}`, id: doc._id, actor, accountId };
  };
  const pages = (reason: string, number: string) =>
    world.mails.filter(({ params }) => params.reason === reason && params.caseNumber === number).length;

  it('lets an agent freeze for a day and not for longer', async () => {
    const { path, id, accountId } = await waiting();
    const refused = await world
      .as(world.staff.agent)
      .post(`${path}/freezes`, { hours: 25, ...REASON })
      .expect(403);
    assert.deepEqual([refused.body.code, refused.body.mostHours], ['too_long', 24]);
    const { body } = await world
      .as(world.staff.agent)
      .post(`${path}/freezes`, { scopes: ['trading'], ...REASON })
      .expect(202);
    assert.equal(body.state.name, 'freeze-account.requested');
    assert.equal(Date.parse(body.freezes[0].expiresAt) - Date.parse(body.freezes[0].requestedAt), 24 * HOUR);
    await world.settle();
    assert.equal((await world.case(id)).state, 'freeze-account.frozen');
    assert.equal(await world.simulator.attempt(accountId, 'trading'), false);
    assert.equal(await world.simulator.attempt(accountId, 'crypto_withdrawal'), true);
  });

  it('lets agents freeze one account for one day in a week, whoever they are and in whichever case', async () => {
    const { path, actor, accountId } = await waiting();
    const order = (by = world.staff.agent, body: object = {}, to = path) =>
      world.as(by).post(`${to}/freezes`, { ...body, ...REASON });
    await order(world.staff.agent, { hours: 2 }).expect(202);
    await world.settle();
    world.ctx.clock.advance(3 * HOUR);
    await world.expire();
    const refused = await order(world.staff.agent, { hours: 24 }).expect(403);
    assert.deepEqual([refused.body.code, refused.body.mostHours], ['too_long', 21 - 1]);
    await order(world.staff.agent).expect(202);
    await world.settle();
    world.ctx.clock.advance(24 * HOUR);
    await world.expire();
    assert.equal((await order().expect(403)).body.code, 'analyst_needed');
    const other = await world.open({ kind: 'phishing', customerId: actor.id, accountId }, actor);
    assert.equal(
      (await order(world.staff.agent, {}, `/api/cases/${other._id}`).expect(403)).body.code,
      'analyst_needed',
    );
    await order(world.staff.analyst).expect(202);
    await world.settle();
    world.ctx.clock.advance(8 * 24 * HOUR);
    await world.expire();
    await order().expect(202);
  });

  it('lets an analyst extend it, never earlier than it ends already', async () => {
    const { path } = await waiting();
    const { body } = await world.as(world.staff.agent).post(`${path}/freezes`, REASON).expect(202);
    await world.settle();
    const extension = `${path}/freezes/${body.freezes[0].freezeId}/extensions`;
    await world
      .as(world.staff.agent)
      .post(extension, { hours: 48, ...REASON })
      .expect(403);
    const { body: after } = await world
      .as(world.staff.analyst)
      .post(extension, { hours: 48, ...REASON })
      .expect(200);
    assert.ok(after.freezes[0].expiresAt > body.freezes[0].expiresAt);
    await world
      .as(world.staff.analyst)
      .post(extension, { hours: 1, ...REASON })
      .expect(409);
    await world
      .as(world.staff.analyst)
      .post(extension, { hours: 169, ...REASON })
      .expect(403);
    await world
      .as(world.staff.analyst)
      .post(`${path}/freezes/freeze_${'0'.repeat(24)}/extensions`, { hours: 4, ...REASON })
      .expect(404);
  });

  it('goes back to intake and calls staff when the last freeze expires', async () => {
    const { path, id, accountId } = await waiting();
    await world
      .as(world.staff.agent)
      .post(`${path}/freezes`, { hours: 1, ...REASON })
      .expect(202);
    await world.settle();
    world.ctx.clock.advance(2 * HOUR);
    await world.expire();
    const doc = await world.case(id);
    assert.equal(doc.state, 'intake.triaged');
    assert.equal(pages('freeze-expired', doc.number), 1);
    assert.equal(await world.simulator.attempt(accountId, 'crypto_withdrawal'), true);
  });

  it('is unconfirmed when the exchange did it and did not say so, pages once, reads back and is frozen once', async () => {
    await world.simulator.fail(
      { fail: 'timeout_after_commit', on: ['freeze'], times: 1 },
      { fail: 'error_500', on: ['read_operation'], times: 2 },
    );
    const { path, id, accountId } = await waiting();
    await world.as(world.staff.analyst).post(`${path}/freezes`, REASON).expect(202);
    await world.settle();
    const unconfirmed = await world.case(id);
    assert.equal(unconfirmed.state, 'freeze-account.unconfirmed');
    for (let tries = 0; tries < 4; tries += 1) {
      world.ctx.clock.advance(HOUR / 60);
      await world.settle();
    }
    assert.equal((await world.case(id)).state, 'freeze-account.frozen');
    assert.equal(pages('freeze-unconfirmed', unconfirmed.number), 1);
    const frozen = (await world.simulator.ledger(accountId)).filter(({ effect }) => effect === 'scope_frozen');
    assert.equal(frozen.length, new Set(frozen.map(({ subject }) => subject)).size);
  });

  it('says what is not frozen, and becomes frozen by asking again', async () => {
    await world.simulator.fail({ fail: 'partial', scopes: ['trading'], on: ['freeze'], times: 1 });
    const { path, id, accountId } = await waiting();
    await world.as(world.staff.analyst).post(`${path}/freezes`, REASON).expect(202);
    await world.settle();
    const { body } = await world.as(world.staff.analyst).get(path).expect(200);
    assert.equal(body.state.name, 'freeze-account.partly-frozen');
    assert.deepEqual(body.freezes[0].missing, ['trading']);
    assert.equal(pages('freeze-partial', body.number), 1);
    await world.as(world.staff.agent).post(`${path}/freezes/${body.freezes[0].freezeId}/retries`).expect(202);
    await world.settle();
    assert.equal((await world.case(id)).state, 'freeze-account.frozen');
    assert.equal(await world.simulator.attempt(accountId, 'trading'), false);
  });

  it('says frozen only when every scope of every freeze is, and does not forget one when another is refused', async () => {
    const { path, id } = await waiting();
    const ask = async (scopes: string[]) => {
      await world
        .as(world.staff.analyst)
        .post(`${path}/freezes`, { scopes, ...REASON })
        .expect(202);
      await world.settle();
      return (await world.case(id)).state;
    };
    await world.simulator.fail({ fail: 'partial', scopes: ['trading'], on: ['freeze'], times: 1 });
    assert.equal(await ask(['trading', 'api_keys']), 'freeze-account.partly-frozen');
    await world.simulator.fail({ fail: 'partial', scopes: ['sign_in'], on: ['freeze'], times: 1 });
    assert.equal(await ask(['sign_in']), 'freeze-account.partly-frozen'); // all of it was refused
    const { number } = await world.case(id);
    const told = world.mails.filter(({ params }) => params.caseNumber === number).map(({ template }) => template);
    assert.ok(told.includes('freeze-refused'), 'the customer must not believe that it is frozen');
    assert.equal(await ask(['address_book']), 'freeze-account.partly-frozen'); // trading is still open
    assert.equal(await ask(['trading']), 'freeze-account.frozen');
  });

  it('stays partly frozen when the exchange refuses to do the rest', async () => {
    const { path, id, accountId } = await waiting();
    await world.simulator.fail({ fail: 'partial', scopes: ['trading'], on: ['freeze'], times: 1 });
    await world
      .as(world.staff.analyst)
      .post(`${path}/freezes`, { scopes: ['trading', 'api_keys'], ...REASON })
      .expect(202);
    await world.settle();
    const { body } = await world.as(world.staff.analyst).get(path).expect(200);
    await world.simulator.fail({ fail: 'partial', scopes: ['trading', 'api_keys'], on: ['freeze'], times: 1 });
    await world.as(world.staff.agent).post(`${path}/freezes/${body.freezes[0].freezeId}/retries`).expect(202);
    await world.settle();
    assert.equal(await world.simulator.attempt(accountId, 'api_keys'), false);
    const { body: after } = await world.as(world.staff.analyst).get(path).expect(200);
    assert.deepEqual(
      [after.state.name, after.freezes[0].state, after.freezes[0].applied, after.freezes[0].missing],
      ['freeze-account.partly-frozen', 'partial', ['api_keys'], ['trading']],
    );
    assert.equal(pages('freeze-partial', (await world.case(id)).number), 2);
    const closing = { outcome: 'no-loss', ...REASON };
    const refused = await world.as(world.staff.analyst).plain(`${path}/closing`, closing).expect(409);
    assert.equal(refused.body.because, 'still_frozen');
  });

  it('goes back to intake and calls staff when the exchange refuses', async () => {
    const { actor } = await world.customer();
    const doc = await world.open({ customerId: actor.id, accountId: 'acct_nobody', reverified: true }, actor);
    await world.settle();
    assert.equal((await world.case(doc._id)).state, 'intake.triaged');
    assert.equal(pages('freeze-failed', doc.number), 1);
  });

  it('keeps a late answer from moving a case that staff have taken on', async () => {
    await world.simulator.fail({ fail: 'partial', scopes: ['trading'], on: ['freeze'], times: 1 });
    const { path, id } = await waiting();
    await world.as(world.staff.analyst).post(`${path}/freezes`, REASON).expect(202);
    await world.settle();
    await world.as(world.staff.analyst).plain(`${path}/freeze-waiver`, REASON).expect(200);
    assert.equal((await world.case(id)).state, 'verify-identity.pending');
    await world.expire();
    assert.equal((await world.case(id)).state, 'verify-identity.pending');
  });

  it('refuses to freeze without an account until staff have linked one, and never changes it', async () => {
    const { accountId } = await world.customer();
    const account = await world.simulator.account(accountId);
    const doc = await world.open({});
    const path = `/api/cases/${doc._id}`;
    assert.equal(
      (await world.as(world.staff.agent).post(`${path}/freezes`, REASON).expect(422)).body.code,
      'no_account',
    );
    await world.as(world.staff.agent).plain(`${path}/account`, { uid: 'nobody-has-this' }).expect(404);
    const { body } = await world.as(world.staff.agent).plain(`${path}/account`, { uid: account.uid }).expect(200);
    assert.equal(body.accountId, accountId);
    await world.as(world.staff.agent).plain(`${path}/account`, { uid: account.uid }).expect(409);
    await world.as(world.staff.agent).post(`${path}/freezes`, REASON).expect(202);
  });

  it('keeps nobody working on a case of their own', async () => {
    const agent = world.staff.agent;
    const doc = await world.open({ customerId: agent.id });
    for (const call of [
      world.as(agent).plain(`/api/cases/${doc._id}/triage`, { note: 'read it' }),
      world.as(agent).post(`/api/cases/${doc._id}/freezes`, REASON),
    ])
      assert.equal((await call.expect(403)).body.code, 'own_case');
  });

  it('answers an event the state does not allow with what it allows', async () => {
    const { doc } = await world.frozen();
    const { body } = await world
      .as(world.staff.agent)
      .plain(`/api/cases/${doc._id}/triage`, { note: 'late' })
      .expect(409);
    assert.equal(body.code, 'event_not_allowed');
    assert.deepEqual([body.state, body.event, body.because], ['freeze-account.frozen', 'case.triaged', null]);
    assert.deepEqual([...body.allowed].sort(), [
      'freeze.requested',
      'identity.check-started',
      'identity.requested',
      'remedy.ordered',
    ]);
  });

  it('lets one of two acts at the same moment win', async () => {
    const { path, id } = await waiting();
    const answers = await Promise.all([
      world.as(world.staff.agent).plain(`${path}/triage`, { note: 'mine' }),
      world.as(world.staff.analyst).plain(`${path}/triage`, { note: 'no, mine' }),
    ]);
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409]);
    assert.equal((await world.case(id)).history.filter(({ event }) => event === 'case.triaged').length, 1);
  });

  it("links no account to a customer's case that is somebody else's, nor another than their own", async () => {
    const victim = await world.customer();
    const thief = await world.person(['customer']);
    const other = await world.simulator.openAccount({ email: 'other@example.org' });
    const uidOf = async (accountId: string) => (await world.simulator.account(accountId)).uid;
    const named = await world.open({ customerId: thief.id }, thief);
    const owned = await world.open({ customerId: victim.actor.id }, victim.actor);
    for (const [doc, uid] of [
      [named, await uidOf(victim.accountId)],
      [owned, other.uid],
    ] as const) {
      const refused = await world.as(world.staff.agent).plain(`/api/cases/${doc._id}/account`, { uid }).expect(409);
      assert.equal(refused.body.code, 'account_of_another');
    }
    for (const [doc, uid] of [
      [named, other.uid],
      [owned, await uidOf(victim.accountId)],
    ] as const)
      await world.as(world.staff.agent).plain(`/api/cases/${doc._id}/account`, { uid }).expect(200);
  });
});
