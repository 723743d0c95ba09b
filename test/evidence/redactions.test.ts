import assert from 'node:assert/strict';
import sharp from 'sharp';
import request from 'supertest';
import { evidenceChecks } from '../../src/evidence/index.js';
import { runChecks } from '../../src/kernel/check.js';
import { photo } from '../support/samples.js';
import {
  AGENT,
  ANALYST,
  ANONYMOUS,
  APPROVER,
  CASE,
  COMPLIANCE,
  type EvidenceWorld,
  evidenceWorld,
  OWNER,
  STRANGER,
  sha256,
  workOff,
} from './support.js';

const REVERIFIED = { Reverification: 'r'.repeat(43) };
const TO = { recipient: 'Shanghai police, office 12', reason: 'criminal complaint 77' };

describe('redactions', function () {
  this.timeout(120_000);
  let world: EvidenceWorld;
  let original: Buffer;
  let id: string;
  let redactionId: string;
  before(async () => {
    world = await evidenceWorld({ PREVIEW_TIMEOUT_MS: '60000' });
    original = await photo();
    id = await add(original, 'IMG_0001.jpg');
  });
  after(() => world.kernel.close());
  beforeEach(() => world.as(ANALYST));

  const add = async (bytes: Buffer, name: string): Promise<string> => {
    world.as(OWNER);
    const answer = await request(world.app)
      .post(`/api/cases/${CASE}/evidence`)
      .attach('evidence', bytes, name)
      .expect(201);
    return answer.body.evidence[0].evidenceId;
  };
  const path = (rest = '') => `/api/cases/${CASE}/evidence/${id}/redactions${rest}`;
  const ask = (body: object, evidenceId = id) =>
    request(world.app).post(`/api/cases/${CASE}/evidence/${evidenceId}/redactions`).send(body);
  const share = (body: object = TO) =>
    request(world.app)
      .post(path(`/${redactionId}/shares`))
      .set(REVERIFIED)
      .send(body);
  const REGION = { x: 0.5, y: 0, width: 0.5, height: 0.5 };
  const ASKED = { regions: [REGION], reason: 'the balance is nobody else’s business' };

  it('are for staff who work on the case', async () => {
    for (const [who, status] of [
      [ANONYMOUS, 401],
      [OWNER, 403],
      [STRANGER, 403],
      [COMPLIANCE, 403],
      [APPROVER, 403],
    ] as const) {
      world.as(who);
      await ask(ASKED).expect(status);
      await request(world.app).get(path()).expect(status);
    }
  });

  it('need regions within the picture, and a reason', async () => {
    for (const wrong of [
      { ...ASKED, regions: [] },
      { ...ASKED, regions: [{ ...REGION, x: -0.1 }] },
      { ...ASKED, regions: [{ ...REGION, width: 2 }] },
      { ...ASKED, regions: Array(101).fill(REGION) },
      { regions: [REGION] },
    ])
      await ask(wrong).expect(400);
    const text = await add(Buffer.from('words'), 'a.txt');
    world.as(ANALYST);
    assert.equal((await ask(ASKED, text).expect(422)).body.code, 'not_a_picture');
  });

  it('are made apart from the original, with the pixels gone', async () => {
    const asked = await ask(ASKED).expect(202);
    redactionId = asked.body.redactionId;
    assert.equal(asked.body.state, 'waiting');
    assert.equal(
      (
        await request(world.app)
          .get(path(`/${redactionId}/image`))
          .expect(404)
      ).body.code,
      'preview_missing',
    );
    await workOff(world, 'redact-evidence');
    const [made] = (await request(world.app).get(path()).expect(200)).body.redactions;
    assert.deepEqual([made.state, made.madeBy, made.reason], ['ready', ANALYST.id, ASKED.reason]);
    const shown = await request(world.app)
      .get(path(`/${redactionId}/image`))
      .buffer(true)
      .expect(200);
    assert.equal(sha256(shown.body), made.sha256);
    const { data, info } = await sharp(shown.body).raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height], [300, 400]);
    const at = (x: number, y: number) => [...data.subarray((y * 300 + x) * 3, (y * 300 + x) * 3 + 3)];
    assert.ok(at(290, 10).every((value) => value < 5));
    assert.ok((at(10, 390)[0] ?? 0) > 120);
    assert.ok(!shown.body.includes('Phone 1'));
    world.as(OWNER);
    const { body } = await request(world.app).post(`/api/cases/${CASE}/evidence/${id}/downloads`).send({}).buffer(true);
    assert.equal(sha256(body), sha256(original));
  });

  it('leave only by an analyst who re-verified and says to whom and why', async () => {
    world.as(AGENT);
    await share().expect(403);
    world.as(ANALYST);
    const bare = await request(world.app)
      .post(path(`/${redactionId}/shares`))
      .send(TO)
      .expect(401);
    assert.equal(bare.body.code, 'step_up_required');
    await share({ recipient: TO.recipient }).expect(400);
    await share({ reason: TO.reason }).expect(400);
    const sent = await share().buffer(true).expect(200);
    assert.equal((await sharp(sent.body).metadata()).format, 'jpeg');
    const { headers } = sent;
    assert.equal(headers['content-type'], 'application/octet-stream');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.match(String(headers['content-disposition']), /^attachment; filename="redaction_[0-9a-f]{24}\.jpg"/);
    assert.equal(headers['repr-digest'], `sha-256=:${Buffer.from(sha256(sent.body), 'hex').toString('base64')}:`);
    world.as(COMPLIANCE);
    const { custody } = (await request(world.app).get(`/api/cases/${CASE}/evidence/${id}/custody`).expect(200)).body;
    const shared = custody.filter(({ act }: { act: string }) => act === 'shared');
    assert.equal(shared.length, 1);
    assert.equal(shared[0].by.id, ANALYST.id);
    assert.equal(shared[0].after, sha256(sent.body));
    assert.ok(shared[0].reason.includes(TO.recipient) && shared[0].reason.includes(TO.reason));
    const events = await world.kernel.events('evidence.shared');
    assert.equal(events.length, 1);
    assert.ok(!JSON.stringify(events).includes(TO.recipient), 'names stand in the log as commitments');
  });

  it('of other evidence are not there', async () => {
    const other = await add(await photo(), 'again.jpg');
    world.as(ANALYST);
    const answer = await request(world.app).get(`/api/cases/${CASE}/evidence/${other}/redactions/${redactionId}/image`);
    assert.deepEqual([answer.status, answer.body.code], [404, 'redaction_not_found']);
  });

  it('of what cannot be read say why', async () => {
    const broken = await add(Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(100)]), 'b.png');
    world.as(ANALYST);
    await ask(ASKED, broken).expect(202);
    await workOff(world, 'redact-evidence');
    const { body } = await request(world.app).get(`/api/cases/${CASE}/evidence/${broken}/redactions`).expect(200);
    assert.deepEqual([body.redactions[0].state, body.redactions[0].because], ['failed', 'damaged']);
  });

  it('leave custody as the audit log has it', async () => {
    const checks = evidenceChecks.filter(({ name }) => name === 'evidence-custody');
    const reports = await runChecks(world.ctx, checks, { deep: false });
    assert.deepEqual(
      reports.flatMap(({ findings }) => findings),
      [],
    );
  });
});
