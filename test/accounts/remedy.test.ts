import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { carryOutRemedy, orderRemedy, REMEDY_KINDS, type RemedyKind } from '../../src/accounts/index.js';
import { testActor } from '../support/kernel.js';
import { type AccountsFixture, accountsFixture } from './accounts-fixture.js';

describe('remedy', () => {
  let fixture: AccountsFixture;
  before(async () => {
    fixture = await accountsFixture();
  });
  afterEach(() => fixture.admin.reset());
  after(() => fixture.stop());

  const order = (accountId: string, kind: RemedyKind) =>
    fixture.ctx.transact(testActor(), (tx) =>
      orderRemedy(tx, { caseId: `case_${accountId}`, caseNumber: 'FB-0000-0000-0', accountId, kind }),
    );

  for (const kind of REMEDY_KINDS) {
    it(`${kind} is done on the exchange’s receipt`, async () => {
      const accountId = await fixture.open();
      const { _id, state } = await order(accountId, kind);
      assert.equal(state, 'ordered');
      const { remedy, changed } = await fixture.remedy(_id);
      assert.deepEqual([remedy.state, changed, remedy.receipt?.kind], ['done', true, kind]);
      assert.ok(remedy.ended.length > 0);
      assert.equal((await fixture.remedy(_id)).changed, false);
      assert.equal((await fixture.admin.ledger(accountId)).length, remedy.ended.length);
    });
  }

  it('time-out after commit: unconfirmed, read back, done once', async () => {
    const accountId = await fixture.open();
    const { _id } = await order(accountId, 'cancel_pending_withdrawals');
    await fixture.admin.fail({ fail: 'timeout_after_commit', on: ['cancel_pending_withdrawals'], times: 1 });
    assert.equal((await fixture.remedy(_id)).remedy.state, 'unconfirmed');
    assert.equal((await fixture.remedy(_id)).remedy.state, 'done');
    assert.equal((await fixture.effects(accountId, 'withdrawal_cancelled')).length, 1);
  });

  it('a refusal fails it, and it can be ordered again', async () => {
    const { _id } = await order('acct-nobody', 'revoke_sessions');
    await assert.rejects(order('acct-nobody', 'revoke_sessions'), { code: 'remedy_under_way' });
    const { remedy } = await fixture.remedy(_id);
    assert.deepEqual([remedy.state, remedy.refusalCode], ['failed', 'account_unknown']);
    await order('acct-nobody', 'revoke_sessions');
  });

  it('names a remedy that is not there', async () => {
    await assert.rejects(carryOutRemedy(fixture.ctx, 'remedy_none'), { code: 'remedy_not_found' });
  });
});
