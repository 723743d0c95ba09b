import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import {
  carryOutFreeze,
  carryOutRelease,
  expireFreezes,
  extendFreeze,
  recordFreezeOutcome,
  requestRelease,
} from '../../src/accounts/index.js';
import { HOUR } from '../../src/kernel/clock.js';
import { testActor } from '../support/kernel.js';
import { type AccountsFixture, accountsFixture } from './accounts-fixture.js';

describe('release', () => {
  let fixture: AccountsFixture;
  before(async () => {
    fixture = await accountsFixture();
  });
  afterEach(() => fixture.admin.reset());
  after(() => fixture.stop());

  const active = async (accountId: string, over: Parameters<AccountsFixture['requestFreeze']>[1] = {}) =>
    (await fixture.freeze((await fixture.requestFreeze(accountId, over))._id)).freeze;

  it('opens the account only when the exchange has confirmed', async () => {
    const accountId = await fixture.open();
    const { _id } = await active(accountId);
    const pending = await fixture.requestRelease(_id);
    assert.deepEqual([pending.state, pending.release?.approvalId], ['release-pending', 'approval_1']);
    assert.deepEqual(await fixture.frozen(accountId), ['crypto_withdrawal', 'trading']);
    const { freeze, changed } = await fixture.release(_id);
    assert.deepEqual([freeze.state, changed], ['released', true]);
    assert.equal(freeze.release?.receipt?.kind, 'release');
    assert.deepEqual(await fixture.frozen(accountId), []);
    assert.equal(
      (await fixture.admin.account(accountId)).withdrawals.at(-1)?.status,
      'pending',
      'what was held goes on',
    );
  });

  it('two overlapping freezes, released one after the other: each opens only what the other does not hold', async () => {
    const accountId = await fixture.open();
    const first = await active(accountId, { scopes: ['crypto_withdrawal', 'trading'] });
    const second = await active(accountId, { scopes: ['trading', 'sign_in'] });
    await fixture.requestRelease(first._id);
    assert.equal((await fixture.release(first._id)).freeze.state, 'released');
    assert.deepEqual(await fixture.frozen(accountId), ['sign_in', 'trading']);
    await fixture.requestRelease(second._id);
    assert.equal((await fixture.release(second._id)).freeze.state, 'released');
    assert.deepEqual(await fixture.frozen(accountId), []);
  });

  it('two releases decided together leave nothing frozen, in whatever order they arrive', async () => {
    const accountId = await fixture.open();
    const first = await active(accountId);
    const second = await active(accountId);
    await Promise.all([fixture.requestRelease(first._id), fixture.requestRelease(second._id)]);
    assert.equal((await fixture.release(second._id)).freeze.state, 'released');
    assert.equal((await fixture.release(first._id)).freeze.state, 'released');
    assert.deepEqual(await fixture.frozen(accountId), []);
    assert.equal((await fixture.effects(accountId, 'scope_released')).length, 2);
  });

  it('a release overtaken by a newer freeze opens nothing that the freeze holds', async () => {
    const accountId = await fixture.open();
    const old = await active(accountId, { scopes: ['crypto_withdrawal', 'trading'] });
    await fixture.requestRelease(old._id);
    const newer = await active(accountId, { scopes: ['trading'] });
    const { freeze } = await fixture.release(old._id);
    assert.deepEqual([freeze.state, freeze.release?.scopes], ['released', ['crypto_withdrawal']]);
    assert.deepEqual(await fixture.frozen(accountId), ['trading']);
    assert.equal(newer.state, 'active');
  });

  it('a freeze that is still on its way when it is released never takes effect afterwards', async () => {
    const accountId = await fixture.open();
    const { _id } = await fixture.requestFreeze(accountId);
    await fixture.admin.fail({ fail: 'slow', ms: 250, on: ['freeze'], times: 1 });
    const onItsWay = carryOutFreeze(fixture.ctx, _id);
    await fixture.requestRelease(_id);
    assert.equal((await fixture.release(_id)).freeze.state, 'released');
    const late = await onItsWay;
    const { freeze, changed } = await fixture.ctx.transact(testActor(), (tx) => recordFreezeOutcome(tx, _id, late));
    assert.deepEqual([late.state, freeze.state, changed], ['refused', 'released', false]);
    assert.deepEqual(await fixture.frozen(accountId), []);
  });

  it('a late confirmation of the freeze does not undo the release', async () => {
    const accountId = await fixture.open();
    const { _id } = await fixture.requestFreeze(accountId);
    const confirmed = await carryOutFreeze(fixture.ctx, _id);
    await fixture.requestRelease(_id);
    const { freeze, changed } = await fixture.ctx.transact(testActor(), (tx) =>
      recordFreezeOutcome(tx, _id, confirmed),
    );
    assert.deepEqual([confirmed.state, freeze.state, changed], ['confirmed', 'release-pending', false]);
    assert.equal((await fixture.release(_id)).freeze.state, 'released');
    assert.deepEqual(await fixture.frozen(accountId), []);
  });

  for (const fail of ['timeout_after_commit', 'error_500', 'drop_after_commit'] as const) {
    it(`${fail}: release-pending until it is read back, released once`, async () => {
      const accountId = await fixture.open();
      const { _id } = await active(accountId);
      await fixture.requestRelease(_id);
      await fixture.admin.fail({ fail, on: ['release'], times: 1 });
      const first = await fixture.release(_id);
      assert.deepEqual(
        [first.freeze.state, first.freeze.release?.unsettled, first.changed],
        ['release-pending', 'unconfirmed', false],
      );
      const { freeze } = await fixture.release(_id);
      assert.deepEqual([freeze.state, freeze.release?.unsettled], ['released', undefined]);
      assert.equal((await fixture.effects(accountId, 'scope_released')).length, 2);
    });
  }

  it('a partial release is not a release: it goes on until every scope is open', async () => {
    const accountId = await fixture.open();
    const { _id } = await active(accountId);
    await fixture.requestRelease(_id);
    await fixture.admin.fail({ fail: 'partial', scopes: ['trading'], on: ['release'], times: 1 });
    const partial = await fixture.release(_id);
    assert.deepEqual([partial.freeze.state, partial.changed], ['release-pending', false]);
    assert.deepEqual(await fixture.frozen(accountId), ['trading']);
    assert.equal((await fixture.release(_id)).freeze.state, 'released');
    assert.deepEqual(await fixture.frozen(accountId), []);
  });

  it('is decided once: the second request finds the first', async () => {
    const accountId = await fixture.open();
    const { _id } = await active(accountId);
    const [first, second] = await Promise.allSettled([fixture.requestRelease(_id), fixture.requestRelease(_id)]);
    const operations = [first, second].flatMap((one) =>
      one.status === 'fulfilled' ? [one.value.release?.operationId] : [],
    );
    assert.equal(new Set(operations).size, 1);
    await fixture.release(_id);
    assert.equal((await carryOutRelease(fixture.ctx, _id)).state, 'confirmed', 'the stored receipt');
  });

  it('of a case means all its freezes, those that failed too', async () => {
    const accountId = await fixture.open();
    const one = await active(accountId, { caseId: 'case_many' });
    const failing = await fixture.requestFreeze(accountId, { caseId: 'case_many' });
    await fixture.admin.fail({ fail: 'partial', scopes: ['crypto_withdrawal', 'trading'], on: ['freeze'], times: 1 });
    assert.equal((await fixture.freeze(failing._id)).freeze.state, 'failed');
    const freezes = await fixture.ctx.transact(testActor(), (tx) =>
      requestRelease(tx, { caseId: 'case_many', reason: 'withdrawn' }),
    );
    assert.deepEqual(
      freezes.map(({ _id, state }) => [_id, state]),
      [
        [one._id, 'release-pending'],
        [failing._id, 'release-pending'],
      ],
    );
    for (const { _id } of freezes) assert.equal((await fixture.release(_id)).freeze.state, 'released');
    assert.deepEqual(await fixture.frozen(accountId), []);
  });

  it('comes by itself when the time is up, once, unless the freeze was extended', async () => {
    const accountId = await fixture.open();
    const hours = (count: number) => new Date(fixture.ctx.clock.now().getTime() + count * HOUR);
    const hold = await active(accountId, { kind: 'hold', scopes: ['crypto_withdrawal'], expiresAt: hours(4) });
    const extended = await active(accountId, { scopes: ['trading'], expiresAt: hours(4) });
    await fixture.ctx.transact(testActor(), (tx) => extendFreeze(tx, extended._id, hours(48)));
    assert.deepEqual(await expireFreezes(fixture.ctx), []);
    fixture.ctx.clock.advance(5 * HOUR);
    assert.deepEqual(await expireFreezes(fixture.ctx), [hold._id]);
    assert.deepEqual(await expireFreezes(fixture.ctx), []);
    const [job] = await fixture.kernel.jobs('release-account');
    assert.deepEqual(job?.payload, { freezeId: hold._id, caseId: hold.caseId });
    const { freeze } = await fixture.release(hold._id);
    assert.deepEqual([freeze.state, freeze.release?.reason], ['released', 'expired']);
    assert.deepEqual(await fixture.frozen(accountId), ['trading']);
  });
});
