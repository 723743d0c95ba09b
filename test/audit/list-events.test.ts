import assert from 'node:assert/strict';
import request from 'supertest';
import { can } from '../../src/access/index.js';
import { auditRoutes } from '../../src/audit/index.js';
import type { EventPageView } from '../../src/audit/view.js';
import type { Role } from '../../src/kernel/actor.js';
import { serveAs, type TestKernel, testActor, testKernel } from '../support/kernel.js';

describe('GET /api/audit/events', () => {
  let kernel: TestKernel;
  let start: Date;
  const caller = (...roles: Role[]) => testActor({ kind: 'person', id: 'person_c', roles, address: '203.0.113.9' });
  const api = (actor = caller('compliance')) => request(serveAs(kernel.ctx, auditRoutes, () => actor, can));
  const page = async (query: Record<string, string> = {}) =>
    (await api().get('/api/audit/events').query(query).expect(200)).body as EventPageView;
  const actions = (view: EventPageView) => view.events.map(({ event }) => event?.action);

  before(async () => {
    kernel = await testKernel();
    start = kernel.ctx.clock.now();
    for (const [n, action] of ['a.one', 'a.two', 'a.three', 'a.four', 'a.five'].entries()) {
      kernel.ctx.clock.advance(60_000);
      const actor = testActor({ id: n % 2 ? 'worker' : 'cli' });
      await kernel.ctx.transact(actor, async (tx) =>
        tx.record({ action, caseId: `case_${n % 2}`, accountId: `U${n}`, result: n === 3 ? 'refused' : 'done' }),
      );
    }
    kernel.ctx.clock.advance(60_000);
  });
  after(() => kernel.close());

  it('should require authentication', async () => {
    await api(testActor({ kind: 'anonymous', id: 'anonymous' }))
      .get('/api/audit/events')
      .expect(401);
  });

  for (const role of ['customer', 'agent', 'analyst', 'approver', 'admin'] as const) {
    it(`is not for: ${role}`, async () => {
      await api(caller(role)).get('/api/audit/events').expect(403);
    });
  }

  it('gives newest first, with all that a reader needs to check each event', async () => {
    const view = await page({ to: new Date(start.getTime() + 330_000).toISOString() });
    assert.deepEqual(actions(view), ['a.five', 'a.four', 'a.three', 'a.two', 'a.one']);
    for (const { canonical, leafHash, faults, event } of view.events) {
      assert.deepEqual(faults, []);
      assert.deepEqual(JSON.parse(Buffer.from(canonical, 'base64').toString()), event);
      assert.equal(Buffer.from(leafHash, 'base64').length, 32);
    }
  });

  const filters: [Record<string, string>, string[]][] = [
    [{ actor: 'worker' }, ['a.four', 'a.two']],
    [{ caseId: 'case_0' }, ['a.five', 'a.three', 'a.one']],
    [{ action: 'a.two' }, ['a.two']],
    [{ accountId: 'U3' }, ['a.four']],
    [{ result: 'refused', caseId: 'case_1' }, ['a.four']],
    [{ actor: 'cli', caseId: 'case_1' }, []],
  ];
  for (const [filter, expected] of filters) {
    it(`filters by ${JSON.stringify(filter)}`, async () => assert.deepEqual(actions(await page(filter)), expected));
  }

  it('filters by time, the beginning included and the end not', async () => {
    const at = (await page({ action: 'a.three' })).events[0]?.at ?? '';
    const end = (await page({ action: 'a.four' })).events[0]?.at ?? '';
    assert.deepEqual(actions(await page({ from: at, to: end })), ['a.three']);
  });

  it('pages without repeating or losing an event while the log grows', async () => {
    const seen: (string | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const view: EventPageView = await page({ caseId: 'case_0', limit: '1', ...(cursor && { cursor }) });
      seen.push(...actions(view));
      cursor = view.next;
      if (cursor)
        await kernel.ctx.transact(testActor(), async (tx) => tx.record({ action: 'b.late', caseId: 'case_0' }));
    } while (cursor);
    assert.deepEqual(seen, ['a.five', 'a.three', 'a.one']);
  });

  it('pages through events of one instant', async () => {
    await kernel.ctx.transact(testActor(), async (tx) => {
      for (const action of ['c.1', 'c.2', 'c.3']) tx.record({ action, caseId: 'case_same' });
    });
    const first = await page({ caseId: 'case_same', limit: '2' });
    assert.deepEqual(actions(first), ['c.3', 'c.2']);
    assert.deepEqual(actions(await page({ caseId: 'case_same', limit: '2', cursor: first.next ?? '' })), ['c.1']);
  });

  it('records who read what, in the log itself', async () => {
    await page({ actor: 'worker', limit: '1' });
    const { events } = await page({ action: 'audit.page-read', actor: 'person_c', limit: '1' });
    const event = events[0]?.event;
    assert.equal(event?.actor.id, 'person_c');
    assert.deepEqual(event?.facts['filter'], { actor: 'worker' });
    assert.equal(event?.facts['events'], 1);
  });

  it('gives no page when the reading cannot be recorded', async () => {
    const transact = async () => Promise.reject(new Error('the log is not there'));
    const app = serveAs({ ...kernel.ctx, transact }, auditRoutes, () => caller('compliance'));
    const { text } = await request(app).get('/api/audit/events').expect(500);
    assert.ok(!text.includes('a.one'));
  });

  it('refuses cursors it did not give', async () => {
    const made = (text: string) => Buffer.from(text).toString('base64url');
    for (const cursor of [
      'x',
      made('1.event_0'),
      made('-1.event_65f0a0a0a0a0a0a0a0a0a0a0'),
      made(`${'9'.repeat(15)}9.event_65f0a0a0a0a0a0a0a0a0a0a0`),
    ]) {
      const { body } = await api().get('/api/audit/events').query({ cursor }).expect(400);
      assert.equal(body.code, 'cursor_not_valid', cursor);
    }
  });

  for (const query of [
    'limit=0',
    'limit=201',
    'actor[$ne]=x',
    'actor=$where',
    'actor=a&actor=b',
    'result=maybe',
    'from=yesterday',
    'order=asc',
  ]) {
    it(`refuses ?${query}`, () => api().get(`/api/audit/events?${query}`).expect(400));
  }
});
