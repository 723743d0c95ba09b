import assert from 'node:assert/strict';
import type { Binary } from 'bson';
import { after, afterEach, before, describe, it } from 'mocha';
import {
  accountVersion,
  carryOutFreeze,
  extendFreeze,
  type Outcome,
  readFreeze,
  recordFreezeOutcome,
  requestFreezeAgain,
} from '../../src/accounts/index.js';
import { HOUR } from '../../src/kernel/clock.js';
import { testActor } from '../support/kernel.js';
import { type AccountsFixture, accountsFixture } from './accounts-fixture.js';

describe('freeze', () => {
  let fixture: AccountsFixture;
  before(async () => {
    fixture = await accountsFixture();
  });
  afterEach(() => fixture.admin.reset());
  after(() => fixture.stop());

  const actions = async (freezeId: string): Promise<string[]> => {
    const events = (await fixture.kernel.events()) as unknown as { action: string; bytes: Binary }[];
    return events.filter(({ bytes }) => bytes.toString('utf8').includes(freezeId)).map(({ action }) => action);
  };

  it('is requested first, and active only on the exchange’s receipt', async () => {
    const accountId = await fixture.open();
    const requested = await fixture.requestFreeze(accountId);
    assert.deepEqual([requested.state, requested.generation, requested.receipt], ['requested', 1, undefined]);
    assert.deepEqual(await fixture.frozen(accountId), []);
    const { freeze, changed } = await fixture.freeze(requested._id);
    assert.deepEqual([freeze.state, changed, freeze.missing], ['active', true, []]);
    assert.equal(freeze.receipt?.operationId, requested.operationId);
    assert.deepEqual(await readFreeze(fixture.ctx.db, freeze._id), freeze, 'what is returned is what is stored');
    assert.deepEqual(await fixture.frozen(accountId), ['crypto_withdrawal', 'trading']);
    assert.deepEqual(await actions(freeze._id), ['freeze.requested', 'freeze.confirmed']);
    assert.equal(await accountVersion(fixture.ctx.db, accountId), 1);
  });

  it('a hold takes withdrawals only, and a freeze takes something', async () => {
    const accountId = await fixture.open();
    await assert.rejects(fixture.requestFreeze(accountId, { kind: 'hold', scopes: ['sign_in'] }));
    await assert.rejects(fixture.requestFreeze(accountId, { scopes: [] }));
    assert.equal(await accountVersion(fixture.ctx.db, accountId), 0);
  });

  for (const fail of [
    'timeout_after_commit',
    'timeout_before_commit',
    'error_500',
    'error_500_after_commit',
    'drop',
    'drop_after_commit',
  ] as const) {
    it(`${fail}: unconfirmed until it is read back, frozen once`, async () => {
      const accountId = await fixture.open();
      const { _id } = await fixture.requestFreeze(accountId);
      await fixture.admin.fail({ fail, on: ['freeze'], times: 1 });
      assert.deepEqual((await fixture.freeze(_id)).freeze.state, 'unconfirmed');
      const { freeze, changed } = await fixture.freeze(_id);
      assert.deepEqual([freeze.state, changed, freeze.unconfirmedReason], ['active', true, undefined]);
      assert.deepEqual(await fixture.effects(accountId, 'scope_frozen'), ['crypto_withdrawal', 'trading']);
      assert.deepEqual(await actions(_id), ['freeze.requested', 'freeze.unconfirmed', 'freeze.confirmed']);
    });
  }

  it('is read back before it is sent again; while that fails too it stays unconfirmed', async () => {
    const accountId = await fixture.open();
    const { _id } = await fixture.requestFreeze(accountId);
    await fixture.admin.fail(
      { fail: 'drop', on: ['freeze'], times: 1 },
      { fail: 'error_500', on: ['read_operation'], times: 1 },
    );
    await fixture.freeze(_id);
    const still = await fixture.freeze(_id);
    assert.deepEqual([still.freeze.state, still.changed], ['unconfirmed', false]);
    assert.deepEqual(await fixture.effects(accountId, 'scope_frozen'), [], 'not sent while nobody knows');
    assert.equal((await fixture.freeze(_id)).freeze.state, 'active');
  });

  it('a worker that died between answer and record finds its own answer again', async () => {
    const accountId = await fixture.open();
    const { _id } = await fixture.requestFreeze(accountId);
    const lost = await carryOutFreeze(fixture.ctx, _id);
    const { outcome, freeze } = await fixture.freeze(_id, true);
    assert.deepEqual(outcome, lost);
    assert.equal(freeze.state, 'active');
    assert.equal((await fixture.effects(accountId, 'scope_frozen')).length, 2);
  });

  it('partial says what is not frozen; asked for again it becomes active', async () => {
    const accountId = await fixture.open();
    const { _id } = await fixture.requestFreeze(accountId);
    await fixture.admin.fail({ fail: 'partial', scopes: ['trading'], times: 1 });
    const partial = (await fixture.freeze(_id)).freeze;
    assert.deepEqual(
      [partial.state, partial.applied, partial.missing],
      ['partial', ['crypto_withdrawal'], ['trading']],
    );
    const again = await fixture.ctx.transact(testActor(), (tx) => requestFreezeAgain(tx, _id));
    assert.deepEqual([again.state, again.generation], ['requested', 2]);
    assert.equal((await fixture.freeze(_id)).freeze.state, 'active');
    assert.deepEqual(await fixture.frozen(accountId), ['crypto_withdrawal', 'trading']);
    await assert.rejects(
      fixture.ctx.transact(testActor(), (tx) => requestFreezeAgain(tx, _id)),
      { code: 'freeze_state_conflict' },
    );
  });

  it('a refusal is a failed freeze, with the exchange’s code', async () => {
    const { _id } = await fixture.requestFreeze('acct-nobody');
    const { freeze } = await fixture.freeze(_id);
    assert.deepEqual([freeze.state, freeze.refusalCode], ['failed', 'account_unknown']);
    assert.deepEqual(await carryOutFreeze(fixture.ctx, _id), {
      state: 'refused',
      operationId: freeze.operationId,
      code: 'account_unknown',
    });
  });

  it('an answer counts once: the same again changes nothing and is noted', async () => {
    const accountId = await fixture.open();
    const { _id } = await fixture.requestFreeze(accountId);
    const { outcome } = await fixture.freeze(_id);
    const { freeze, changed } = await fixture.freeze(_id);
    assert.deepEqual([freeze.state, changed], ['active', false]);
    assert.deepEqual((await carryOutFreeze(fixture.ctx, _id)).state, outcome.state);
    assert.deepEqual(await actions(_id), ['freeze.requested', 'freeze.confirmed', 'freeze.answer-set-aside']);
  });

  it('an answer to an older generation is set aside', async () => {
    const accountId = await fixture.open();
    const { _id } = await fixture.requestFreeze(accountId);
    await fixture.admin.fail({ fail: 'partial', scopes: ['trading'], times: 1 });
    const { outcome: old } = await fixture.freeze(_id);
    await fixture.ctx.transact(testActor(), (tx) => requestFreezeAgain(tx, _id));
    const late = await fixture.ctx.transact(testActor(), (tx) => recordFreezeOutcome(tx, _id, old));
    assert.deepEqual([late.freeze.state, late.freeze.generation, late.changed], ['requested', 2, false]);
    const forged: Outcome = { state: 'refused', operationId: old.operationId, code: 'stale_generation' };
    assert.equal(
      (await fixture.ctx.transact(testActor(), (tx) => recordFreezeOutcome(tx, _id, forged))).changed,
      false,
    );
  });

  it('a freeze overtaken by another of the same account moves under a new generation', async () => {
    const accountId = await fixture.open();
    const slow = await fixture.requestFreeze(accountId, { scopes: ['trading'] });
    const quick = await fixture.requestFreeze(accountId, { scopes: ['crypto_withdrawal'] });
    assert.equal((await fixture.freeze(quick._id)).freeze.state, 'active');
    const { freeze } = await fixture.freeze(slow._id);
    assert.deepEqual([freeze.state, freeze.generation], ['active', 3]);
    assert.deepEqual(await fixture.frozen(accountId), ['crypto_withdrawal', 'trading']);
    assert.deepEqual(await actions(slow._id), ['freeze.requested', 'freeze.renewed', 'freeze.confirmed']);
  });

  it('many freezes of one account at once get generations of their own', async () => {
    const accountId = await fixture.open();
    const freezes = await Promise.all([1, 2, 3, 4, 5].map(() => fixture.requestFreeze(accountId)));
    assert.deepEqual(freezes.map(({ generation }) => generation).sort(), [1, 2, 3, 4, 5]);
    const outcomes = await Promise.all(freezes.map(({ _id }) => fixture.freeze(_id)));
    for (const { freeze } of outcomes) assert.ok(['active', 'unconfirmed'].includes(freeze.state), freeze.state);
    for (const { freeze } of outcomes)
      if (freeze.state === 'unconfirmed') assert.equal((await fixture.freeze(freeze._id)).freeze.state, 'active');
    assert.equal((await fixture.effects(accountId, 'scope_frozen')).length, 2);
  });

  it('is extended, never shortened', async () => {
    const accountId = await fixture.open();
    const { _id, expiresAt } = await fixture.requestFreeze(accountId);
    const later = new Date(expiresAt.getTime() + HOUR);
    const extended = await fixture.ctx.transact(testActor(), (tx) => extendFreeze(tx, _id, later));
    assert.deepEqual(extended.expiresAt, later);
    for (const earlier of [later, expiresAt])
      await assert.rejects(
        fixture.ctx.transact(testActor(), (tx) => extendFreeze(tx, _id, earlier)),
        { code: 'freeze_state_conflict' },
      );
  });

  it('names a freeze that is not there', async () => {
    await assert.rejects(carryOutFreeze(fixture.ctx, 'freeze_none'), { code: 'freeze_not_found' });
  });
});
