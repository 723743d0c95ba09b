import assert from 'node:assert/strict';
import request from 'supertest';
import { can } from '../../src/access/index.js';
import { auditRoutes } from '../../src/audit/index.js';
import type { SearchPageView } from '../../src/audit/search-events.js';
import { type Actor, ROLES, type Role } from '../../src/kernel/actor.js';
import { serveAs, type TestKernel, testActor, testKernel } from '../support/kernel.js';

describe('POST /api/audit/searches', () => {
  let kernel: TestKernel;
  const person = (id: string, role: Role, address?: string) =>
    testActor({ kind: 'person', id, roles: [role], ...(address && { address }) });
  const compliance = person('person_c', 'compliance', '192.0.2.1');
  const api = (body: object, actor: Actor = compliance) =>
    request(serveAs(kernel.ctx, auditRoutes, () => actor, can))
      .post('/api/audit/searches')
      .send(body);
  const search = async (body: object) => (await api(body).expect(200)).body as SearchPageView;
  const actions = ({ events }: SearchPageView) => events.map(({ event }) => event?.action);
  const record = (actor: Actor, action: string, more: object = {}) => {
    kernel.ctx.clock.advance(1_000);
    return kernel.ctx.transact(actor, async (tx) => tx.record({ action, ...more }));
  };

  before(async () => {
    kernel = await testKernel();
    await record(person('person_a', 'agent', '203.0.113.9'), 'a.one', { caseId: 'case_1', facts: { number: 'FB-1' } });
    await record(person('person_b', 'analyst', '203.0.113.77'), 'a.two', { personal: { reason: 'Kaffee für 林小姐' } });
    await record(person('person_b', 'analyst', '2001:db8::7'), 'a.three', { facts: { deep: [{ word: 'FB-1' }] } });
    await record(person('person_d', 'approver', '198.51.100.1'), 'a.four', { result: 'refused' });
  });
  after(() => kernel.close());

  it('should require authentication', async () => {
    await api({}, testActor({ kind: 'anonymous', id: 'anonymous' })).expect(401);
  });

  for (const role of ROLES.filter((each) => each !== 'compliance'))
    it(`is not for: ${role}`, () => api({}, person('person_x', role)).expect(403));

  const searches: [object, string[]][] = [
    [{ role: 'analyst' }, ['a.three', 'a.two']],
    [{ role: 'analyst', sourceAddress: '203.0.113.77' }, ['a.two']],
    [{ sourceAddress: '203.0.113.9' }, ['a.one']],
    [{ sourceAddress: '203.0.113.0/24' }, ['a.two', 'a.one']],
    [{ sourceAddress: '2001:DB8:0::/32' }, ['a.three']],
    [{ text: 'fb-1' }, ['a.three', 'a.one']],
    [{ text: 'FB-1 case_1' }, ['a.one']],
    [{ text: '林小姐' }, ['a.two']],
    [{ text: 'KAFFEE  FÜR' }, ['a.two']],
    [{ text: 'a.four', result: 'refused' }, ['a.four']],
    [{ text: '.*' }, []],
    [{ text: 'commitments' }, []],
    [{ actor: 'person_b', text: 'FB-1' }, ['a.three']],
  ];
  for (const [body, expected] of searches)
    it(`finds by ${JSON.stringify(body)}`, async () => {
      const end = (await search({ action: 'a.four' })).events[0]?.at ?? '';
      const to = new Date(Date.parse(end) + 1).toISOString();
      assert.deepEqual(actions(await search({ ...body, to })), expected);
    });

  it('finds no address that was erased', async () => {
    const [one] = await kernel.events('a.one');
    const openings = kernel.ctx.db.connection.collection('auditOpenings');
    const row = await openings.findOneAndDelete({ _id: one?.['_id'] as never });
    assert.deepEqual(actions(await search({ sourceAddress: '203.0.113.9' })), []);
    await openings.insertOne(row as never);
  });

  it('pages to the end without repeating or losing one, while the log grows', async () => {
    const seen: (string | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const page: SearchPageView = await search({ text: 'a.', actor: 'person_b', limit: 1, ...(cursor && { cursor }) });
      seen.push(...actions(page));
      cursor = page.next;
      if (cursor) await record(person('person_b', 'analyst'), 'b.late');
    } while (cursor);
    assert.deepEqual(seen, ['a.three', 'a.two']);
  });

  it('goes on where a page has looked through as much as it may', async function () {
    this.timeout(300_000);
    const many = Array.from({ length: 1_250 });
    for (let n = 0; n < 4; n += 1)
      await kernel.ctx.transact(person('person_m', 'agent'), async (tx) => {
        for (const _ of many) tx.record({ action: 'c.many' });
      });
    const first = await search({ role: 'approver' });
    assert.deepEqual([actions(first), first.lookedThrough], [[], 5_000]);
    assert.equal(actions(await search({ role: 'approver', cursor: first.next })).at(-1), 'a.four');
  });

  it('records who looked for what, the words only as a commitment', async () => {
    await search({ text: '林小姐', sourceAddress: '203.0.113.77', action: 'a.two' });
    const row = (await kernel.events('audit.searched')).at(-1);
    const bytes = String(row?.['bytes']);
    const event = JSON.parse(bytes);
    assert.doesNotMatch(bytes, /林小姐|203\.0\.113/);
    assert.deepEqual(Object.keys(event.commitments).sort(), ['soughtAddress', 'soughtText', 'sourceAddress']);
    assert.deepEqual([event.actor.id, event.facts.events.length], ['person_c', 1]);
  });

  for (const body of [
    { text: '' },
    { text: 'x'.repeat(201) },
    { text: { $regex: 'x' } },
    { role: 'king' },
    { sourceAddress: '203.0.113.9/33' },
    { sourceAddress: '999.1.1.1' },
    { sourceAddress: 'localhost' },
    { limit: 201 },
    { cursor: 'x' },
    { from: 'yesterday' },
    { to: '2026-99-01T00:00:00Z' },
    { from: '2026-W10' },
  ])
    it(`refuses ${JSON.stringify(body).slice(0, 60)}`, () => api(body).expect(400));
});
