import assert from 'node:assert/strict';
import request from 'supertest';
import { HOUR, MINUTE } from '../../src/kernel/clock.js';
import { ANALYST, APPROVER, CASE, type EvidenceWorld, evidenceWorld, OWNER, PNG } from './support.js';

describe('the quota of views', () => {
  let world: EvidenceWorld;
  let path: string;
  before(async () => {
    world = await evidenceWorld({ EVIDENCE_VIEWS_PER_HOUR: '2' });
    const sent = await request(world.app).post(`/api/cases/${CASE}/evidence`).attach('evidence', PNG, 'a.png');
    path = `/api/cases/${CASE}/evidence/${sent.body.evidence[0].evidenceId}/downloads`;
  });
  after(() => world.kernel.close());

  const view = () =>
    request(world.app).post(path).set('Reverification', 'r'.repeat(43)).send({ reason: 'compare with the chat' });

  it('lets one of staff open so many originals in any hour, says when the next may be opened, and keeps that it refused', async () => {
    world.as(ANALYST);
    await view().expect(200);
    world.kernel.ctx.clock.advance(20 * MINUTE);
    await request(world.app).post(path).send({ reason: 'compare with the chat' }).expect(401);
    await view().expect(200);
    const refused = await view().expect(429);
    assert.equal(refused.body.code, 'view_quota_reached');
    assert.equal(refused.body.viewsPerHour, 2);
    const wait = Number(refused.headers['retry-after']);
    assert.ok(wait > 39 * 60 && wait <= 40 * 60, `${wait}`);
    assert.equal((await world.kernel.events('evidence.view-refused')).length, 1);
    assert.equal((await world.kernel.events('evidence.downloaded')).length, 2);

    world.kernel.ctx.clock.advance(40 * MINUTE + 1_000);
    await view().expect(200);
    await view().expect(429);
    world.kernel.ctx.clock.advance(HOUR);
    await view().expect(200);
  });

  it('is each person for themselves, and not for owners', async () => {
    world.as(APPROVER);
    await view().expect(200);
    world.as(OWNER);
    for (let count = 0; count < 4; count += 1) await request(world.app).post(path).send({}).expect(200);
  });
});
