import assert from 'node:assert/strict';
import type { Actor } from '../../src/kernel/actor.js';
import { HOUR } from '../../src/kernel/clock.js';
import { type CaseWorld, caseWorld, REASON } from './support.js';

interface ActSeen {
  readonly act: string;
  readonly allowed: boolean;
  readonly because?: string;
  readonly until?: string;
}

describe('what may be done with a case now', () => {
  let world: CaseWorld;
  before(async () => {
    world = await caseWorld({}, 300);
  });
  after(() => world.close());
  const acts = async (caseId: string, who: Actor) => {
    const { body } = await world.as(who).get(`/api/cases/${caseId}`).expect(200);
    return new Map((body.acts as ActSeen[]).map((seen) => [seen.act, seen]));
  };
  const because = async (caseId: string, who: Actor, act: string) => {
    const seen = (await acts(caseId, who)).get(act);
    return seen?.allowed ? 'allowed' : seen?.because;
  };

  it('follows role, then workflow, from the report on', async () => {
    const doc = await world.open({});
    const { agent, analyst, compliance } = world.staff;
    assert.equal(await because(doc._id, agent, 'triageCase'), 'allowed');
    assert.equal(await because(doc._id, agent, 'closeCase'), 'not_allowed');
    assert.equal(await because(doc._id, analyst, 'closeCase'), 'allowed');
    assert.equal(await because(doc._id, analyst, 'freezeAccount'), 'no_account');
    assert.equal(await because(doc._id, analyst, 'reopenCase'), 'event_not_allowed');
    assert.equal(await because(doc._id, compliance, 'setLegalHold'), 'allowed');
    assert.equal(await because(doc._id, compliance, 'liftLegalHold'), 'legal_hold_missing');
    await world.as(compliance).post(`/api/cases/${doc._id}/legal-hold`, REASON).expect(200);
    assert.equal(await because(doc._id, analyst, 'closeCase'), 'legal_hold');
  });

  it('says what is missing before a release: proof, another pair of hands, time', async () => {
    const { doc } = await world.frozen();
    const { analyst, verifier, approver } = world.staff;
    assert.equal(await because(doc._id, analyst, 'closeCase'), 'still_frozen');
    assert.equal(await because(doc._id, analyst, 'retryFreeze'), 'nothing_to_retry');
    assert.equal(await because(doc._id, analyst, 'recordCheck'), 'no_check_begun');
    assert.equal(await because(doc._id, approver, 'approveRelease'), 'nothing_proposed');
    const proven = await world.proven();
    assert.equal(await because(proven.doc._id, verifier, 'proposeRelease'), 'own_verification');
    assert.equal(await because(proven.doc._id, analyst, 'proposeRelease'), 'allowed');
    const { body } = await world.propose(proven.doc._id);
    const waiting = (await acts(proven.doc._id, approver)).get('approveRelease');
    assert.deepEqual(waiting, {
      act: 'approveRelease',
      allowed: false,
      because: 'cooling_off',
      until: body['coolingOffUntil'],
    });
    const open = await world.as(approver).get('/api/release-proposals').expect(200);
    const mine = open.body.proposals.find(({ caseId }: { caseId: string }) => caseId === proven.doc._id);
    assert.equal(mine.because, 'cooling_off');
    assert.equal(mine.caseNumber, proven.doc.number);
    world.ctx.clock.advance(25 * HOUR);
    assert.equal(await because(proven.doc._id, approver, 'approveRelease'), 'allowed');
    assert.equal(await because(proven.doc._id, approver, 'declineRelease'), 'allowed');
  });

  it('says of a case of their own that nobody works on it, and customers are told nothing of acts', async () => {
    const { doc, customer } = await world.frozen();
    const { body } = await world.as(customer).get(`/api/cases/${doc._id}`).expect(200);
    assert.equal(body.acts, undefined);
    const owner = { ...world.staff.agent, id: customer.id };
    assert.equal(await because(doc._id, owner, 'assignCase'), 'own_case');
    assert.equal(await because(doc._id, owner, 'proposeRelease'), 'not_allowed');
  });

  it('never calls an act open that the operation then refuses for its state', async () => {
    const { doc } = await world.frozen();
    const seen = await acts(doc._id, world.staff.analyst);
    const { body } = await world.as(world.staff.analyst).get(`/api/cases/${doc._id}`).expect(200);
    const events: Readonly<Record<string, string>> = {
      triageCase: 'case.triaged',
      freezeAccount: 'freeze.requested',
      waiveFreeze: 'freeze.waived',
      requestIdentity: 'identity.requested',
      failIdentity: 'identity.failed',
      orderRemedies: 'remedy.ordered',
      proposeRelease: 'release.proposed',
      closeCase: 'case.closed',
      reopenCase: 'case.reopened',
    };
    for (const [act, event] of Object.entries(events))
      assert.equal(seen.get(act)?.allowed, body.allowed.includes(event), act);
  });
});
