import assert from 'node:assert/strict';
import { findOpenCase, joinCase, openCase } from '../../src/cases/index.js';
import type { Actor } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/ids.js';
import { testActor } from '../support/kernel.js';
import { type CaseWorld, caseWorld } from './support.js';

describe('openCase', () => {
  let world: CaseWorld;
  before(async () => {
    world = await caseWorld();
  });
  after(() => world.close());

  it('freezes at once when an urgent report was re-verified by the customer of the account', async () => {
    const { doc, accountId } = await world.frozen();
    assert.equal(doc.state, 'freeze-account.frozen');
    assert.deepEqual(
      doc.history.map(({ event, to }) => [event, to]),
      [
        ['case.opened', 'freeze-account.requested'],
        ['freeze.confirmed', 'freeze-account.frozen'],
      ],
    );
    assert.equal(await world.simulator.attempt(accountId, 'crypto_withdrawal'), false);
    const definition = world.ctx.workflows.current('unauthorized_trade');
    assert.deepEqual(doc.workflow, { id: definition.id, version: definition.version, sha256: definition.sha256 });
  });

  it('does not say frozen before the exchange has answered', async () => {
    const { actor, accountId } = await world.customer();
    const doc = await world.open({ customerId: actor.id, accountId, reverified: true }, actor);
    assert.equal((await world.case(doc._id)).state, 'freeze-account.requested');
    assert.ok(doc.due);
    await world.settle();
    assert.equal((await world.case(doc._id)).state, 'freeze-account.frozen');
  });

  it('waits for staff when the report was not re-verified, is of a calm kind, or names no account', async () => {
    for (const over of [{ reverified: false }, { kind: 'other' as const }, { accountId: undefined }]) {
      const { actor, accountId } = await world.customer();
      const doc = await world.open({ customerId: actor.id, accountId, reverified: true, ...over }, actor);
      await world.settle();
      assert.equal((await world.case(doc._id)).state, 'intake.received');
      assert.equal(await world.simulator.attempt(accountId, 'crypto_withdrawal'), true);
    }
  });

  it('never freezes at once for an anonymous report, whatever it claims', async () => {
    const { accountId } = await world.customer();
    const doc = await world.open({ accountId, reverified: true });
    assert.equal(doc.state, 'intake.received');
  });

  it('records the opening in the audit log with number, kind and definition', async () => {
    const { actor, accountId } = await world.customer();
    const doc = await world.open({ customerId: actor.id, accountId }, actor);
    const [event] = (await world.kernel.events('case.opened')).filter(({ caseId }) => caseId === doc._id);
    assert.ok(event);
  });

  it('opens one case for any number of reports of one loss at the same moment', async () => {
    const { actor, accountId } = await world.customer();
    const report = () => fileReport(world, actor, accountId, false);
    const docs = await Promise.all(Array.from({ length: 5 }, report));
    assert.equal(new Set(docs.map(({ _id }) => _id)).size, 1);
    assert.equal((await world.case(docs[0]?._id ?? '')).reports, 5);
  });

  it('freezes when the second report is re-verified, and only while nothing is frozen yet', async () => {
    const { actor, accountId } = await world.customer();
    await fileReport(world, actor, accountId, false);
    const doc = await fileReport(world, actor, accountId, true);
    assert.equal(doc.state, 'freeze-account.requested');
    await world.settle();
    await fileReport(world, actor, accountId, true);
    await world.settle();
    assert.equal((await world.case(doc._id)).state, 'freeze-account.frozen');
    const frozen = (await world.simulator.ledger(accountId)).filter(({ effect }) => effect === 'scope_frozen');
    assert.equal(frozen.length, new Set(frozen.map(({ subject }) => subject)).size);
  });

  it('keeps the cases of a customer and of a stranger about the same account apart', async () => {
    const { actor, accountId } = await world.customer();
    const stranger = await world.open({
      accountId,
      reporter: { kind: 'anonymous', contactHash: 'hash of the victim' },
    });
    assert.equal(await findOpenCase(world.ctx.db, { kind: 'unauthorized_trade', customerId: actor.id }), null);
    const found = await findOpenCase(world.ctx.db, { kind: 'unauthorized_trade', contactHash: 'hash of the victim' });
    assert.equal(found?._id, stranger._id);
    assert.equal(await findOpenCase(world.ctx.db, { kind: 'phishing', contactHash: 'hash of the victim' }), null);
    assert.equal(await findOpenCase(world.ctx.db, { kind: 'phishing' }), null);
  });

  it('keeps nothing of a case whose transaction fails', async () => {
    const { actor, accountId } = await world.customer();
    const failed = world.ctx.transact(actor, async (tx) => {
      await openCase(tx, world.ctx, {
        kind: 'phishing',
        customerId: actor.id,
        accountId,
        reporter: { kind: 'customer' },
        urgent: true,
        reverified: true,
        language: 'en',
      });
      throw new Error('the evidence could not be kept');
    });
    await assert.rejects(failed, /evidence/);
    assert.equal(await findOpenCase(world.ctx.db, { kind: 'phishing', customerId: actor.id }), null);
    await world.settle();
    assert.equal(await world.simulator.attempt(accountId, 'crypto_withdrawal'), true);
  });
});

describe('a hold on an anonymous report', () => {
  let world: CaseWorld;
  before(async () => {
    world = await caseWorld();
  });
  after(() => world.close());
  const held = async () => {
    const owner = await world.customer();
    const doc = await world.open({ accountId: owner.accountId, hold: true });
    await world.settle();
    return { ...owner, doc: await world.case(doc._id) };
  };

  it('stops withdrawals and nothing else, leaves the case in intake, and tells the owner everywhere', async () => {
    const { doc, accountId, phoneId } = await held();
    assert.equal(doc.state, 'intake.received');
    assert.equal(await world.simulator.attempt(accountId, 'crypto_withdrawal'), false);
    assert.equal(await world.simulator.attempt(accountId, 'trading'), true);
    assert.equal(await world.simulator.attempt(accountId, 'sign_in'), true);
    const told = (await world.simulator.ledger(accountId)).filter(({ effect }) => effect === 'owner_notified');
    assert.equal(told.length, 1);
    const mails = world.mails.filter(({ params }) => params.caseNumber === doc.number);
    assert.deepEqual(
      mails.filter(({ template }) => template === 'hold-placed').map(({ to }) => to),
      [`${phoneId}@example.org`],
    );
  });

  it('ends by itself', async () => {
    const { doc, accountId } = await held();
    world.ctx.clock.advance(5 * 3_600_000);
    await world.expire();
    assert.equal(await world.simulator.attempt(accountId, 'crypto_withdrawal'), true);
    assert.equal((await world.case(doc._id)).history.at(-1)?.event, 'hold.expired');
  });

  it('is listed to the owner and ended by them with an old authenticator', async () => {
    const { doc, actor, accountId } = await held();
    const { body } = await world.as(actor).get('/api/holds').expect(200);
    assert.equal(body.holds.length, 1);
    assert.equal(body.holds[0].caseNumber, doc.number);
    const path = `/api/holds/${body.holds[0].freezeId}/cancellation`;
    await world.as(actor).plain(path).expect(401);
    await world.as(actor).post(path).expect(204);
    await world.settle();
    assert.equal(await world.simulator.attempt(accountId, 'crypto_withdrawal'), true);
    assert.equal((await world.case(doc._id)).history.at(-1)?.event, 'hold.cancelled');
    assert.equal((await world.as(actor).post(path).expect(404)).body.code, 'hold_not_found');
  });

  it('is not ended by somebody else, nor with a new authenticator, nor is a freeze ended this way', async () => {
    const { doc } = await held();
    const other = await world.customer();
    const [freeze] = (await world.as(world.staff.agent).get(`/api/cases/${doc._id}`)).body.freezes;
    const path = `/api/holds/${freeze.freezeId}/cancellation`;
    assert.equal((await world.as(other.actor).post(path).expect(404)).body.code, 'hold_not_found');

    const now = world.ctx.clock.now();
    const young = await world.customer({
      totp: { secret: 'sealed', enrolledAt: now, confirmedAt: now, lastStep: 1, failures: 0 },
    });
    await world.open({ accountId: young.accountId, hold: true });
    await world.settle();
    const { body } = await world.as(young.actor).get('/api/holds').expect(200);
    const refused = await world.as(young.actor).post(`/api/holds/${body.holds[0].freezeId}/cancellation`).expect(403);
    assert.equal(refused.body.code, 'factor_too_young');

    const frozen = await world.frozen();
    const [own] = (await world.as(world.staff.agent).get(`/api/cases/${frozen.doc._id}`)).body.freezes;
    await world.as(frozen.customer).post(`/api/holds/${own.freezeId}/cancellation`).expect(404);
  });

  it('does not stop closing, for it ends by itself', async () => {
    const { doc } = await held();
    await world
      .as(world.staff.analyst)
      .post(`/api/cases/${doc._id}/closing`, { outcome: 'false-report', reason: 'the owner says all is well' })
      .expect(200);
  });

  it('tells whoever holds the tracking link nothing of the account', async () => {
    const views = [];
    for (const accountId of [(await world.customer()).accountId, undefined]) {
      const token = newId('x').padEnd(43, 'A').slice(0, 43).replace('_', '-');
      const { hashToken } = await import('../../src/kernel/ids.js');
      await world.open({ accountId, hold: true, trackingHash: hashToken(token) });
      await world.settle();
      const { body } = await world
        .as(testActor({ kind: 'anonymous', id: 'anonymous' }))
        .get('/api/tracking')
        .set('Tracking-Token', token)
        .expect(200);
      const { number: _, openedAt: __, ...rest } = body;
      views.push(rest);
    }
    assert.deepEqual(views[0], views[1]);
  });
});

/** What reports do with a report: join the open case about the same, or open one. */
async function fileReport({ ctx }: CaseWorld, actor: Actor, accountId: string, reverified: boolean) {
  return ctx.transact(actor, async (tx) => {
    const kind = 'unauthorized_trade' as const;
    const known = await findOpenCase(tx, { kind, customerId: actor.id });
    if (known) return joinCase(tx, ctx, known, { reportId: newId('report'), urgent: true, reverified, accountId });
    return openCase(tx, ctx, {
      kind,
      customerId: actor.id,
      accountId,
      reporter: { kind: 'customer' },
      urgent: true,
      reverified,
      language: 'zh-CN',
    });
  });
}
