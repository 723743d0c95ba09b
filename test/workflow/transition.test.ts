import assert from 'node:assert/strict';
import {
  allowedEvents,
  EVENTS,
  type EventName,
  EventNotAllowed,
  type Facts,
  INCIDENT_KINDS,
  initial,
  loadWorkflows,
  NO_FACTS,
  transition,
} from '../../src/workflow/index.js';
import { WORKFLOWS } from './definitions.js';

const workflows = loadWorkflows(WORKFLOWS);
const trade = workflows.current('unauthorized_trade');
const facts = (some: Partial<Facts> = {}): Facts => ({ ...NO_FACTS, hasAccount: true, ...some });
const go = (state: string, type: EventName, some: Partial<Facts> = {}) =>
  transition(trade, state, { type, facts: facts(some) });
const refusal = (state: string, type: EventName, some: Partial<Facts> = {}) => {
  try {
    go(state, type, some);
  } catch (error) {
    assert.ok(error instanceof EventNotAllowed);
    return error;
  }
  return assert.fail(`${type} was allowed in ${state}`);
};

const FROZEN = { liveFreezes: 1 };
const IN_PART = { liveFreezes: 2, coveredScopes: 1, openScopes: 1 };
const PROVEN = { liveFreezes: 1, identityMet: true };

/** Every transition that changes the state: from, event, facts, to. */
const MOVES: [from: string, event: EventName, some: Partial<Facts>, to: string][] = [
  ['intake.received', 'case.opened', { urgent: true, reverified: true }, 'freeze-account.requested'],
  ['intake.received', 'case.triaged', {}, 'intake.triaged'],
  ['intake.received', 'freeze.requested', {}, 'freeze-account.requested'],
  ['intake.received', 'freeze.waived', {}, 'verify-identity.pending'],
  ['intake.received', 'case.closed', {}, 'closed'],
  ['intake.triaged', 'freeze.requested', {}, 'freeze-account.requested'],
  ['intake.triaged', 'freeze.waived', {}, 'verify-identity.pending'],
  ['intake.triaged', 'case.closed', {}, 'closed'],
  ['freeze-account.requested', 'freeze.confirmed', FROZEN, 'freeze-account.frozen'],
  ['freeze-account.requested', 'freeze.partial', FROZEN, 'freeze-account.partly-frozen'],
  ['freeze-account.requested', 'freeze.unconfirmed', FROZEN, 'freeze-account.unconfirmed'],
  ['freeze-account.requested', 'freeze.refused', {}, 'intake.triaged'],
  ['freeze-account.requested', 'freeze.confirmed', IN_PART, 'freeze-account.partly-frozen'],
  ['freeze-account.requested', 'freeze.refused', IN_PART, 'freeze-account.partly-frozen'],
  ['freeze-account.requested', 'freeze.refused', FROZEN, 'freeze-account.unconfirmed'],
  ['freeze-account.unconfirmed', 'freeze.confirmed', IN_PART, 'freeze-account.partly-frozen'],
  ['freeze-account.unconfirmed', 'freeze.refused', IN_PART, 'freeze-account.partly-frozen'],
  ['freeze-account.requested', 'freeze.expired', {}, 'intake.triaged'],
  ['freeze-account.unconfirmed', 'freeze.confirmed', FROZEN, 'freeze-account.frozen'],
  ['freeze-account.unconfirmed', 'freeze.partial', FROZEN, 'freeze-account.partly-frozen'],
  ['freeze-account.unconfirmed', 'freeze.refused', {}, 'intake.triaged'],
  ['freeze-account.unconfirmed', 'freeze.requested', FROZEN, 'freeze-account.requested'],
  ['freeze-account.unconfirmed', 'freeze.expired', {}, 'intake.triaged'],
  ['freeze-account.partly-frozen', 'freeze.expired', {}, 'intake.triaged'],
  ['freeze-account.partly-frozen', 'freeze.confirmed', FROZEN, 'freeze-account.frozen'],
  ['freeze-account.partly-frozen', 'freeze.requested', FROZEN, 'freeze-account.requested'],
  ['freeze-account.partly-frozen', 'freeze.waived', FROZEN, 'verify-identity.pending'],
  ['freeze-account.frozen', 'freeze.partial', FROZEN, 'freeze-account.partly-frozen'],
  ['freeze-account.frozen', 'identity.requested', FROZEN, 'verify-identity.pending'],
  ['freeze-account.frozen', 'identity.check-started', FROZEN, 'verify-identity.in-review'],
  ['freeze-account.frozen', 'freeze.expired', {}, 'intake.triaged'],
  ['verify-identity.pending', 'identity.check-started', FROZEN, 'verify-identity.in-review'],
  ['verify-identity.in-review', 'identity.passed', PROVEN, 'verify-identity.passed'],
  ['verify-identity.in-review', 'identity.failed', FROZEN, 'verify-identity.failed'],
  ['verify-identity.failed', 'identity.requested', FROZEN, 'verify-identity.pending'],
  ['verify-identity.failed', 'identity.check-started', FROZEN, 'verify-identity.in-review'],
  ['verify-identity.passed', 'identity.failed', PROVEN, 'verify-identity.failed'],
  ['verify-identity.passed', 'remedy.ordered', PROVEN, 'resolve.remediating'],
  ['verify-identity.passed', 'release.proposed', PROVEN, 'resolve.release-pending'],
  ['verify-identity.passed', 'case.closed', { identityMet: true }, 'closed'],
  ['resolve.remediating', 'release.proposed', PROVEN, 'resolve.release-pending'],
  ['resolve.remediating', 'identity.failed', PROVEN, 'verify-identity.failed'],
  ['resolve.release-pending', 'release.declined', PROVEN, 'resolve.remediating'],
  ['resolve.release-pending', 'release.expired', PROVEN, 'resolve.remediating'],
  ['resolve.release-pending', 'release.confirmed', {}, 'resolve.released'],
  ['resolve.released', 'freeze.requested', {}, 'freeze-account.requested'],
  ['resolve.released', 'case.closed', {}, 'closed'],
  ['closed', 'case.reopened', { daysSinceClosed: 30 }, 'intake.triaged'],
];

describe('transition', () => {
  for (const [from, event, some, to] of MOVES)
    it(`${from} + ${event} leads to ${to}`, () => assert.equal(go(from, event, some)[0], to));

  for (const kind of INCIDENT_KINDS)
    it(`makes the same moves in ${kind}, except where the kind freezes by itself`, () => {
      for (const [from, type, some, to] of MOVES)
        if (type !== 'case.opened')
          assert.equal(transition(workflows.current(kind), from, { type, facts: facts(some) })[0], to);
    });

  it('is told in every state by the table above, and nowhere else', () => {
    const generous: Partial<Facts>[] = MOVES.map(([, , some]) => some);
    const known = new Set(MOVES.map(([from, event, , to]) => `${from} ${event} ${to}`));
    for (const state of Object.keys(trade.states))
      for (const event of Object.keys(EVENTS) as EventName[])
        for (const some of generous) {
          let next: string;
          try {
            [next] = go(state, event, some);
          } catch {
            continue;
          }
          if (next !== state && event !== 'case.closed')
            assert.ok(known.has(`${state} ${event} ${next}`), `${state} ${event} ${next}`);
        }
  });

  it('starts every kind in intake.received', () => {
    for (const kind of INCIDENT_KINDS) assert.equal(initial(workflows.current(kind)), 'intake.received');
  });

  it('asks for the freeze when an urgent report was proven', () => {
    assert.deepEqual(go('intake.received', 'case.opened', { urgent: true, reverified: true })[1], [
      { type: 'requestFreeze', params: {} },
    ]);
  });

  for (const missing of ['urgent', 'reverified', 'hasAccount'] as const)
    it(`does not freeze at once when a report is not ${missing}`, () => {
      const [state, effects] = go('intake.received', 'case.opened', {
        urgent: true,
        reverified: true,
        [missing]: false,
      });
      assert.equal(state, 'intake.received');
      assert.deepEqual(effects, [{ type: 'note', params: {} }]);
    });

  it('places a hold without leaving intake', () => {
    const [state, effects] = go('intake.received', 'case.opened', { holdAsked: true });
    assert.equal(state, 'intake.received');
    assert.deepEqual(effects, [{ type: 'requestHold', params: {} }]);
  });

  it('never freezes at once for kind other', () => {
    const [state] = transition(workflows.current('other'), 'intake.received', {
      type: 'case.opened',
      facts: facts({ urgent: true, reverified: true }),
    });
    assert.equal(state, 'intake.received');
  });

  it('says frozen only on the confirmation of the exchange', () => {
    for (const kind of INCIDENT_KINDS) {
      const definition = workflows.current(kind);
      for (const state of Object.keys(definition.states))
        for (const type of Object.keys(EVENTS) as EventName[]) {
          let next = state;
          try {
            [next] = transition(definition, state, { type, facts: facts(PROVEN) });
          } catch {
            continue;
          }
          if (next === 'freeze-account.frozen' && next !== state) assert.equal(type, 'freeze.confirmed');
        }
    }
  });

  it('reaches released only by the confirmation of the exchange, after a proposal', () => {
    for (const state of Object.keys(trade.states))
      for (const type of Object.keys(EVENTS) as EventName[]) {
        let next = state;
        try {
          [next] = go(state, type, PROVEN);
        } catch {
          continue;
        }
        if (next === 'resolve.released' && next !== state)
          assert.deepEqual([state, type], ['resolve.release-pending', 'release.confirmed']);
      }
  });

  it('takes late answers of the exchange in every state', () => {
    for (const state of Object.keys(trade.states))
      for (const type of [
        'freeze.confirmed',
        'freeze.unconfirmed',
        'freeze.refused',
        'freeze.partial',
        'remedy.done',
        'release.confirmed',
        'hold.confirmed',
      ] as const)
        assert.doesNotThrow(() => go(state, type, FROZEN));
  });

  it('refuses closing under legal hold in every state', () => {
    for (const state of Object.keys(trade.states)) {
      if (state === 'closed') continue;
      assert.equal(refusal(state, 'case.closed', { legalHold: true }).because, 'legal_hold');
    }
  });

  it('refuses closing while something is frozen or a remedy is under way', () => {
    assert.equal(refusal('verify-identity.passed', 'case.closed', FROZEN).because, 'still_frozen');
    assert.equal(refusal('resolve.remediating', 'case.closed', { pendingRemedies: 1 }).because, 'remedies_pending');
  });

  it('refuses a release while remedies run, before identity is proven, or with nothing to release', () => {
    assert.equal(
      refusal('resolve.remediating', 'release.proposed', { ...PROVEN, pendingRemedies: 1 }).because,
      'remedies_pending',
    );
    assert.equal(refusal('resolve.remediating', 'release.proposed', FROZEN).because, 'identity_not_proven');
    assert.equal(
      refusal('verify-identity.passed', 'release.proposed', { identityMet: true }).because,
      'nothing_frozen',
    );
    assert.equal(refusal('freeze-account.frozen', 'release.proposed', PROVEN).because, null);
  });

  it('reopens for 30 days and not a day longer', () => {
    assert.equal(refusal('closed', 'case.reopened', { daysSinceClosed: 31 }).because, 'reopen_window_over');
  });

  it('names what is allowed now when it refuses', () => {
    const { allowed, state, event } = refusal('freeze-account.frozen', 'case.triaged', FROZEN);
    assert.deepEqual([state, event], ['freeze-account.frozen', 'case.triaged']);
    assert.deepEqual(allowed, allowedEvents(trade, 'freeze-account.frozen', facts(FROZEN)));
    assert.deepEqual([...allowed].sort(), [
      'freeze.requested',
      'identity.check-started',
      'identity.requested',
      'remedy.ordered',
    ]);
  });

  it('offers people no event of the system', () => {
    for (const state of Object.keys(trade.states))
      for (const event of allowedEvents(trade, state, facts(PROVEN))) assert.equal(EVENTS[event], 'person');
  });

  it('refuses a state the definition has not', () => {
    assert.throws(() => go('intake.lost', 'case.triaged'), /no state/);
    assert.throws(() => go('toString', 'case.triaged'), /no state/);
  });
});
