import assert from 'node:assert/strict';
import { newId } from '../../src/kernel/ids.js';
import { type CaseWorld, caseWorld, REASON } from './support.js';

describe('verify identity', () => {
  let world: CaseWorld;
  before(async () => {
    world = await caseWorld();
  });
  after(() => world.close());

  const NOTE = { note: 'compared with what we have' };
  const start = (caseId: string, body: object) =>
    world.as(world.staff.verifier).plain(`/api/cases/${caseId}/identity-checks`, body);
  const decide = (caseId: string, checkId: string, body: object) =>
    world
      .as(world.staff.verifier)
      .post(`/api/cases/${caseId}/identity-checks/${checkId}/decision`, { ...NOTE, ...body });

  it('passes by authenticator and document, and not by either alone', async () => {
    const { doc, customer } = await world.frozen();
    const first = await world.as(customer).post(`/api/cases/${doc._id}/authenticator-check`).expect(200);
    assert.equal(first.body.state.name, 'verify-identity.in-review');
    assert.equal(first.body.identity.met, false);
    const { body } = await start(doc._id, { method: 'document' }).expect(201);
    const passed = await decide(doc._id, body.checkId, {
      result: 'passed',
      evidenceIds: [await world.evidence(doc._id)],
    }).expect(200);
    assert.equal(passed.body.state.name, 'verify-identity.passed');
    assert.deepEqual(
      passed.body.checks.map(({ counts }: { counts: boolean }) => counts),
      [true, true],
    );
  });

  it('passes when the last two checks are recorded at the same moment', async () => {
    const { doc, phoneId } = await world.frozen();
    const call = await start(doc._id, { method: 'callback', contactPointId: phoneId }).expect(201);
    const paper = await start(doc._id, { method: 'document' }).expect(201);
    const evidenceIds = [await world.evidence(doc._id)];
    await Promise.all([
      decide(doc._id, call.body.checkId, { result: 'passed' }).expect(200),
      decide(doc._id, paper.body.checkId, { result: 'passed', evidenceIds }).expect(200),
    ]);
    assert.equal((await world.case(doc._id)).state, 'verify-identity.passed');
  });

  it('does not count an authenticator that is too new, nor that of somebody else', async () => {
    const now = world.ctx.clock.now();
    const young = await world.customer({
      totp: { secret: 'sealed', enrolledAt: now, confirmedAt: now, lastStep: 1, failures: 0 },
    });
    const doc = await world.open(
      { customerId: young.actor.id, accountId: young.accountId, reverified: true },
      young.actor,
    );
    await world.settle();
    const refused = await world.as(young.actor).post(`/api/cases/${doc._id}/authenticator-check`).expect(403);
    assert.equal(refused.body.code, 'factor_too_young');
    const other = await world.customer();
    await world.as(other.actor).post(`/api/cases/${doc._id}/authenticator-check`).expect(404);
    await world.as(world.staff.analyst).post(`/api/cases/${doc._id}/authenticator-check`).expect(404);
    await world.as(young.actor).plain(`/api/cases/${doc._id}/authenticator-check`).expect(401);
  });

  it('knows no authenticator where the policy does not: account takeover', async () => {
    const { actor, accountId } = await world.customer();
    const doc = await world.open(
      { kind: 'account_takeover', customerId: actor.id, accountId, reverified: true },
      actor,
    );
    await world.settle();
    const refused = await world.as(actor).post(`/api/cases/${doc._id}/authenticator-check`).expect(422);
    assert.equal(refused.body.code, 'method_not_accepted');
  });

  it('passes a document only on evidence of this very case', async () => {
    const { doc } = await world.frozen();
    const { doc: other } = await world.frozen();
    const { body } = await start(doc._id, { method: 'document' }).expect(201);
    for (const evidenceIds of [undefined, [await world.evidence(other._id)], [`evidence_${'0'.repeat(24)}`]]) {
      const refused = await decide(doc._id, body.checkId, {
        result: 'passed',
        ...(evidenceIds && { evidenceIds }),
      }).expect(422);
      assert.equal(refused.body.code, 'evidence_missing');
    }
    await decide(doc._id, body.checkId, { result: 'failed' }).expect(200);
    assert.equal((await decide(doc._id, body.checkId, { result: 'failed' }).expect(409)).body.code, 'already_decided');
  });

  it('calls nobody back on a compromised, a new or an unknown number, not even when it was fine at the start', async () => {
    const { doc, customer, phoneId } = await world.frozen();
    const people = world.ctx.db.connection.collection('people');
    const { body } = await start(doc._id, { method: 'callback', contactPointId: phoneId }).expect(201);
    await people.updateOne(
      { _id: customer.id as never, 'contactPoints._id': phoneId },
      { $set: { 'contactPoints.$.trust': 'compromised' } },
    );
    assert.equal(
      (await decide(doc._id, body.checkId, { result: 'passed' }).expect(422)).body.code,
      'contact_point_refused',
    );
    const fresh = newId('contact');
    const addedAt = world.ctx.clock.now();
    await people.updateOne({ _id: customer.id as never }, {
      $push: { contactPoints: { _id: fresh, kind: 'phone', value: '+8613900000000', trust: 'normal', addedAt } },
    } as never);
    for (const contactPointId of [phoneId, fresh, `contact_${'0'.repeat(24)}`])
      assert.equal(
        (await start(doc._id, { method: 'callback', contactPointId }).expect(422)).body.code,
        'contact_point_refused',
      );
    await start(doc._id, { method: 'callback' }).expect(422);
  });

  it('shows who verifies which numbers may be called, and keeps that they looked', async () => {
    const { doc, phoneId } = await world.frozen();
    const path = `/api/cases/${doc._id}/contact-points`;
    await world.as(world.staff.agent).get(path).expect(403);
    const { body } = await world.as(world.staff.verifier).get(path).expect(200);
    const callable = body.contactPoints.filter((point: { mayCallBack: boolean }) => point.mayCallBack);
    assert.deepEqual(
      callable.map(({ contactPointId }: { contactPointId: string }) => contactPointId),
      [phoneId],
    );
    const looked = await world.kernel.events('case.contact-points-read');
    assert.equal(looked.filter(({ caseId }) => caseId === doc._id).length, 1);
  });

  it('makes every passed check worthless once the identity has failed', async () => {
    const { doc } = await world.proven();
    const failed = await world
      .as(world.staff.analyst)
      .plain(`/api/cases/${doc._id}/identity-failure`, REASON)
      .expect(200);
    assert.equal(failed.body.state.name, 'verify-identity.failed');
    assert.equal(failed.body.identity.met, false);
    assert.equal(failed.body.identity.round, 2);
    const old = failed.body.checks[1].checkId;
    assert.equal((await decide(doc._id, old, { result: 'passed' }).expect(409)).body.code, 'already_decided');
    const { body } = await start(doc._id, { method: 'document' }).expect(201);
    assert.equal(body.case.state.name, 'verify-identity.in-review');
  });

  it('has nobody to prove where nobody is known', async () => {
    const doc = await world.open({});
    await world.as(world.staff.agent).plain(`/api/cases/${doc._id}/freeze-waiver`, REASON).expect(200);
    assert.equal((await start(doc._id, { method: 'document' }).expect(422)).body.code, 'nobody_to_verify');
  });

  it('names the checks of the policy when the customer is asked', async () => {
    const { doc } = await world.frozen();
    await world.as(world.staff.agent).plain(`/api/cases/${doc._id}/identity-request`).expect(200);
    await world.settle();
    const mail = world.mails.find(
      ({ template, params }) => template === 'identity-needed' && params.caseNumber === doc.number,
    );
    assert.deepEqual(mail?.params.checks, ['authenticator', 'document', 'callback']);
  });

  it('writes to no compromised mailbox and calls staff instead', async () => {
    const { doc, customer } = await world.frozen();
    await world.ctx.db.connection
      .collection('people')
      .updateOne({ _id: customer.id as never }, { $set: { 'contactPoints.0.trust': 'compromised' } });
    await world.as(world.staff.agent).plain(`/api/cases/${doc._id}/identity-request`).expect(200);
    await world.settle();
    const mails = world.mails.filter(({ params }) => params.caseNumber === doc.number);
    assert.equal(
      mails.some(({ template }) => template === 'identity-needed'),
      false,
    );
    assert.ok(mails.some(({ params }) => params.reason === 'customer-unreachable'));
  });
});
