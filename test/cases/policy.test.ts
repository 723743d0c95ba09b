import assert from 'node:assert/strict';
import { accepts, countedChecks, mayCallBack, methodsOf } from '../../src/cases/identity-policy.js';
import {
  approvalRefusal,
  coolingOff,
  longestFreezeHours,
  maySee,
  proposalRefusal,
  worksOn,
} from '../../src/cases/policy.js';
import type { ApprovalDoc, CaseDoc, IdentityCheckDoc } from '../../src/cases/words.js';
import type { ContactPoint } from '../../src/identity/index.js';
import type { Role } from '../../src/kernel/actor.js';
import { DAY, HOUR } from '../../src/kernel/clock.js';
import { CHECK_METHODS, type CheckMethod } from '../../src/workflow/index.js';
import { testActor } from '../support/kernel.js';

const NOW = new Date('2026-03-01T00:00:00Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);
const phone = (addedAt: Date, over: Partial<ContactPoint> = {}): ContactPoint => ({
  _id: 'contact_1',
  kind: 'phone',
  value: '+8613800000000',
  trust: 'normal',
  addedAt,
  ...over,
});
const check = (over: Partial<IdentityCheckDoc> = {}): IdentityCheckDoc => ({
  _id: 'check_1',
  caseId: 'case_1',
  round: 1,
  method: 'document',
  state: 'passed',
  subjectId: 'person_1',
  startedBy: 'analyst_1',
  startedAt: NOW,
  decidedBy: 'analyst_1',
  decidedAt: NOW,
  ...over,
});

describe('identity policy', () => {
  const policy: CheckMethod[][] = [
    ['authenticator', 'document'],
    ['document', 'callback'],
  ];

  it('walks every set of passed checks: only the accepted combinations pass', () => {
    for (let bits = 0; bits < 8; bits += 1) {
      const passed = new Set(CHECK_METHODS.filter((_, index) => bits & (1 << index)));
      const expected = passed.has('document') && (passed.has('authenticator') || passed.has('callback'));
      assert.equal(accepts(policy, passed), expected, [...passed].join());
    }
  });

  it('names each method of a policy once', () => {
    assert.deepEqual(methodsOf(policy), ['authenticator', 'document', 'callback']);
  });

  it('counts passed checks of this round about this person, and no others', () => {
    const subject = { _id: 'person_1', contactPoints: [] };
    assert.equal(countedChecks([check()], 1, subject).length, 1);
    assert.equal(countedChecks([check({ state: 'failed' })], 1, subject).length, 0);
    assert.equal(countedChecks([check({ state: 'started' })], 1, subject).length, 0);
    assert.equal(countedChecks([check()], 2, subject).length, 0);
    assert.equal(countedChecks([check({ subjectId: 'person_2' })], 1, subject).length, 0);
    assert.equal(countedChecks([check()], 1, null).length, 0);
  });

  it('stops counting a callback once its contact point is compromised or gone', () => {
    const point = phone(at(-30 * DAY));
    const called = check({ method: 'callback', contactPointId: point._id });
    const count = (contactPoints: ContactPoint[]) =>
      countedChecks([called], 1, { _id: 'person_1', contactPoints }).length;
    assert.equal(count([point]), 1);
    assert.equal(count([{ ...point, trust: 'compromised' }]), 0);
    assert.equal(count([]), 0);
  });

  it('calls back only an old, trusted telephone that was on file before the incident', () => {
    const opened = { openedAt: NOW };
    assert.equal(mayCallBack(phone(at(-8 * DAY)), opened, 7), true);
    assert.equal(mayCallBack(phone(at(-6 * DAY)), opened, 7), false);
    assert.equal(mayCallBack(phone(at(-8 * DAY)), { ...opened, incidentAt: at(-9 * DAY) }, 7), false);
    assert.equal(mayCallBack(phone(at(-10 * DAY)), { ...opened, incidentAt: at(-9 * DAY) }, 7), true);
    assert.equal(mayCallBack(phone(at(-6 * DAY)), { ...opened, incidentAt: at(-1 * DAY) }, 7), false);
    assert.equal(mayCallBack(phone(at(-30 * DAY), { trust: 'compromised' }), opened, 7), false);
    assert.equal(mayCallBack(phone(at(-30 * DAY), { kind: 'email', confirmedAt: at(-30 * DAY) }), opened, 7), false);
    assert.equal(mayCallBack(undefined, opened, 7), false);
  });
});

describe('case policy', () => {
  const approval: Pick<ApprovalDoc, 'state' | 'proposedBy' | 'coolingOffUntil' | 'expiresAt'> = {
    state: 'proposed',
    proposedBy: 'analyst_2',
    coolingOffUntil: at(HOUR),
    expiresAt: at(2 * HOUR),
  };
  const refusal = (who: string, over: Partial<ApprovalDoc> = {}, now = at(HOUR)) =>
    approvalRefusal(who, { ...approval, ...over }, [check()], now);

  it('lets a third person approve, from the end of the cooling-off to the expiry', () => {
    assert.equal(refusal('approver_1'), null);
    assert.equal(refusal('approver_1', {}, at(HOUR - 1)), 'cooling_off');
    assert.equal(refusal('approver_1', {}, at(2 * HOUR - 1)), null);
    assert.equal(refusal('approver_1', {}, at(2 * HOUR)), 'proposal_expired');
  });

  it('refuses proposer and verifiers, whoever began or decided the check, before it says anything about time', () => {
    assert.equal(refusal('analyst_2', {}, NOW), 'own_proposal');
    assert.equal(refusal('analyst_1', {}, NOW), 'own_verification');
    assert.equal(approvalRefusal('helper', approval, [check({ startedBy: 'helper' })], at(HOUR)), 'own_verification');
    assert.equal(proposalRefusal('analyst_1', [check({ state: 'failed' })]), 'own_verification');
    assert.equal(proposalRefusal('analyst_2', [check()]), null);
  });

  it('refuses what was decided', () => {
    for (const state of ['approved', 'declined', 'expired', 'carried-out'] as const)
      assert.equal(refusal('approver_1', { state }), 'already_decided');
  });

  it('counts the cooling-off from the configuration, and the expiry from its end', () => {
    const times = coolingOff(NOW, { release: { coolingOffHours: 24, expiryHours: 72 } });
    assert.deepEqual(times, { coolingOffUntil: at(24 * HOUR), expiresAt: at(96 * HOUR) });
  });

  it('lets an agent freeze for a day and who may extend for longer', () => {
    const config = { freeze: { agentHours: 24, analystHours: 168 } };
    const hours = (roles: ('agent' | 'analyst')[]) => longestFreezeHours(testActor({ kind: 'person', roles }), config);
    assert.equal(hours(['agent']), 24);
    assert.equal(hours(['analyst']), 168);
  });

  it('shows a case to its customer and to staff who read cases, and to nobody else', () => {
    const person = (id: string, roles: Role[]) => testActor({ kind: 'person', id, roles });
    const mine = { customerId: 'person_1' };
    assert.equal(maySee(person('person_1', ['customer']), mine), true);
    assert.equal(maySee(person('person_2', ['customer']), mine), false);
    assert.equal(maySee(person('person_2', ['customer']), {}), false);
    assert.equal(maySee(person('agent_1', ['agent']), mine), true);
    assert.equal(maySee(person('compliance_1', ['compliance']), mine), true);
    assert.equal(maySee(person('admin_1', ['admin']), mine), false);
    assert.equal(maySee(testActor({ kind: 'anonymous', id: 'anonymous' }), {}), false);
  });

  it('opens evidence to the assignee, to who acted, and to an approver while a release waits', () => {
    const doc = {
      assignee: 'agent_1',
      history: [{ by: { kind: 'person', id: 'analyst_1' } }],
      state: 'intake.triaged',
    } as unknown as CaseDoc;
    const on = (id: string, roles: ('agent' | 'analyst' | 'approver')[], state = doc.state) =>
      worksOn(testActor({ kind: 'person', id, roles }), { ...doc, state });
    assert.equal(on('agent_1', ['agent']), true);
    assert.equal(on('analyst_1', ['analyst']), true);
    assert.equal(on('agent_2', ['agent']), false);
    assert.equal(on('approver_1', ['approver']), false);
    assert.equal(on('approver_1', ['approver'], 'resolve.release-pending'), true);
  });
});
