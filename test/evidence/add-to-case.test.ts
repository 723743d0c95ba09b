import assert from 'node:assert/strict';
import request from 'supertest';
import { can } from '../../src/access/index.js';
import { evidenceRoutes } from '../../src/evidence/index.js';
import { MINUTE } from '../../src/kernel/clock.js';
import { serveAs } from '../support/kernel.js';
import {
  ADMIN,
  ANALYST,
  ANONYMOUS,
  APPROVER,
  CASE,
  type EvidenceWorld,
  evidenceWorld,
  OTHER_CASE,
  OWNER,
  PNG,
  STRANGER,
  sha256,
} from './support.js';

describe('adding evidence to a case', () => {
  let world: EvidenceWorld;
  before(async () => {
    world = await evidenceWorld();
  });
  after(() => world.kernel.close());
  afterEach(() => world.as(OWNER));

  const add = (caseId = CASE) => request(world.app).post(`/api/cases/${caseId}/evidence`);

  it('asks to sign in first', async () => {
    world.as(ANONYMOUS);
    await add().attach('evidence', PNG, 'a.png').expect(401);
    assert.deepEqual(await world.files(), []);
  });

  it('tells a stranger nothing, neither that the case is there nor that it is not', async () => {
    world.as(STRANGER);
    const theirs = await add().attach('evidence', PNG, 'a.png').expect(404);
    const none = await add(OTHER_CASE).attach('evidence', PNG, 'a.png').expect(404);
    const { requestId: _1, ...first } = theirs.body;
    const { requestId: _2, ...second } = none.body;
    assert.deepEqual(first, second);
    assert.deepEqual(await world.files(), []);
  });

  it('takes nothing from who only reads or approves', async () => {
    world.as(ADMIN);
    await add().attach('evidence', PNG, 'a.png').expect(403);
    world.as(APPROVER);
    await add().attach('evidence', PNG, 'a.png').expect(403);
    assert.deepEqual(await world.files(), []);
  });

  it('refuses an upload without files, and one that is not multipart', async () => {
    await add().field('evidence', 'not a file').expect(400);
    await add().send({ evidence: 'x' }).expect(422);
    await add().set('Content-Type', 'multipart/mixed; boundary=x').send('--x--').expect(422);
  });

  it('writes a record, a custody event and an audit event for each file, and keeps equal bytes once', async () => {
    const name = '截图 \u202egnp.png';
    const answer = await add()
      .attach('evidence', PNG, { filename: name, contentType: 'image/png' })
      .attach('evidence', PNG, { filename: 'again.pdf', contentType: 'application/pdf' })
      .expect(201);
    const [first, second] = answer.body.evidence;
    assert.equal(first.name, name);
    assert.equal(first.scan, 'not-scanned');
    assert.deepEqual([first.typeMismatch, second.typeMismatch], [false, true]);
    assert.equal(second.declaredType, 'application/pdf');
    assert.deepEqual([first.sha256, second.sha256], [sha256(PNG), sha256(PNG)]);
    assert.notEqual(first.evidenceId, second.evidenceId);
    assert.deepEqual(await world.files(), [sha256(PNG)]);
    const events = await world.kernel.events('evidence.received');
    assert.equal(events.length, 2);
    assert.ok(!JSON.stringify(events).includes('again.pdf'));
  });

  it('keeps control characters of a name, or refuses the part that carries them raw', async () => {
    const send = (parameter: string) =>
      add()
        .set('Content-Type', 'multipart/form-data; boundary=cut')
        .send(`--cut\r\nContent-Disposition: form-data; name="evidence"; ${parameter}\r\n\r\nsome text\r\n--cut--\r\n`);
    const kept = await send("filename*=utf-8''bell%07%E2%80%AE.txt").expect(201);
    assert.equal(kept.body.evidence[0].name, 'bell\u0007\u202e.txt');
    await send('filename="bell\u0007.txt"').expect(400);
    await send('filename="nul\u0000.txt"').expect(400);
  });

  it('answers a repeated upload with the first answer, and one with other bytes with a refusal', async () => {
    const key = 'k'.repeat(20);
    const text = Buffer.from('what the thief wrote');
    const first = await add().set('Idempotency-Key', key).attach('evidence', text, 'chat.txt').expect(201);
    const again = await add().set('Idempotency-Key', key).attach('evidence', text, 'chat.txt').expect(201);
    assert.deepEqual(again.body, first.body);
    await add().set('Idempotency-Key', key).attach('evidence', Buffer.from('something else'), 'chat.txt').expect(422);
    const files = await world.files();
    assert.ok(files.includes(sha256(text)) && !files.includes(sha256(Buffer.from('something else'))));
  });

  it('leaves nothing when the transaction fails', async () => {
    const before = await world.files();
    world.failNext(new Error('the store went away'));
    await add().attach('evidence', Buffer.from('never committed'), 'a.txt').expect(500);
    assert.deepEqual(await world.files(), before);
  });

  it('asks once more whether they may, when the files took long to come', async () => {
    const { ctx, kernel } = world;
    const before = await world.files();
    let asked = 0;
    const caseAccess: typeof ctx.caseAccess = async (...given) => {
      asked += 1;
      kernel.ctx.clock.advance(MINUTE);
      return asked === 1 ? ctx.caseAccess(...given) : undefined;
    };
    const app = serveAs({ ...ctx, caseAccess }, evidenceRoutes, () => OWNER, can);
    const path = `/api/cases/${CASE}/evidence`;
    await request(app).post(path).attach('evidence', Buffer.from('sent for a minute'), 'a.txt').expect(404);
    assert.equal(asked, 2);
    assert.deepEqual(await world.files(), before);
  });

  it('shows who works on the case everything, and its owner what they added', async () => {
    world.as(ANALYST);
    await add().attach('evidence', Buffer.from('a note of staff'), 'note.txt').expect(201);
    const all = await request(world.app).get(`/api/cases/${CASE}/evidence`).expect(200);
    world.as(OWNER);
    const own = await request(world.app).get(`/api/cases/${CASE}/evidence`).expect(200);
    assert.equal(all.body.evidence.length, own.body.evidence.length + 1);
    assert.equal((await world.kernel.events('evidence.listed')).length, 1);
    world.as(STRANGER);
    await request(world.app).get(`/api/cases/${CASE}/evidence`).expect(404);
  });
});
