import assert from 'node:assert/strict';
import request from 'supertest';
import { can } from '../../src/access/index.js';
import { anomalyRoutes } from '../../src/audit/index.js';
import type { AnomalyPageView } from '../../src/audit/view.js';
import { type Actor, ROLES, type Role } from '../../src/kernel/actor.js';
import { LOCALES } from '../../src/kernel/locale.js';
import { serveAs, type TestKernel, testActor, testKernel } from '../support/kernel.js';

const MINUTE = 60_000;
/** 10:00 in Shanghai, 02:00 in UTC. */
const MORNING = Date.parse('2031-03-04T02:00:00Z');

describe('GET /api/audit/anomalies', () => {
  let kernel: TestKernel;
  const person = (id: string, role: Role) => testActor({ kind: 'person', id, roles: [role] });
  const compliance = person('person_c', 'compliance');
  const get = (query: object, actor: Actor = compliance) =>
    request(serveAs(kernel.ctx, anomalyRoutes, () => actor, can))
      .get('/api/audit/anomalies')
      .query(query);
  const window = { from: '2031-03-04T00:00:00Z', to: '2031-03-05T00:00:00Z' };
  const list = async (query: object = {}) => (await get({ ...window, ...query }).expect(200)).body as AnomalyPageView;
  const found = ({ anomalies }: AnomalyPageView) =>
    anomalies.map(({ kind, personId, caseId, count }) => [kind, personId, caseId ?? '', count].join(' '));
  const at = async (minutes: number, actor: Actor, action: string, more: object = {}) => {
    const { clock, transact } = kernel.ctx;
    clock.advance(MORNING + minutes * MINUTE - clock.now().getTime());
    await transact(actor, async (tx) => tx.record({ action, ...more }));
  };

  beforeEach(async () => {
    kernel = await testKernel();
  });
  afterEach(() => kernel.close());

  it('should require authentication', async () => {
    await get(window, testActor({ kind: 'anonymous', id: 'anonymous' })).expect(401);
  });

  for (const role of ROLES.filter((each) => each !== 'compliance'))
    it(`is not for: ${role}`, () => get(window, person('person_x', role)).expect(403));

  it('lists nothing of an ordinary day', async () => {
    const li = person('person_li', 'agent');
    await at(-3 * 24 * 60, testActor({ kind: 'anonymous', id: 'anonymous' }), 'case.opened', { caseId: 'case_1' });
    await at(1, li, 'case.triaged', { caseId: 'case_1' });
    await at(2, li, 'case.assigned', { caseId: 'case_1', facts: { from: null, to: 'person_li' } });
    await at(3, li, 'freeze.ordered', { caseId: 'case_1' });
    await at(4, person('person_ap', 'approver'), 'release.approved', { caseId: 'case_1' });
    await at(5, person('person_cu', 'customer'), 'evidence.listed', { caseId: 'case_1' });
    await at(13 * 60, person('person_cu', 'customer'), 'case.message-added', { caseId: 'case_1' });
    assert.deepEqual(found(await list()), []);
  });

  it('lists acts and looks in cases of others, together by person and case, as it was at that instant', async () => {
    const [li, wang] = [person('person_li', 'agent'), person('person_wang', 'analyst')];
    await at(0, li, 'case.assigned', { caseId: 'case_1', facts: { from: null, to: 'person_li' } });
    await at(1, li, 'case.message-added', { caseId: 'case_1' });
    await at(2, wang, 'evidence.downloaded', { caseId: 'case_1' });
    await at(3, wang, 'freeze.extension-ordered', { caseId: 'case_1' });
    await at(4, wang, 'case.assigned', { caseId: 'case_1', facts: { from: 'person_li', to: 'person_wang' } });
    await at(5, wang, 'case.closed', { caseId: 'case_1' });
    await at(6, li, 'case.message-added', { caseId: 'case_1' });
    await at(7, li, 'case.viewed', { caseId: 'case_2' });
    const page = await list();
    assert.deepEqual(found(page), [
      'outside-case person_li case_2 1',
      'outside-case person_li case_1 1',
      'outside-case person_wang case_1 2',
    ]);
    const [, , two] = page.anomalies;
    const minutes = [two?.first, two?.last].map((time) => time?.slice(0, 16)); // the clock goes on meanwhile
    assert.deepEqual(minutes, ['2031-03-04T02:02', '2031-03-04T02:03']);
    assert.equal(two?.events.length, 2);
    for (const locale of LOCALES) assert.ok(two?.says[locale]);
  });

  it('lists odd hours of staff by the clock of their place, together by day', async () => {
    const li = person('person_li', 'agent');
    await at(12 * 60 - 1, li, 'session.opened'); // 21:59
    await at(12 * 60, li, 'case.triaged'); // 22:00
    await at(13 * 60, li, 'freeze.ordered');
    await at(13 * 60 + 1, li, 'session.refreshed');
    await at(15 * 60, li, 'case.closed'); // 01:00 of the next day
    assert.deepEqual(found(await list()), ['odd-hours person_li  1', 'odd-hours person_li  2']);
    assert.deepEqual(found(await list({ timeZone: 'UTC' })), []);
    assert.deepEqual(found(await list({ dayFrom: 20, dayTo: 4 })), []);
    assert.deepEqual(found(await list({ dayFrom: 0, dayTo: 24 })), []);
  });

  it('lists who looks at unusually much within an hour', async () => {
    const li = person('person_li', 'agent');
    for (let n = 0; n < 4; n += 1) await at(n, li, 'evidence.previewed', { caseId: `case_${n}` });
    await at(61, li, 'evidence.previewed', { caseId: 'case_9' });
    assert.deepEqual(found(await list({ viewsPerHour: 3 })), ['many-views person_li  4']);
    assert.deepEqual(found(await list({ viewsPerHour: 4 })), []);
  });

  it('lists releases of young cases, and every break-glass', async () => {
    await at(0, testActor({ kind: 'anonymous', id: 'anonymous' }), 'case.opened', { caseId: 'case_1' });
    await at(59, person('person_ap', 'approver'), 'release.approved', { caseId: 'case_1' });
    await at(60, person('person_ad', 'admin'), 'break-glass.opened', { caseId: 'case_1' });
    assert.deepEqual(found(await list()), ['break-glass person_ad case_1 1', 'young-release person_ap case_1 1']);
    await at(25 * 60, person('person_ap', 'approver'), 'release.approved', { caseId: 'case_1' });
    assert.deepEqual(found(await list({ from: '2031-03-05T00:00:00Z', to: '2031-03-06T00:00:00Z' })), []);
  });

  it('goes on where a page has looked through as much as it may', async function () {
    this.timeout(300_000);
    await at(0, person('person_ad', 'admin'), 'break-glass.opened');
    kernel.ctx.clock.advance(MINUTE);
    for (let n = 0; n < 5; n += 1)
      await kernel.ctx.transact(person('person_m', 'agent'), async (tx) => {
        for (let i = 0; i < 2_000; i += 1) tx.record({ action: 'c.many' });
      });
    const first = await list();
    assert.deepEqual([found(first), first.lookedThrough], [[], 10_000]);
    assert.deepEqual(found(await list({ cursor: first.next })), ['break-glass person_ad  1']);
  });

  it('is recorded with its measures', async () => {
    await list({ viewsPerHour: 7 });
    const event = JSON.parse(String((await kernel.events('audit.anomalies-listed'))[0]?.['bytes']));
    assert.deepEqual([event.actor.id, event.facts.measures.viewsPerHour], ['person_c', 7]);
  });

  for (const query of [
    { from: undefined },
    { timeZone: 'Mars/Olympus' },
    { timeZone: '../etc' },
    { dayFrom: 25 },
    { viewsPerHour: 0 },
    { cursor: 'x' },
  ])
    it(`refuses ${JSON.stringify(query)}`, () => get({ ...window, ...query }).expect(400));
});
