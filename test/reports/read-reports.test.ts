import assert from 'node:assert/strict';
import request from 'supertest';
import { testActor } from '../support/kernel.js';
import { ANONYMOUS, REPORT, type ReportWorld, reportWorld } from './support.js';

describe('reading what was reported', () => {
  let world: ReportWorld;
  before(async () => {
    world = await reportWorld();
  });
  after(() => world.close());

  const read = (caseId: string) => request(world.app).get(`/api/cases/${caseId}/reports`);

  it('is for the reporter and for staff who read cases, and for nobody else', async () => {
    const words = 'Not mine. \u202e{"$gt":""}';
    const owner = (await world.customer('reader@example.org')).actor;
    const other = (await world.customer('other@example.org')).actor;
    world.as(owner);
    const body = { ...REPORT, whatHappened: words, losses: [{ asset: 'USDT', amount: '9500.00' }], kind: 'other' };
    const { caseId } = (await request(world.app).post('/api/reports').send(body).expect(201)).body;

    const own = await read(caseId).expect(200);
    assert.deepEqual(
      own.body.reports.map(({ whatHappened }: { whatHappened: string }) => whatHappened),
      [words],
    );
    assert.deepEqual(await world.kernel.events('reports.read'), []);

    world.as(other);
    const notTheirs = await read(caseId).expect(404);
    const notThere = await read('case_000000000000000000000000').expect(404);
    assert.equal(notTheirs.body.code, notThere.body.code);
    assert.equal(notTheirs.body.title, notThere.body.title);

    world.as(ANONYMOUS);
    await read(caseId).expect(401);

    world.as(testActor({ kind: 'person', id: 'person_admin', roles: ['admin'] }));
    await read(caseId).expect(403);

    world.as(testActor({ kind: 'person', id: 'person_agent', roles: ['agent'] }));
    const all = await read(caseId).expect(200);
    assert.deepEqual(all.body, own.body);
    assert.equal((await world.kernel.events('reports.read')).length, 1);
  });
});
