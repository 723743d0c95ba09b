import assert from 'node:assert/strict';
import { HOUR } from '../../src/kernel/clock.js';
import { type CaseWorld, caseWorld } from './support.js';

describe('a case from freeze to release', () => {
  let world: CaseWorld;
  before(async () => {
    world = await caseWorld();
  });
  after(() => world.close());

  it('is frozen on the receipt, proven by two checks, released by three people and closed', async () => {
    const { staff } = world;
    const { doc, customer, accountId } = await world.proven();
    assert.equal(doc.state, 'verify-identity.passed');
    assert.equal(await world.simulator.attempt(accountId, 'crypto_withdrawal'), false);

    const path = `/api/cases/${doc._id}`;
    await world
      .as(staff.analyst)
      .post(`${path}/remedies`, { kinds: ['revoke_sessions', 'cancel_pending_withdrawals'] })
      .expect(202);
    await world.settle();
    const held = (await world.as(staff.analyst).get(path).expect(200)).body.freezes[0].scopes;
    const proposed = await world
      .as(staff.analyst)
      .post(`${path}/release-proposals`, { scopes: held, outcome: 'recovered', reason: 'the owner is proven' })
      .expect(201);
    const approval = `${path}/release-proposals/${proposed.body.approvalId}/approval`;
    const early = await world.as(staff.approver).post(approval).expect(409);
    assert.equal(early.body.code, 'cooling_off');
    assert.equal(early.body.until, proposed.body.coolingOffUntil);

    world.ctx.clock.advance(25 * HOUR);
    await world.as(staff.approver).post(approval).expect(202);
    await world.settle();

    const closed = await world.case(doc._id);
    assert.equal(closed.state, 'closed');
    assert.equal(closed.outcome, 'recovered');
    assert.equal(await world.simulator.attempt(accountId, 'crypto_withdrawal'), true);
    const own = await world.as(customer).get(path).expect(200);
    assert.equal(own.body.freezes[0].state, 'released');
    const told = world.mails.filter(({ to }) => to !== world.ctx.config.mail.staffTo).map(({ template }) => template);
    assert.deepEqual(told.slice(0, 2), ['freeze-confirmed', 'identity-passed']);
    // Mails that wait together are sent in either order.
    assert.deepEqual(told.slice(2, 4).toSorted(), ['release-approved', 'release-proposed']);
    assert.deepEqual(told.slice(4).toSorted(), ['account-released', 'case-closed']);
    assert.deepEqual(
      closed.history.map(({ event }) => event),
      [
        'case.opened',
        'freeze.confirmed',
        'identity.check-started',
        'identity.check-started',
        'identity.passed',
        'remedy.ordered',
        'remedy.done',
        'remedy.done',
        'release.proposed',
        'release.approved',
        'release.confirmed',
        'case.closed',
      ],
    );
  });
});
