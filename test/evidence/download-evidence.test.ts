import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import {
  ADMIN,
  ANALYST,
  ANONYMOUS,
  CASE,
  COMPLIANCE,
  type EvidenceWorld,
  evidenceWorld,
  OTHER_CASE,
  OWNER,
  PNG,
  STRANGER,
  sha256,
} from './support.js';

describe('downloading evidence', () => {
  let world: EvidenceWorld;
  let server: Server;
  let png: string;
  const NAME = 'scr"een\r\nX-Evil: 1\u202egnp.截图.png';
  /** A zip is taken whatever is in it; these do not fit into one frame. */
  const zip = (bytes: number) => Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(bytes)]);
  const large = zip(3_000_000);
  const alsoLarge = zip(2_500_000);
  const ofTwoFrames = zip(400_000);
  let big: string;
  let alsoBig: string;
  let middling: string;

  before(async () => {
    world = await evidenceWorld();
    server = createServer(world.app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const answer = await request(server)
      .post(`/api/cases/${CASE}/evidence`)
      .attach('evidence', PNG, { filename: NAME, contentType: 'image/png' })
      .attach('evidence', large, 'all.zip')
      .attach('evidence', ofTwoFrames, 'some.zip')
      .attach('evidence', alsoLarge, 'rest.zip')
      .expect(201);
    [png, big, middling, alsoBig] = answer.body.evidence.map(({ evidenceId }: { evidenceId: string }) => evidenceId);
  });
  after(async () => {
    await new Promise((resolve) => server.close(resolve));
    await world.kernel.close();
  });
  afterEach(() => world.as(OWNER));

  const path = (evidenceId: string, caseId = CASE) => `/api/cases/${caseId}/evidence/${evidenceId}/downloads`;
  const download = (evidenceId: string, caseId = CASE) => request(server).post(path(evidenceId, caseId));
  const custody = async (evidenceId: string) => {
    world.as(COMPLIANCE);
    const answer = await request(server).get(`/api/cases/${CASE}/evidence/${evidenceId}/custody`).expect(200);
    return answer.body.custody as {
      act: string;
      by: { id: string };
      reason: string;
      sha256: string;
      before: string;
      after: string;
    }[];
  };

  it('asks to sign in first', async () => {
    world.as(ANONYMOUS);
    await download(png).send({}).expect(401);
  });

  it('looks the same for strangers, other cases and evidence that is not there', async () => {
    const codes: string[] = [];
    world.as(STRANGER);
    codes.push((await download(png).send({}).expect(404)).body.code);
    world.as(OWNER);
    codes.push((await download(png, OTHER_CASE).send({}).expect(404)).body.code);
    await download('evidence_000000000000000000000000').send({}).expect(404);
    assert.deepEqual(codes, ['case_not_found', 'case_not_found']);
    world.as(ADMIN);
    await download(png).send({}).expect(404);
    world.as(COMPLIANCE);
    await download(png).send({}).expect(403);
  });

  it('sends the original as opaque bytes that nothing may show, run or keep', async () => {
    const answer = await download(png).send({}).buffer(true).expect(200);
    assert.deepEqual(answer.body, PNG);
    const { headers } = answer;
    assert.equal(headers['content-type'], 'application/octet-stream');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['content-security-policy'], "sandbox; default-src 'none'");
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(headers['x-evil'], undefined);
    const disposition = headers['content-disposition'] ?? '';
    assert.match(disposition, /^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w.%~!*'()-]+$/);
    assert.ok(!disposition.includes(encodeURIComponent('\u202e')));
    assert.ok(disposition.includes(encodeURIComponent('截图')));
  });

  it('asks staff for a re-verification and a reason', async () => {
    world.as(ANALYST);
    const bare = await download(png).send({ reason: 'compare with the chat' }).expect(401);
    assert.equal(bare.body.code, 'step_up_required');
    const silent = await download(png).set('Reverification', 'r'.repeat(43)).send({}).expect(422);
    assert.equal(silent.body.code, 'reason_missing');
    await download(png).set('Reverification', 'r'.repeat(43)).send({ reason: 'compare with the chat' }).expect(200);
    const events = await delivered(png, 2);
    assert.deepEqual(
      events.map(({ act, by, reason }) => [act, by.id, reason]),
      [
        ['received', OWNER.id, 'added to the case'],
        ['downloaded', OWNER.id, 'own upload'],
        ['delivered', OWNER.id, 'own upload'],
        ['downloaded', ANALYST.id, 'compare with the chat'],
        ['delivered', ANALYST.id, 'compare with the chat'],
      ],
    );
    assert.ok(events.every((event) => event.sha256 === sha256(PNG)));
    const hash = sha256(PNG);
    assert.deepEqual(
      events.map(({ before, after }) => [before, after]),
      [
        [null, hash],
        [hash, null],
        [hash, hash],
        [hash, null],
        [hash, hash],
      ],
    );
    assert.ok((await world.kernel.events('custody.read')).length > 0);
  });

  it('sends a large file whole', async () => {
    const answer = await download(big).send({}).buffer(true).parse(bytes).expect(200);
    assert.equal(sha256(answer.body), sha256(large));
  });

  it('sends each of many readers their own file, also while others leave', async () => {
    const files = [
      { evidenceId: big, whole: large },
      { evidenceId: alsoBig, whole: alsoLarge },
    ];
    const { port } = server.address() as AddressInfo;
    const leave = (evidenceId: string) =>
      new Promise<void>((resolve) => {
        const headers = { 'content-type': 'application/json' };
        const call = httpRequest({ port, method: 'POST', path: path(evidenceId), headers }, (answer) => {
          answer.once('data', () => call.destroy());
          answer.on('error', () => undefined);
        });
        call.on('error', () => undefined);
        call.once('close', resolve);
        call.end('{}');
      });
    const readers = Array.from({ length: 6 }, () => files).flat();
    await Promise.all(
      readers.map(async ({ evidenceId, whole }, n) => {
        if (n % 3 === 0) return leave(evidenceId);
        const answer = await download(evidenceId).send({}).buffer(true).parse(bytes).expect(200);
        assert.equal(sha256(answer.body), sha256(whole));
      }),
    );
  });

  it('never finishes sending bytes that are not those received, and raises the alarm', async () => {
    const changed = await readFile(await world.path(sha256(large)));
    changed[2_500_000] = (changed[2_500_000] ?? 0) ^ 1;
    await overwrite(await world.path(sha256(large)), changed);
    const { port } = server.address() as AddressInfo;
    const sent = await new Promise<{ bytes: number; cut: boolean }>((resolve, reject) => {
      const call = httpRequest({
        port,
        method: 'POST',
        path: path(big),
        headers: { 'content-type': 'application/json' },
      });
      call.on('error', reject);
      call.on('response', (response) => {
        let seen = 0;
        response.on('data', (chunk: Buffer) => (seen += chunk.length));
        response.on('error', () => undefined);
        response.on('close', () => resolve({ bytes: seen, cut: !response.complete }));
      });
      call.end('{}');
    });
    assert.equal(sent.cut, true);
    assert.ok(sent.bytes < large.length);
    const events = await alarms(1);
    assert.deepEqual(
      events.map(({ result }) => result),
      ['refused'],
    );
    assert.deepEqual((await custody(big)).map(({ act }) => act).at(-1), 'integrity-failed');
  });

  it('answers with a problem when nothing was sent yet', async () => {
    await overwrite(await world.path(sha256(PNG)), Buffer.from('shorter'));
    const twoFrames = await readFile(await world.path(sha256(ofTwoFrames)));
    twoFrames[390_000] = (twoFrames[390_000] ?? 0) ^ 1; // in the second one: the first is as it should be
    await overwrite(await world.path(sha256(ofTwoFrames)), twoFrames);
    for (const evidenceId of [png, middling]) {
      const answer = await download(evidenceId).send({}).expect(500);
      assert.equal(answer.body.code, 'original_damaged');
      assert.equal(answer.headers['content-disposition'], undefined);
    }
    await rm(await world.path(sha256(PNG)));
    const missing = await download(png).send({}).expect(503);
    assert.equal(missing.body.code, 'original_missing');
    assert.equal((await alarms(4)).length, 4);
    const pages = (await world.kernel.jobs('send-notice')).map(
      ({ payload }) => payload['params'] as { reason: string },
    );
    assert.deepEqual(
      pages.map(({ reason }) => reason),
      ['evidence-damaged', 'evidence-damaged', 'evidence-damaged', 'evidence-damaged'],
    );
  });

  /** The end of a delivery is recorded after the last byte left. */
  async function delivered(evidenceId: string, count: number) {
    for (;;) {
      const events = await custody(evidenceId);
      if (events.filter(({ act }) => act === 'delivered').length >= count) return events;
    }
  }

  /** The alarm is raised after the connection was cut, so its event is awaited, not assumed. */
  async function alarms(count: number): Promise<Record<string, unknown>[]> {
    for (;;) {
      const events = await world.kernel.events('evidence.integrity-failed');
      if (events.length >= count) return events;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
});

function bytes(response: request.Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
}

async function overwrite(path: string, content: Buffer): Promise<void> {
  await chmod(path, 0o600);
  await writeFile(path, content);
}
