import assert from 'node:assert/strict';
import request from 'supertest';
import { can } from '../../src/access/index.js';
import { auditRoutes, queryRoutes } from '../../src/audit/index.js';
import { MOST_SAVED } from '../../src/audit/saved-queries.js';
import { type Actor, ROLES, type Role } from '../../src/kernel/actor.js';
import { serveAs, type TestKernel, testActor, testKernel } from '../support/kernel.js';

describe('/api/audit/queries', () => {
  let kernel: TestKernel;
  const person = (id: string, role: Role = 'compliance') => testActor({ kind: 'person', id, roles: [role] });
  const [one, other] = [person('person_1'), person('person_2')];
  const api = (actor: Actor = one) => request(serveAs(kernel.ctx, [...auditRoutes, ...queryRoutes], () => actor, can));
  const save = (body: object, actor?: Actor) => api(actor).post('/api/audit/queries').send(body);
  const names = async (actor?: Actor) => {
    const { body } = await api(actor).get('/api/audit/queries').expect(200);
    return (body.queries as { name: string }[]).map(({ name }) => name);
  };

  beforeEach(async () => {
    kernel = await testKernel();
  });
  afterEach(() => kernel.close());

  it('should require authentication', async () => {
    const nobody = testActor({ kind: 'anonymous', id: 'anonymous' });
    await api(nobody).get('/api/audit/queries').expect(401);
    await save({ name: 'x', filter: {} }, nobody).expect(401);
  });

  for (const role of ROLES.filter((each) => each !== 'compliance'))
    it(`is not for: ${role}`, () => api(person('person_x', role)).get('/api/audit/queries').expect(403));

  it('gives back what was saved, to search with again', async () => {
    await kernel.ctx.transact(person('person_a', 'agent'), async (tx) => tx.record({ action: 'a.one' }));
    const filter = { role: 'agent', text: 'a.one', from: '2020-01-01T00:00:00Z' };
    const { body: saved } = await save({ name: '代理人', filter }).expect(201);
    const { body } = await api().get('/api/audit/queries').expect(200);
    assert.deepEqual(body.queries, [saved]);
    assert.deepEqual(body.queries[0].filter, filter);
    const found = await api()
      .post('/api/audit/searches')
      .send({ ...body.queries[0].filter, queryId: saved.id })
      .expect(200);
    assert.equal(found.body.events.length, 1);
    const searched = JSON.parse(String((await kernel.events('audit.searched'))[0]?.['bytes']));
    assert.equal(searched.facts.queryId, saved.id);
  });

  it('shows and forgets nothing of others', async () => {
    const { body } = await save({ name: 'mine', filter: {} }).expect(201);
    await save({ name: 'mine', filter: {} }, other).expect(201);
    await api(other).delete(`/api/audit/queries/${body.id}`).expect(404);
    assert.deepEqual(await names(), ['mine']);
    await api().delete(`/api/audit/queries/${body.id}`).expect(204);
    assert.deepEqual([await names(), await names(other)], [[], ['mine']]);
    await api().delete(`/api/audit/queries/${body.id}`).expect(404);
  });

  it('has one of a name, also when two are saved at once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => save({ name: 'same', filter: {} })));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409]);
    assert.deepEqual(await names(), ['same']);
  });

  it('keeps no more than so many of one person', async () => {
    const rows = Array.from({ length: MOST_SAVED }, (_, n) => ({
      _id: `query_${n}`,
      owner: one.id,
      name: `q${n}`,
      filter: {},
      savedAt: new Date(),
    }));
    await kernel.ctx.db.connection.collection('auditQueries').insertMany(rows as never[]);
    assert.equal((await save({ name: 'more', filter: {} }).expect(409)).body.code, 'queries_full');
  });

  it('is in the log, its name only as a commitment', async () => {
    const { body } = await save({ name: 'Lin of FB-1', filter: { text: 'Lin' } }).expect(201);
    await api().delete(`/api/audit/queries/${body.id}`).expect(204);
    for (const action of ['audit-query.saved', 'audit-query.forgotten']) {
      const bytes = String((await kernel.events(action))[0]?.['bytes']);
      assert.doesNotMatch(bytes, /Lin/);
      assert.deepEqual(Object.keys(JSON.parse(bytes).commitments), ['name']);
    }
  });

  for (const body of [
    {},
    { name: 'x' },
    { name: '', filter: {} },
    { name: 'x'.repeat(101), filter: {} },
    { name: 'x', filter: { $where: '1' } },
    { name: 'x', filter: { cursor: 'x' } },
    { name: 'x', filter: { text: { $ne: '' } } },
    { name: 'x', filter: { sourceAddress: '203.0.113.9/99' } },
  ])
    it(`refuses ${JSON.stringify(body).slice(0, 60)}`, () => save(body).expect(400));
});
