import assert from 'node:assert/strict';
import { checkWorkflows } from '../../src/cases/index.js';
import { DAY } from '../../src/kernel/clock.js';
import { type CaseWorld, caseWorld, REASON } from './support.js';

describe('closing and reopening', () => {
  let world: CaseWorld;
  before(async () => {
    world = await caseWorld();
  });
  after(() => world.close());
  const CLOSING = { outcome: 'no-loss', ...REASON };
  const closed = async () => {
    const { actor, accountId } = await world.customer();
    const doc = await world.open({ customerId: actor.id, accountId }, actor);
    const path = `/api/cases/${doc._id}`;
    await world.as(world.staff.analyst).plain(`${path}/closing`, CLOSING).expect(200);
    return { path, id: doc._id, actor, accountId };
  };

  it('closes with an outcome and tells the customer until when it can be opened again', async () => {
    const { id } = await closed();
    await world.settle();
    const doc = await world.case(id);
    assert.equal(doc.outcome, 'no-loss');
    const mail = world.mails.find(({ params }) => params.caseNumber === doc.number);
    assert.equal(mail?.template, 'case-closed');
    assert.equal(Date.parse(mail?.params.reopenUntil ?? ''), (doc.closedAt?.getTime() ?? 0) + 30 * DAY);
  });

  it('does not close while the account is frozen, nor under legal hold', async () => {
    const { doc } = await world.frozen();
    const path = `/api/cases/${doc._id}`;
    assert.equal(
      (await world.as(world.staff.analyst).plain(`${path}/closing`, CLOSING).expect(409)).body.because,
      'still_frozen',
    );
    const waiting = await world.open({});
    await world.as(world.staff.compliance).post(`/api/cases/${waiting._id}/legal-hold`, REASON).expect(200);
    const refused = await world.as(world.staff.analyst).plain(`/api/cases/${waiting._id}/closing`, CLOSING).expect(409);
    assert.equal(refused.body.because, 'legal_hold');
  });

  it('opens again for 30 days, with the identity to be proven anew', async () => {
    const { path, id } = await closed();
    world.ctx.clock.advance(30 * DAY - 60_000);
    await world.as(world.staff.analyst).plain(`${path}/reopening`, REASON).expect(200);
    const doc = await world.case(id);
    assert.deepEqual(
      [doc.state, doc.outcome, doc.closedAt, doc.identityRound],
      ['intake.triaged', undefined, undefined, 2],
    );
    await world.as(world.staff.analyst).plain(`${path}/closing`, CLOSING).expect(200);
    world.ctx.clock.advance(30 * DAY + 60_000);
    const late = await world.as(world.staff.analyst).plain(`${path}/reopening`, REASON).expect(409);
    assert.equal(late.body.because, 'reopen_window_over');
  });

  it('does not open again beside another open case of the same customer and kind', async () => {
    const { path, actor, accountId } = await closed();
    await world.open({ customerId: actor.id, accountId }, actor);
    assert.equal(
      (await world.as(world.staff.analyst).plain(`${path}/reopening`, REASON).expect(409)).body.code,
      'another_case_open',
    );
  });

  it('sets and lifts legal hold once each, by compliance, with a re-verification', async () => {
    const doc = await world.open({});
    const path = `/api/cases/${doc._id}/legal-hold`;
    await world.as(world.staff.compliance).plain(path, REASON).expect(401);
    await world.as(world.staff.analyst).post(path, REASON).expect(403);
    await world.as(world.staff.compliance).post(path, REASON).expect(200);
    assert.equal((await world.as(world.staff.compliance).post(path, REASON).expect(409)).body.code, 'legal_hold_set');
    const lifted = await world.as(world.staff.compliance).post(`${path}/lifting`, REASON).expect(200);
    assert.equal(lifted.body.legalHold, undefined);
    assert.equal(
      (await world.as(world.staff.compliance).post(`${path}/lifting`, REASON).expect(409)).body.code,
      'legal_hold_missing',
    );
  });

  it('does not start where a case runs on a definition that is not on disk', async () => {
    await checkWorkflows(world.ctx.db, world.ctx.workflows);
    const doc = await world.open({});
    await world.ctx.db.connection
      .collection('cases')
      .updateOne({ _id: doc._id as never }, { $set: { 'workflow.version': '0.9.0' } });
    await assert.rejects(checkWorkflows(world.ctx.db, world.ctx.workflows), /unauthorized_trade 0\.9\.0/);
  });
});
