import assert from 'node:assert/strict';
import request from 'supertest';
import {
  ANALYST,
  CASE,
  COMPLIANCE,
  type EvidenceWorld,
  evidenceWorld,
  OTHER_CASE,
  OWNER,
  PNG,
  sha256,
} from './support.js';

describe('the custody of a case', () => {
  let world: EvidenceWorld;
  before(async () => {
    world = await evidenceWorld();
    world.as(OWNER);
    for (const name of ['a.png', 'b.png'])
      await request(world.app).post(`/api/cases/${CASE}/evidence`).attach('evidence', PNG, name).expect(201);
    world.as(ANALYST);
    await request(world.app).get(`/api/cases/${CASE}/evidence`).expect(200);
  });
  after(() => world.kernel.close());

  const read = (query = '', caseId = CASE) => request(world.app).get(`/api/cases/${caseId}/custody${query}`);

  it('is for compliance', async () => {
    for (const actor of [OWNER, ANALYST]) {
      world.as(actor);
      await read().expect(403);
    }
  });

  it('is one timeline, page by page, and reading it is in the log', async () => {
    world.as(COMPLIANCE);
    const { body: whole } = await read().expect(200);
    assert.deepEqual(
      whole.custody.map(({ act, by }: { act: string; by: { id: string } }) => [act, by.id]),
      [
        ['received', OWNER.id],
        ['received', OWNER.id],
        ['listed', ANALYST.id],
        ['listed', ANALYST.id],
      ],
    );
    assert.equal(whole.next, null);
    assert.ok(whole.custody.every((event: { sha256: string }) => event.sha256 === sha256(PNG)));
    const { body: first } = await read('?limit=3').expect(200);
    const { body: second } = await read(`?limit=3&after=${first.next}`).expect(200);
    assert.deepEqual([...first.custody, ...second.custody], whole.custody);
    assert.equal((await world.kernel.events('custody.timeline-read')).length, 3);
    await read('', OTHER_CASE).expect(404);
  });
});
