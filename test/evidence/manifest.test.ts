import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import request from 'supertest';
import { rotateLogKey } from '../../src/audit/index.js';
import { evidenceChecks } from '../../src/evidence/index.js';
import { runChecks } from '../../src/kernel/check.js';
import { parseKey, verifyManifest } from '../../src/proof/index.js';
import { nodePrimitives } from '../../src/proof/node.js';
import {
  ANALYST,
  CASE,
  CASE_NUMBER,
  COMPLIANCE,
  type EvidenceWorld,
  evidenceWorld,
  OTHER_CASE,
  OWNER,
  PNG,
  sha256,
} from './support.js';

const HOSTILE = 'a\u202egnp.\n{"evidence":1}\u200b.png';
const WHY = { reason: 'Asked for by the court {"x"}\n== 签名' };

describe('the manifest of a case', () => {
  let world: EvidenceWorld;
  let text: string;
  before(async () => {
    world = await evidenceWorld();
    const form = request(world.app).post(`/api/cases/${CASE}/evidence`);
    await form.attach('evidence', PNG, HOSTILE).attach('evidence', PNG, 'again.png').expect(201);
    const second = request(world.app).post(`/api/cases/${CASE}/evidence`);
    await second.attach('evidence', Buffer.from('what was said'), 'chat.txt').expect(201);
    world.as(ANALYST);
    for (let times = 0; times < 3; times += 1) await request(world.app).get(`/api/cases/${CASE}/evidence`).expect(200);
    world.as(COMPLIANCE);
    const answer = await make().expect(200);
    assert.match(answer.headers['content-type'] ?? '', /^text\/plain/);
    assert.match(answer.headers['content-disposition'] ?? '', new RegExp(`${CASE_NUMBER}\\.evidence-manifest\\.txt`));
    text = answer.text;
  });
  after(() => world?.kernel.close());

  const make = (caseId = CASE) =>
    request(world.app)
      .post(`/api/cases/${caseId}/evidence/manifest`)
      .set('Reverification', 'r'.repeat(43))
      .send(WHY)
      .buffer(true);
  const verify = (given: string | Buffer, more: Parameters<typeof verifyManifest>[2] = {}) =>
    verifyManifest(nodePrimitives, pieces(Buffer.from(given)), more);
  const fault = (code: string) => (error: unknown) => (error as { code?: string }).code === code;

  it('is for compliance, re-verified', async () => {
    for (const actor of [OWNER, ANALYST]) {
      world.as(actor);
      await make().expect(403);
    }
    world.as(COMPLIANCE);
    await request(world.app).post(`/api/cases/${CASE}/evidence/manifest`).send(WHY).expect(401);
    await make(OTHER_CASE).expect(404);
  });

  it('says of every piece its hash, times and custody, to people and to machines', async () => {
    const { header, evidence, custody, trusted } = await verify(text);
    assert.deepEqual([header.caseId, header.caseNumber, header.reason], [CASE, CASE_NUMBER, WHY.reason]);
    assert.deepEqual([header.madeBy, trusted], [{ kind: 'person', id: COMPLIANCE.id }, false]);
    assert.deepEqual([evidence, custody], [3, 3 * 5], 'received, listed three times, and this very manifest');
    const lines = text.split('\n').filter((line) => line.startsWith('{'));
    const machine = lines.map((line) => JSON.parse(line));
    assert.deepEqual(
      machine.flatMap((line) => (line.evidence ? [[line.evidence.name, line.evidence.sha256]] : [])),
      [
        [HOSTILE.slice(HOSTILE.lastIndexOf('/') + 1), sha256(PNG)],
        ['again.png', sha256(PNG)],
        ['chat.txt', sha256(Buffer.from('what was said'))],
      ],
    );
    const acts = machine.flatMap((line) => (line.custody ? [line.custody.map(({ act }: { act: string }) => act)] : []));
    assert.deepEqual(acts[0], ['received', 'listed', 'listed', 'listed', 'exported']);
    const people = text.split('\n').filter((line) => !line.startsWith('{'));
    assert.ok(people.some((line) => line.includes(sha256(PNG))));
    assert.ok(people.some((line) => line.includes(CASE_NUMBER)));
    assert.doesNotMatch(text, /[\u202e\u200b]/, 'nothing in it changes how it reads');
  });

  it('is in custody and in the log, which fit together', async () => {
    const [event] = await world.kernel.events('evidence.manifest-made');
    assert.ok(event);
    const checks = evidenceChecks.filter(({ name }) => name === 'evidence-custody');
    const found = (await runChecks(world.ctx, checks, { deep: false })).flatMap(({ findings }) => findings);
    assert.deepEqual(found, []);
  });

  it('knows the files that are its evidence', async () => {
    const other = sha256(Buffer.from('something else'));
    const { found } = await verify(text, { hashes: [sha256(PNG), other] });
    assert.deepEqual([found.get(sha256(PNG))?.map(({ name }) => name), found.get(other)], [[HOSTILE, 'again.png'], []]);
  });

  it('does not verify with any byte changed', async () => {
    const bytes = Buffer.from(text);
    const wrong: number[] = [];
    for (let at = 0; at < bytes.length; at += at < bytes.length - 600 ? 23 : 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await verify(changed).then(
        () => wrong.push(at),
        () => undefined,
      );
    }
    assert.deepEqual(wrong, []);
  });

  it('does not verify with a piece taken out, doubled or put in another place, nor cut, nor lengthened', async () => {
    const blocks = text.split(/(?=\n\[\d\] )/);
    assert.equal(blocks.length, 4);
    const [head = '', one = '', two = '', three = ''] = blocks;
    for (const other of [
      [head, one, three],
      [head, one, one, two, three],
      [head, two, one, three],
      [one, two, three],
      [head, one, two],
      [head, one, two, three, 'more\n'],
      [head, one, two, three, one],
    ])
      await assert.rejects(verify(other.join('')), (error: Error) => error.name === 'Fault');
    for (const cut of [0, 1, 200, text.length - 1, text.length - 120, text.indexOf('== 签名 / ')])
      await assert.rejects(verify(text.slice(0, cut)), (error: Error) => error.name === 'Fault');
  });

  it('does not verify when people would read something else in it than machines, whoever signed that', async () => {
    const forged = text.replace(`SHA-256              ${sha256(PNG)}`, `SHA-256              ${'0'.repeat(64)}`);
    await assert.rejects(verify(forged), fault('table'));
    await assert.rejects(verify(text.replace('"again.png"', '"other.png"')), fault('table'));
  });

  it('is believed by whoever knows a key of the log, an older one too, and by nobody who knows another', async () => {
    const header = JSON.parse(text.split('\n').find((line) => line.startsWith('{')) ?? '').header;
    const old = await parseKey(nodePrimitives, header.keys[0]);
    assert.equal((await verify(text, { keys: [old] })).trusted, true);
    const log = world.ctx.auditLog as Parameters<typeof rotateLogKey>[0]['auditLog'];
    await rotateLogKey({ ...world.ctx, auditLog: log });
    await log.reloadKeys();
    world.as(COMPLIANCE);
    const { text: newer } = await make().expect(200);
    const { signedBy, trusted } = await verify(newer, { keys: [old] });
    assert.ok(trusted && !Buffer.from(signedBy.publicKey).equals(old.publicKey));
    const stranger = await evidenceWorld();
    try {
      const [other] = (await stranger.ctx.auditLog.keys()).all;
      assert.ok(other);
      await assert.rejects(verify(text, { keys: [other] }), fault('unknown_key'));
    } finally {
      await stranger.kernel.close();
    }
  });

  it('stays in pieces of bounded size, however often evidence was looked at', async () => {
    const row = await world.ctx.db.connection.collection('custodyEvents').findOne({ act: 'listed' });
    const many = Array.from({ length: 1_200 }, (_, n) => ({
      ...row,
      _id: `custody_${n.toString(16).padStart(24, '0')}`,
    }));
    await world.ctx.db.connection.collection('custodyEvents').insertMany(many as never);
    const { text: long } = await make().expect(200);
    assert.ok((await verify(long)).custody > 1_200);
    assert.ok(Math.max(...long.split('\n').map((line) => line.length)) < 500_000);
    assert.notEqual(createHash('sha256').update(long).digest('hex'), createHash('sha256').update(text).digest('hex'));
  });
});

/** In pieces that end anywhere. */
async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
}
