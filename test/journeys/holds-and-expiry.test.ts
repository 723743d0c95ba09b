import assert from 'node:assert/strict';
import { readAudit } from '../../src/demo/audit-steps.js';
import { Caller } from '../../src/demo/caller.js';
import type { Player } from '../../src/demo/people.js';
import { type CaseAnswer, type Me, type ReportAnswer, until } from '../../src/demo/scene.js';
import { DAY, HOUR } from '../../src/kernel/clock.js';
import type { Past } from '../support/past.js';
import { startWorld, type World } from '../support/world.js';
import { assertDrained } from './held.js';

const WITHDRAWALS = ['crypto_withdrawal', 'fiat_withdrawal', 'internal_transfer'] as const;

interface People {
  /** Whose account was frozen eight days ago, for seven days. */
  readonly frozen: Player;
  readonly frozenCase: string;
  /** On whose account a stranger put a hold five hours ago, for four. */
  readonly held: Player;
  readonly owner: Player;
  /** Whose authenticator is a day old. */
  readonly young: Player;
  readonly analyst: Player;
  readonly compliance: Player;
}

interface Hold {
  readonly freezeId: string;
  readonly state: string;
  readonly caseNumber: string;
}

describe('holds by strangers, and freezes whose time is up', function () {
  this.timeout(300_000);
  let world: World;
  let people: People;

  before(async () => {
    const env = { HOLDS_PER_SOURCE_PER_DAY: '100', HOLD_HOURS: '4' };
    ({ world, prepared: people } = await startWorld({ env }, live));
  });
  after(() => world?.close());

  const accountOf = async (player: Player) => {
    const { accountId } = await (await world.live(player.caller)).ask<Me>('GET', '/api/me');
    return accountId;
  };
  const open = async (accountId: string) =>
    Promise.all(WITHDRAWALS.map((scope) => world.exchange.attempt(accountId, scope)));
  const caseByNumber = async (number: string) => {
    const analyst = await world.live(people.analyst.caller);
    const { cases } = await analyst.ask<{ cases: { caseId: string; number: string }[] }>('GET', '/api/cases?limit=100');
    const found = cases.find((one) => one.number === number);
    assert.ok(found, `no case ${number}`);
    return found.caseId;
  };
  const eventsOf = async (caseId: string) => {
    const events = await readAudit(await world.live(people.compliance.caller), caseId);
    assert.deepEqual(new Set(events.flatMap(({ faults }) => faults)), new Set());
    return events.map(({ event }) => event).toReversed();
  };
  const ledgerOf = async (accountId: string, effect: string) =>
    (await world.exchange.ledger(accountId)).filter((one) => one.effect === effect).map(({ subject }) => subject);
  /** A stranger's report; the hold it brings, as the owner sees it once the exchange has confirmed it. */
  const holdOn = async (player: Player) => {
    const stranger = new Caller(await world.web.said(), 'stranger');
    const report = await stranger.ask<ReportAnswer>('POST', '/api/reports', strangersReport(player.email));
    const owner = await world.live(player.caller);
    const { holds } = await until(
      'held',
      () => owner.ask<{ holds: Hold[] }>('GET', '/api/holds'),
      (seen) => seen.holds.some(({ state }) => state === 'active'),
    );
    const [hold] = holds as [Hold];
    assert.equal(holds.length, 1);
    assert.equal(hold.caseNumber, report.caseNumber);
    return { owner, hold, caseId: await caseByNumber(report.caseNumber) };
  };
  const cancel = async (owner: Caller, { freezeId }: Hold) => {
    const token = await owner.reverify('cancelHold', { freezeId }, {});
    return owner.send('POST', `/api/holds/${freezeId}/cancellation`, undefined, { Reverification: token });
  };

  it('the owner of an old authenticator hears of a stranger’s hold and cancels it', () =>
    world.explain(
      (async () => {
        const accountId = await accountOf(people.owner);
        const { owner, hold, caseId } = await holdOn(people.owner);
        assert.deepEqual(await open(accountId), [false, false, false]);
        assert.equal(await world.exchange.attempt(accountId, 'sign_in'), true, 'a hold keeps nobody from signing in');
        await until(
          'told',
          () => world.exchange.account(accountId),
          ({ messages }) => messages.length > 0,
        );

        assert.equal((await cancel(owner, hold)).status, 204);
        await until(
          'open',
          () => open(accountId),
          (allowed) => allowed.every(Boolean),
        );
        await assertDrained(world);
        assert.deepEqual((await owner.ask<{ holds: Hold[] }>('GET', '/api/holds')).holds, []);
        assert.deepEqual((await ledgerOf(accountId, 'scope_frozen')).toSorted(), WITHDRAWALS.toSorted());
        assert.deepEqual((await ledgerOf(accountId, 'scope_released')).toSorted(), WITHDRAWALS.toSorted());
        assert.equal((await ledgerOf(accountId, 'owner_notified')).length, 1);
        const events = await eventsOf(caseId);
        assert.deepEqual(
          events.flatMap(({ action, facts }) =>
            /^(hold|freeze|release)\./.test(action) ? [`${action} ${facts['reason'] ?? ''}`.trim()] : [],
          ),
          [
            'freeze.requested',
            'hold.placed',
            'freeze.confirmed',
            'release.requested owner_cancelled',
            'release.confirmed owner_cancelled',
          ],
        );
      })(),
    ));

  it('a young authenticator does not cancel it', () =>
    world.explain(
      (async () => {
        const accountId = await accountOf(people.young);
        const { owner, hold, caseId } = await holdOn(people.young);
        const refused = await cancel(owner, hold);
        assert.equal(refused.status, 403);
        assert.equal(refused.body['code'], 'factor_too_young');
        assert.deepEqual(await open(accountId), [false, false, false]);
        assert.deepEqual(await ledgerOf(accountId, 'scope_released'), []);
        const events = await eventsOf(caseId);
        assert.ok(!events.some(({ action }) => action === 'release.requested'));
      })(),
    ));

  it('a stranger’s hold ends by itself', () =>
    world.explain(
      (async () => {
        const accountId = await accountOf(people.held);
        await until(
          'open',
          () => open(accountId),
          (allowed) => allowed.every(Boolean),
        );
        await assertDrained(world);
        assert.deepEqual((await ledgerOf(accountId, 'scope_released')).toSorted(), WITHDRAWALS.toSorted());
      })(),
    ));

  it('a freeze whose time is up is released, and staff look at the case again', () =>
    world.explain(
      (async () => {
        const accountId = await accountOf(people.frozen);
        const owner = await world.live(people.frozen.caller);
        const seen = await until(
          'released',
          () => owner.ask<CaseAnswer>('GET', `/api/cases/${people.frozenCase}`),
          ({ freezes }) => freezes.every(({ state }) => state === 'released'),
        );
        await assertDrained(world);
        assert.equal(seen.state.name, 'intake.triaged');
        assert.deepEqual((await world.exchange.account(accountId)).frozen, {});
        const scopes = seen.freezes.flatMap((freeze) => freeze.scopes).toSorted();
        assert.deepEqual((await ledgerOf(accountId, 'scope_frozen')).toSorted(), scopes);
        assert.deepEqual((await ledgerOf(accountId, 'scope_released')).toSorted(), scopes);
        const events = await eventsOf(people.frozenCase);
        assert.deepEqual(
          events.flatMap(({ action, facts }) =>
            /^(freeze|release)\./.test(action) ? [`${action} ${facts['reason'] ?? ''}`.trim()] : [],
          ),
          ['freeze.requested', 'freeze.confirmed', 'release.requested expired', 'release.confirmed expired'],
        );
        assert.equal(events.filter(({ facts }) => facts['event'] === 'freeze.expired').length, 1);
      })(),
    ));
});

/** What happened before the processes of now were started. */
async function live(past: Past): Promise<People> {
  const old = await past.enrol(['customer', 'customer', 'customer', 'analyst', 'compliance']);
  const [frozen, held, owner, analyst, compliance] = old as [Player, Player, Player, Player, Player];
  const [young] = (await past.enrol(['customer'], DAY)) as [Player];

  past.ago(8 * DAY);
  await frozen.caller.signIn(frozen.email, frozen.password);
  past.ago(8 * DAY - HOUR / 60); // the code of the sign-in is used up
  const body = { ...strangersReport(frozen.email), requestHold: false };
  const { account: _, contact: __, ...own } = body;
  const Reverification = await frozen.caller.reverify('submitReport', {}, own);
  const { caseId } = await frozen.caller.ask<ReportAnswer>('POST', '/api/reports', own, { Reverification });
  await past.settle();
  const seen = await frozen.caller.ask<CaseAnswer>('GET', `/api/cases/${caseId}`);
  assert.equal(seen.state.name, 'freeze-account.frozen');

  past.ago(5 * HOUR);
  await past.caller('stranger').ask('POST', '/api/reports', strangersReport(held.email));
  await past.settle();

  await past.signIn([frozen, held, owner, young, analyst, compliance]);
  return { frozen, frozenCase: caseId, held, owner, young, analyst, compliance };
}

const strangersReport = (email: string) => ({
  kind: 'unauthorized_withdrawal',
  language: 'en',
  whatHappened: 'Somebody is emptying this account; its owner is asleep.',
  contact: { email: `friend.of.${email}` },
  account: { email },
  requestHold: true,
});
