import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import request from 'supertest';
import { can } from '../../src/access/index.js';
import { auditRoutes } from '../../src/audit/index.js';
import type { OpenedEventView } from '../../src/audit/view.js';
import { canonicalJson } from '../../src/kernel/canonical.js';
import { serveAs, type TestKernel, testActor, testKernel } from '../support/kernel.js';

describe('GET /api/audit/events/:eventId', () => {
  let kernel: TestKernel;
  let id: string;
  const compliance = testActor({ kind: 'person', id: 'person_c', roles: ['compliance'] });
  const api = (actor = compliance) => request(serveAs(kernel.ctx, auditRoutes, () => actor, can));
  const show = async () => (await api().get(`/api/audit/events/${id}`).expect(200)).body as OpenedEventView;
  const stored = (name: string) => kernel.ctx.db.connection.collection(name);
  const change = (name: string, update: object) => stored(name).updateOne({ _id: id as never }, { $set: update });

  before(async () => {
    kernel = await testKernel();
  });
  after(() => kernel.close());
  beforeEach(async () => {
    const action = `test.${Math.random().toString(36).slice(2)}`;
    await kernel.ctx.transact(testActor({ address: '203.0.113.9' }), async (tx) =>
      tx.record({ action, caseId: 'case_1', personal: { contact: 'lin@example.test' } }),
    );
    id = String((await kernel.events(action))[0]?.['_id']);
  });

  it('should require authentication', async () => {
    await api(testActor({ kind: 'anonymous', id: 'anonymous' }))
      .get(`/api/audit/events/${id}`)
      .expect(401);
  });

  it('shows the personal data behind the commitments, which a reader can check alone', async () => {
    const view = await show();
    assert.deepEqual(view.faults, []);
    assert.deepEqual(
      view.openings.map(({ field, value, fits }) => [field, value, fits]),
      [
        ['contact', 'lin@example.test', true],
        ['sourceAddress', '203.0.113.9', true],
      ],
    );
    const bytes = Buffer.from(view.canonical, 'base64');
    assert.equal(createHash('sha256').update(Buffer.of(0)).update(bytes).digest('base64'), view.leafHash);
    const [opening] = view.openings;
    const salted = createHash('sha256')
      .update(Buffer.from(opening?.salt ?? '', 'base64'))
      .update('lin@example.test');
    assert.equal(salted.digest('base64'), view.event?.commitments['contact']);
  });

  it('still checks when openings were taken away, and says which are missing', async () => {
    await stored('auditOpenings').deleteOne({ _id: id as never });
    const view = await show();
    assert.deepEqual(
      [view.faults, view.openings, view.erased, view.missing],
      [[], [], [], ['contact', 'sourceAddress']],
    );
  });

  it('shows that the bytes were changed behind our back', async () => {
    const { event } = await show();
    await change('auditEvents', {
      bytes: Buffer.from(canonicalJson({ ...event, action: 'nothing.happened', commitments: {} })),
    });
    assert.deepEqual((await show()).faults, ['leaf_hash', 'lookup_field', 'opening']);
    await change('auditEvents', { bytes: Buffer.from('{"action":"nothing.happened"}') });
    assert.deepEqual((await show()).faults, ['leaf_hash', 'unreadable']);
  });

  it('shows damage instead of failing on it', async () => {
    await change('auditEvents', { bytes: 'gone', leafHash: null, at: 'never' });
    const view = await show();
    assert.deepEqual([view.faults, view.event], [['leaf_hash', 'unreadable'], undefined]);
  });

  it('shows that an event was put into another case', async () => {
    await change('auditEvents', { caseId: 'case_2' });
    assert.deepEqual((await show()).faults, ['lookup_field']);
  });

  it('shows that an opening was exchanged', async () => {
    await stored('auditOpenings').updateOne(
      { _id: id as never },
      { $set: { 'openings.0.value': 'mallory@example.test' } },
    );
    const view = await show();
    assert.deepEqual([view.faults, view.openings[0]?.fits], [['opening'], false]);
  });

  it('records the reading with the fields that were opened', async () => {
    await show();
    const row = await stored('auditEvents').findOne(
      { action: 'audit.event-read' },
      { sort: { _id: -1 }, promoteBuffers: true },
    );
    const event = JSON.parse(String(row?.['bytes']));
    assert.deepEqual(
      [event.actor.id, event.target, event.facts],
      ['person_c', { kind: 'event', id }, { opened: ['contact', 'sourceAddress'] }],
    );
  });

  it('says that there is no such event, whatever the id looks like', async () => {
    await api().get('/api/audit/events/event_65f0a0a0a0a0a0a0a0a0a0a0').expect(404);
    await api().get('/api/audit/events/%00').expect(400);
    await api().get('/api/audit/events/%24ne').expect(400);
  });
});
