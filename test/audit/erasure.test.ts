import assert from 'node:assert/strict';
import request from 'supertest';
import { can } from '../../src/access/index.js';
import { auditChecks } from '../../src/audit/checks.js';
import { eraseOpenings } from '../../src/audit/erase-openings.js';
import type { ErasureView } from '../../src/audit/erasure-view.js';
import { auditRoutes, erasureRoutes } from '../../src/audit/index.js';
import { AuditOpenings } from '../../src/audit/store.js';
import type { OpenedEventView } from '../../src/audit/view.js';
import { type Actor, ROLES, type Role } from '../../src/kernel/actor.js';
import type { AuditDraft } from '../../src/kernel/audit-draft.js';
import { runChecks } from '../../src/kernel/check.js';
import { serveAs, testActor } from '../support/kernel.js';
import { type LogFixture, logFixture } from './log-fixture.js';

const LIN = `person_${'1'.repeat(24)}`;
const WEI = `person_${'2'.repeat(24)}`;
const ANALYST = `person_${'3'.repeat(24)}`;
const person = (id: string, ...roles: Role[]) => testActor({ kind: 'person', id, roles, address: '203.0.113.9' });
const nobody = testActor({ kind: 'anonymous', id: 'anonymous', address: '203.0.113.9' });
const named = (id: string) => ({ target: { kind: 'person', id } });

/** Who did what, and which of the personal fields erasing Lin takes away. */
const STORY: readonly (readonly [string, Actor, AuditDraft, readonly string[]])[] = [
  [
    'registers',
    nobody,
    {
      action: 'registration.asked',
      target: { kind: 'registration', id: 'r' },
      personal: { email: 'lin@example.test' },
    },
    ['email', 'sourceAddress'],
  ],
  [
    'is registered',
    nobody,
    { action: 'person.registered', ...named(LIN), personal: { email: 'lin@example.test' } },
    ['email', 'sourceAddress'],
  ],
  [
    'another one is registered',
    nobody,
    { action: 'person.registered', ...named(WEI), personal: { email: 'wei@example.test' } },
    [],
  ],
  [
    'signs in',
    nobody,
    { action: 'session.opened', facts: { personId: LIN }, personal: { address: '203.0.113.9', userAgent: 'x' } },
    ['address', 'sourceAddress', 'userAgent'],
  ],
  [
    'links the account',
    person(LIN, 'customer'),
    { action: 'account.linked', ...named(LIN), accountId: 'U1' },
    ['sourceAddress'],
  ],
  [
    'reports',
    person(LIN, 'customer'),
    { action: 'report.received', caseId: 'case_1', accountId: 'U1', personal: { bodyHash: 'h' } },
    ['bodyHash', 'sourceAddress'],
  ],
  [
    'staff decide in that case',
    person(ANALYST, 'analyst'),
    { action: 'release.proposed', caseId: 'case_1', accountId: 'U1', personal: { reason: 'it was Lin' } },
    ['reason'],
  ],
  [
    'staff decide in another case',
    person(ANALYST, 'analyst'),
    { action: 'release.proposed', caseId: 'case_2', accountId: 'U2', personal: { reason: 'it was Wei' } },
    [],
  ],
  [
    'reports for an account of another',
    person(LIN, 'customer'),
    { action: 'report.received', caseId: 'case_2', accountId: 'U2', personal: { bodyHash: 'h' } },
    ['bodyHash', 'sourceAddress'],
  ],
  [
    'a case under legal hold',
    person(LIN, 'customer'),
    { action: 'report.received', caseId: 'case_3', accountId: 'U1', personal: { bodyHash: 'h' } },
    [],
  ],
  ['the hold', person(WEI, 'compliance'), { action: 'legal-hold.set', caseId: 'case_3', accountId: 'U1' }, []],
];

describe('erasing a person from the audit log', () => {
  let fixture: LogFixture;
  let ids: string[];
  let order: ErasureView;
  const routes = [...auditRoutes, ...erasureRoutes];
  const api = (actor: Actor = person(WEI, 'compliance')) =>
    request(serveAs(fixture.kernel.ctx, routes, () => actor, can));
  const asked = (body: object = { personId: LIN, ground: 'request' }, actor?: Actor) =>
    api(actor).post('/api/audit/erasures').set('Reverification', 'given').send(body);
  const show = async (id: string) => (await api().get(`/api/audit/events/${id}`).expect(200)).body as OpenedEventView;
  const faults = async () => {
    const ctx = { ...fixture.kernel.ctx, auditLog: fixture.log };
    const reports = await runChecks(ctx, auditChecks, { deep: false });
    return [...new Set(reports.flatMap(({ findings }) => findings.map(({ kind }) => kind)))].toSorted();
  };
  const carryOut = () => eraseOpenings(fixture.kernel.ctx, order.id, 'job_1');

  beforeEach(async () => {
    fixture = await logFixture({ leaseMs: 0 });
    for (const [, actor, draft] of STORY) {
      fixture.kernel.ctx.clock.advance(1_000);
      await fixture.kernel.ctx.transact(actor, async (tx) => tx.record(draft));
    }
    ids = (await fixture.events()).map(({ _id }) => _id);
    await fixture.log.tick();
    fixture.kernel.ctx.clock.advance(1_000);
    order = (await asked().expect(202)).body as ErasureView;
  });
  afterEach(() => fixture.close());

  it('should require authentication', async () => {
    await asked(undefined, nobody).expect(401);
    await api(nobody).get(`/api/audit/erasures/${order.id}`).expect(401);
  });

  for (const role of ROLES.filter((each) => each !== 'compliance'))
    it(`is not for: ${role}`, async () => {
      await asked(undefined, person(WEI, role)).expect(403);
    });

  for (const body of [
    {},
    { personId: LIN },
    { personId: LIN, ground: 'because' },
    { personId: { $ne: '' }, ground: 'order' },
    { personId: 'cli', ground: 'order' },
  ])
    it(`refuses ${JSON.stringify(body)}`, () => asked(body).expect(400));

  it('takes what is about the person, says when, and leaves the rest', async () => {
    await carryOut();
    for (const [n, [what, , , gone]] of STORY.entries()) {
      const view = await show(ids[n] as string);
      assert.deepEqual(view.erased.map(({ field }) => field).toSorted(), gone, what);
      assert.deepEqual([view.faults, view.missing], [[], []], what);
      for (const { at, erasureId, says } of view.erased) {
        assert.equal(erasureId, order.id);
        assert.equal(says.en, `erased on ${at.slice(0, 10)}`);
        assert.equal(says['zh-CN'], `已于 ${at.slice(0, 10)} 抹除`);
      }
    }
  });

  it('leaves nothing of it in the store, while the log and fsck still hold', async () => {
    const before = await fixture.checkpoints();
    await carryOut();
    await fixture.log.tick();
    const kept = await AuditOpenings(fixture.kernel.ctx.db).collection.find({}).toArray();
    assert.doesNotMatch(JSON.stringify(kept), /lin@example\.test|it was Lin/);
    assert.match(JSON.stringify(kept), /wei@example\.test/);
    assert.deepEqual(await faults(), []);
    assert.deepEqual((await fixture.checkpoints()).slice(0, before.length), before);
  });

  it('is in the log: who ordered it, what was erased, what was kept', async () => {
    await carryOut();
    const { body } = await api().get(`/api/audit/erasures/${order.id}`).expect(200);
    assert.deepEqual([body.erased, body.kept, body.orderedBy], [13, 2, WEI]);
    assert.ok(body.doneAt);
    const { events } = (await api().get('/api/audit/events').query({ action: 'erasure.openings-erased' })).body;
    assert.deepEqual([events.length, events[0].event.target.id, events[0].event.facts.openings], [1, order.id, 13]);
  });

  it('can be run again, and by two at once, without erasing or saying anything twice', async () => {
    await Promise.allSettled([carryOut(), carryOut()]);
    await carryOut();
    await carryOut();
    assert.equal((await fixture.kernel.events('erasure.finished')).length, 1);
    assert.deepEqual(await faults(), []);
    const { body } = await api().get(`/api/audit/erasures/${order.id}`).expect(200);
    assert.equal(body.erased, 13);
  });

  it('takes nothing that was recorded after the order', async () => {
    fixture.kernel.ctx.clock.advance(1_000);
    await fixture.kernel.ctx.transact(person(LIN, 'customer'), async (tx) => tx.record({ action: 'late.act' }));
    await carryOut();
    const [late] = await fixture.kernel.events('late.act');
    assert.equal((await show(String(late?.['_id']))).openings.length, 1);
  });

  it('is no cover for taking more: fsck holds each mark to the log', async () => {
    await carryOut();
    const mark = { fields: ['email'], at: new Date(), erasure: order.id, batch: 1 };
    await AuditOpenings(fixture.kernel.ctx.db).collection.updateOne({ _id: ids[2] as never }, {
      $pull: { openings: { field: 'email' } },
      $push: { erased: mark },
    } as never);
    assert.deepEqual(await faults(), ['audit-erasure']);
  });

  it('has its date from the log: fsck finds a mark that says another', async () => {
    await carryOut();
    const marked = AuditOpenings(fixture.kernel.ctx.db).collection;
    const row = await marked.findOne({ 'erased.0': { $exists: true } });
    await marked.updateOne({ _id: row?._id as never }, { $set: { 'erased.0.at': new Date(0) } });
    assert.deepEqual(await faults(), ['audit-erasure']);
  });

  it('answers alike for whoever is not in the log, and says that there is no such erasure', async () => {
    order = (await asked({ personId: `person_${'9'.repeat(24)}`, ground: 'order' }).expect(202)).body;
    await carryOut();
    const { body } = await api().get(`/api/audit/erasures/${order.id}`).expect(200);
    assert.deepEqual([body.erased, body.kept], [0, 0]);
    await api()
      .get(`/api/audit/erasures/erasure_${'0'.repeat(24)}`)
      .expect(404);
  });
});
