import assert from 'node:assert/strict';
import { DAY, HOUR } from '../../src/kernel/clock.js';
import { type CaseWorld, caseWorld, REASON } from './support.js';

describe('release by two people', () => {
  let world: CaseWorld;
  before(async () => {
    world = await caseWorld({}, 300);
  });
  after(() => world.close());
  afterEach(() => world.simulator.reset());
  const later = (hours = 25) => world.ctx.clock.advance(hours * HOUR);

  it('refuses a proposal by who verified the identity', async () => {
    const { doc } = await world.proven();
    const { body } = await world.as(world.staff.verifier).get(`/api/cases/${doc._id}`).expect(200);
    const refused = await world
      .as(world.staff.verifier)
      .post(`/api/cases/${doc._id}/release-proposals`, {
        scopes: body.freezes[0].scopes,
        outcome: 'recovered',
        ...REASON,
      })
      .expect(403);
    assert.equal(refused.body.code, 'own_verification');
  });

  it('refuses scopes that are not exactly those held', async () => {
    const { doc } = await world.proven();
    const refused = await world
      .as(world.staff.analyst)
      .post(`/api/cases/${doc._id}/release-proposals`, { scopes: ['trading'], outcome: 'recovered', ...REASON })
      .expect(422);
    assert.equal(refused.body.code, 'scopes_differ');
    assert.ok(refused.body.held.includes('crypto_withdrawal'));
    assert.equal((await world.case(doc._id)).state, 'verify-identity.passed');
  });

  it('refuses an approval by the proposer and by the verifier, whatever roles they hold', async () => {
    const both = await world.person(['analyst', 'approver']);
    const { doc } = await world.proven();
    const { path } = await world.propose(doc._id, both);
    later();
    assert.equal((await world.as(both).post(`${path}/approval`).expect(403)).body.code, 'own_proposal');
    const verifier = { ...world.staff.verifier, roles: ['analyst', 'approver'] as const };
    assert.equal((await world.as(verifier).post(`${path}/approval`).expect(403)).body.code, 'own_verification');
    assert.equal((await world.case(doc._id)).state, 'resolve.release-pending');
    const turnedDown = await world.kernel.events('release.refused-to-person');
    assert.equal(turnedDown.filter(({ caseId }) => caseId === doc._id).length, 2);
  });

  it('asks for a re-verification of proposing, approving and declining', async () => {
    const { doc } = await world.proven();
    const { path } = await world.propose(doc._id);
    for (const call of [
      world.as(world.staff.approver).plain(`${path}/approval`),
      world.as(world.staff.approver).plain(`${path}/refusal`, REASON),
      world
        .as(world.staff.analyst)
        .plain(`/api/cases/${doc._id}/release-proposals`, { scopes: ['trading'], outcome: 'recovered', ...REASON }),
    ])
      assert.equal((await call.expect(401)).body.code, 'step_up_required');
  });

  it('lets exactly one of two approvals at once win, and releases once', async () => {
    const { doc, accountId } = await world.proven();
    const { path } = await world.propose(doc._id);
    later();
    const answers = await Promise.all([
      world.as(world.staff.approver).post(`${path}/approval`),
      world.as(world.staff.second).post(`${path}/approval`),
    ]);
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [202, 409]);
    assert.equal(answers.find(({ status }) => status === 409)?.body.code, 'already_decided');
    await world.settle();
    assert.equal((await world.case(doc._id)).state, 'closed');
    const released = (await world.simulator.ledger(accountId)).filter(({ effect }) => effect === 'scope_released');
    assert.equal(released.length, new Set(released.map(({ subject }) => subject)).size);
    assert.equal((await world.kernel.events('release.approved')).filter(({ caseId }) => caseId === doc._id).length, 1);
  });

  it('lets a proposal expire 72 hours after the cooling-off, and another be made', async () => {
    const { doc } = await world.proven();
    const { path } = await world.propose(doc._id);
    later(97);
    assert.equal(
      (await world.as(world.staff.approver).post(`${path}/approval`).expect(409)).body.code,
      'proposal_expired',
    );
    await world.settle();
    assert.equal((await world.case(doc._id)).state, 'resolve.remediating');
    assert.equal(
      (await world.as(world.staff.approver).post(`${path}/approval`).expect(409)).body.code,
      'already_decided',
    );
    await world.propose(doc._id);
  });

  it('goes back to the remedies when it is declined', async () => {
    const { doc, accountId } = await world.proven();
    const { path } = await world.propose(doc._id);
    await world.as(world.staff.approver).post(`${path}/refusal`, REASON).expect(200);
    assert.equal((await world.case(doc._id)).state, 'resolve.remediating');
    later();
    assert.equal(
      (await world.as(world.staff.approver).post(`${path}/approval`).expect(409)).body.code,
      'already_decided',
    );
    await world.settle();
    assert.equal(await world.simulator.attempt(accountId, 'crypto_withdrawal'), false);
  });

  it('refuses a proposal before the identity is proven, and while a remedy is under way', async () => {
    const { doc: frozen } = await world.frozen();
    const refused = await world
      .as(world.staff.analyst)
      .post(`/api/cases/${frozen._id}/release-proposals`, { scopes: ['trading'], outcome: 'recovered', ...REASON })
      .expect(409);
    assert.equal(refused.body.code, 'event_not_allowed');
    assert.ok(refused.body.allowed.includes('identity.requested'));

    const { doc } = await world.proven();
    await world.simulator.fail({ fail: 'error_500', on: ['revoke_api_keys', 'read_operation'] });
    await world
      .as(world.staff.analyst)
      .post(`/api/cases/${doc._id}/remedies`, { kinds: ['revoke_api_keys'] })
      .expect(202);
    const waiting = await world
      .as(world.staff.analyst)
      .post(`/api/cases/${doc._id}/release-proposals`, { scopes: ['trading'], outcome: 'recovered', ...REASON })
      .expect(409);
    assert.equal(waiting.body.because, 'remedies_pending');
  });

  it('lets nobody approve a proposal of before a closing, nor any clock of it move the case', async () => {
    const { doc, customer } = await world.proven();
    const path = `/api/cases/${doc._id}`;
    const old = await world.propose(doc._id);
    await world.ctx.db.connection
      .collection('freezes')
      .updateMany({ caseId: doc._id }, { $set: { expiresAt: world.ctx.clock.now() } });
    await world.expire();
    await world
      .as(world.staff.analyst)
      .plain(`${path}/closing`, { outcome: 'withdrawn', ...REASON })
      .expect(200);
    await world.as(world.staff.analyst).plain(`${path}/reopening`, REASON).expect(200);
    await world.as(world.staff.agent).post(`${path}/freezes`, REASON).expect(202);
    await world.settle();
    await world.as(customer).post(`${path}/authenticator-check`).expect(200);
    const check = await world.as(world.staff.verifier).post(`${path}/identity-checks`, { method: 'document' });
    await world
      .as(world.staff.verifier)
      .post(`${path}/identity-checks/${check.body.checkId}/decision`, {
        result: 'passed',
        evidenceIds: [await world.evidence(doc._id)],
        note: 'the photo is of the same person',
      })
      .expect(200);
    later(20);
    const fresh = await world.propose(doc._id, await world.person(['analyst', 'approver']));
    later(5);
    assert.equal(
      (await world.as(world.staff.approver).post(`${old.path}/approval`).expect(409)).body.code,
      'already_decided',
    );
    later(72);
    await world.settle();
    assert.equal((await world.case(doc._id)).state, 'resolve.release-pending');
    await world.as(world.staff.approver).post(`${fresh.path}/approval`).expect(202);
  });

  it('asks for another proposal when the proposer had a hand in the proof after proposing', async () => {
    const { doc, customer, phoneId } = await world.frozen();
    const path = `/api/cases/${doc._id}`;
    const { verifier, analyst } = world.staff;
    const begin = async (order: object) =>
      (await world.as(verifier).post(`${path}/identity-checks`, order).expect(201)).body.checkId as string;
    const callback = await begin({ method: 'callback', contactPointId: phoneId });
    const document = await begin({ method: 'document' });
    await world.as(customer).post(`${path}/authenticator-check`).expect(200);
    const decision = { result: 'passed', note: 'the photo is of the same person' };
    const evidenceIds = [await world.evidence(doc._id)];
    await world
      .as(verifier)
      .post(`${path}/identity-checks/${document}/decision`, { ...decision, evidenceIds })
      .expect(200);
    const proposal = await world.propose(doc._id);
    await world.as(analyst).post(`${path}/identity-checks/${callback}/decision`, decision).expect(200);
    later();
    const refused = await world.as(world.staff.approver).post(`${proposal.path}/approval`).expect(403);
    assert.equal(refused.body.code, 'own_verification');
  });

  it('lets nobody of staff act on a case about their own account, whoever reported it', async () => {
    const { accountId } = await world.simulator.openAccount({ email: 'staff.too@example.org', sample: true });
    const owner = await world.person(['analyst', 'approver'], { accountId });
    const doc = await world.open({ accountId });
    const path = `/api/cases/${doc._id}`;
    for (const [act, body] of [
      ['freeze-waiver', REASON],
      ['closing', { outcome: 'false-report', ...REASON }],
      ['messages', { text: 'Leave it.' }],
      ['triage', { note: 'nothing to see' }],
    ] as const)
      assert.equal((await world.as(owner).post(`${path}/${act}`, body).expect(403)).body.code, 'own_case', act);
    const assignment = { personId: owner.id };
    const refused = await world.as(world.staff.agent).post(`${path}/assignment`, assignment).expect(403);
    assert.equal(refused.body.code, 'own_case');
    assert.equal((await world.case(doc._id)).state, 'intake.received');
  });

  it('closes when what confirms last is a freeze that expired before the approval', async () => {
    const { doc, accountId } = await world.proven();
    const path = `/api/cases/${doc._id}`;
    await world
      .as(world.staff.agent)
      .post(`${path}/freezes`, { hours: 24, ...REASON })
      .expect(202);
    await world.settle();
    const proposal = await world.propose(doc._id);
    later();
    await world.simulator.fail({ fail: 'error_500', on: ['release', 'read_operation'] });
    await world.expire();
    for (let tries = 0; tries < 3; tries += 1) {
      world.ctx.clock.advance(5_000);
      await world.settle();
    }
    await world.simulator.reset();
    await world.as(world.staff.approver).post(`${proposal.path}/approval`).expect(202);
    await world.settle();
    assert.equal((await world.case(doc._id)).state, 'resolve.release-pending'); // one of two is not confirmed
    world.ctx.clock.advance(HOUR);
    await world.settle();
    const closed = await world.case(doc._id);
    assert.deepEqual([closed.state, closed.outcome], ['closed', 'recovered']);
    assert.equal(await world.simulator.attempt(accountId, 'trading'), true);
    const about = world.mails.filter(({ params }) => params.caseNumber === doc.number);
    assert.equal(about.filter(({ template }) => template === 'account-released').length, 1);
    assert.equal(about.filter(({ params }) => params.reason === 'freeze-expired').length, 0);
  });

  it('voids the proof when a contact point it rests on is marked compromised before the approval', async () => {
    const { doc, customer, phoneId } = await world.frozen();
    const path = `/api/cases/${doc._id}`;
    const { verifier } = world.staff;
    for (const [order, decision] of [
      [{ method: 'callback', contactPointId: phoneId }, {}],
      [{ method: 'document' }, { evidenceIds: [await world.evidence(doc._id)] }],
    ]) {
      const { body } = await world.as(verifier).post(`${path}/identity-checks`, order).expect(201);
      await world
        .as(verifier)
        .post(`${path}/identity-checks/${body.checkId}/decision`, {
          result: 'passed',
          note: 'answers fit',
          ...decision,
        })
        .expect(200);
    }
    const { path: proposal } = await world.propose(doc._id);
    later();
    await world.ctx.db.connection
      .collection('people')
      .updateOne(
        { _id: customer.id as never, 'contactPoints._id': phoneId },
        { $set: { 'contactPoints.$.trust': 'compromised' } },
      );
    const refused = await world.as(world.staff.approver).post(`${proposal}/approval`).expect(409);
    assert.equal(refused.body.because, 'identity_not_proven');
  });

  it('stays released but open under legal hold, and is closed once that is lifted', async () => {
    const { doc } = await world.proven();
    const { path } = await world.propose(doc._id);
    later();
    await world.as(world.staff.compliance).post(`/api/cases/${doc._id}/legal-hold`, REASON).expect(200);
    await world.as(world.staff.approver).post(`${path}/approval`).expect(202);
    await world.settle();
    assert.equal((await world.case(doc._id)).state, 'resolve.released');
    const closing = { outcome: 'recovered', ...REASON };
    const refused = await world.as(world.staff.analyst).post(`/api/cases/${doc._id}/closing`, closing).expect(409);
    assert.equal(refused.body.because, 'legal_hold');
    await world.as(world.staff.compliance).post(`/api/cases/${doc._id}/legal-hold/lifting`, REASON).expect(200);
    await world.as(world.staff.analyst).post(`/api/cases/${doc._id}/closing`, closing).expect(200);
    assert.equal((await world.case(doc._id)).state, 'closed');
  });

  it('says nothing of released while the exchange is silent, pages staff once, and ends when it answers', async () => {
    const { doc, accountId } = await world.proven();
    const { path } = await world.propose(doc._id);
    later();
    await world.simulator.fail({ fail: 'error_500', on: ['release', 'read_operation'], times: 3 });
    await world.as(world.staff.approver).post(`${path}/approval`).expect(202);
    const pages = () => world.mails.filter(({ params }) => params.reason === 'release-unconfirmed').length;
    const before = pages();
    for (let tries = 0; tries < 6; tries += 1) {
      await world.settle();
      world.ctx.clock.advance(DAY / 24);
    }
    assert.equal(pages() - before, 1);
    assert.equal((await world.case(doc._id)).state, 'closed');
    assert.equal(await world.simulator.attempt(accountId, 'trading'), true);
  });
});
