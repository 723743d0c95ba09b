import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { Upload } from 'tus-js-client';
import { expireUploads, finishUpload } from '../../src/evidence/finish-upload.js';
import { removeObject } from '../../src/evidence/jobs.js';
import { DAY, HOUR } from '../../src/kernel/clock.js';
import {
  ANALYST,
  ANONYMOUS,
  APPROVER,
  CASE,
  type EvidenceWorld,
  evidenceWorld,
  OTHER_CASE,
  OWNER,
  objectsOf,
  STRANGER,
  sha256,
} from './support.js';

const ZIP = Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(2_500_000)]);
const TUS = { 'Tus-Resumable': '1.0.0' };

describe('uploads in pieces', () => {
  let world: EvidenceWorld;
  let server: Server;
  let url: string;

  beforeEach(async () => {
    world = await evidenceWorld({
      UPLOAD_RESUMABLE_MAX_BYTES: '3000000',
      CASE_MAX_FILES: '3',
      PERSON_MAX_BYTES_PER_DAY: '6000000',
    });
    server = createServer(world.app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await world.ctx.vault.idle();
    await world.kernel.close();
  });

  const path = `/api/cases/${CASE}/uploads`;
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const start = (size: number, name = 'film.zip', headers: Record<string, string> = {}) =>
    request(server)
      .post(path)
      .set({
        ...TUS,
        'Upload-Length': String(size),
        'Upload-Metadata': `filename ${base64(name)},filetype ${base64('video/mp4')}`,
        ...headers,
      });
  const piece = (location: string, offset: number, bytes: Buffer) =>
    request(server)
      .patch(location)
      .set({ ...TUS, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' })
      .send(bytes);
  const offsetOf = async (location: string) =>
    Number((await request(server).head(location).set(TUS).expect(200)).headers['upload-offset']);
  const status = async (location: string) => (await request(server).get(location).expect(200)).body;
  async function work(): Promise<void> {
    for (const { name, payload, _id } of await world.kernel.jobs()) {
      const job = [finishUpload, removeObject].find((each) => each.name === name);
      await job?.handle(world.ctx, payload as never, { attempt: 1, jobId: _id });
      await world.kernel.ctx.db.connection.collection('outbox').deleteOne({ _id: _id as never });
    }
  }
  const settle = async () => {
    for (let rounds = 0; rounds < 3; rounds += 1) await work();
  };

  it('go through a client of the protocol, and become one piece of evidence', async () => {
    const progress: number[] = [];
    const location = await new Promise<string>((resolve, reject) => {
      const upload = new Upload(ZIP, {
        endpoint: `${url}${path}`,
        chunkSize: 1_000_000,
        metadata: { filename: '../../截图.zip', filetype: 'application/zip' },
        onChunkComplete: (_size, accepted) => progress.push(accepted),
        onError: reject,
        onSuccess: () => resolve(new URL(upload.url as string).pathname),
      });
      upload.start();
    });
    assert.deepEqual(progress, [1_000_000, 2_000_000, ZIP.length]);
    assert.equal((await status(location)).state, 'checking');
    await settle();
    const done = await status(location);
    assert.equal(done.state, 'done');
    const { body } = await request(server).get(`/api/cases/${CASE}/evidence`).expect(200);
    const [evidence] = body.evidence;
    assert.deepEqual(
      [evidence.evidenceId, evidence.sha256, evidence.size, evidence.name, evidence.type, evidence.typeMismatch],
      [done.evidenceId, sha256(ZIP), ZIP.length, '截图.zip', 'application/zip', false],
    );
    assert.deepEqual(await world.files(), [sha256(ZIP)], 'the pieces are gone');
    assert.deepEqual(
      (await objectsOf(world.kernel)).filter(({ state }) => state === 'kept').map(({ kind }) => kind),
      ['original'],
    );
    const downloaded = await request(server)
      .post(`/api/cases/${CASE}/evidence/${done.evidenceId}/downloads`)
      .send({})
      .buffer(true)
      .parse(bytes);
    assert.equal(sha256(downloaded.body), sha256(ZIP));
    assert.equal((await world.kernel.events('evidence.piece-received')).length, 3);
    await settle();
  });

  it('keep what came before the connection broke, and go on from there', async () => {
    const { location } = (await start(ZIP.length).expect(201)).headers as { location: string };
    const call = httpRequest(`${url}${location}`, {
      method: 'PATCH',
      headers: {
        ...TUS,
        'Upload-Offset': '0',
        'Content-Type': 'application/offset+octet-stream',
        'Content-Length': ZIP.length,
      },
    });
    call.on('error', () => undefined);
    call.write(ZIP.subarray(0, 700_000));
    await new Promise((resolve) => call.once('drain', resolve));
    call.destroy();
    let reached = 0;
    while (reached === 0) reached = await offsetOf(location);
    assert.ok(reached > 0 && reached <= 700_000, String(reached));
    await piece(location, reached, ZIP.subarray(reached)).expect(204);
    await settle();
    assert.equal((await status(location)).state, 'done');
    assert.deepEqual(await world.files(), [sha256(ZIP)]);
  });

  it('are refused as any file is, once all of it is here; nothing stays', async () => {
    const noise = randomBytes(10_000);
    const { location } = (await start(noise.length).expect(201)).headers as { location: string };
    await piece(location, 0, noise).expect(204);
    await settle();
    const { state, because } = await status(location);
    assert.deepEqual([state, because], ['refused', 'file_type_not_allowed']);
    assert.deepEqual(await world.files(), []);
  });

  it('take a piece only where it belongs, and each once', async () => {
    const { location } = (await start(1_000).expect(201)).headers as { location: string };
    await piece(location, 5, Buffer.alloc(10, 'a')).expect(409);
    await piece(location, 0, Buffer.alloc(600, 'a')).expect(204);
    await piece(location, 0, Buffer.alloc(600, 'a')).expect(409);
    await piece(location, 600, Buffer.alloc(500, 'a')).expect(413);
    assert.equal(await offsetOf(location), 600);
    const both = await Promise.all([1, 2].map(() => piece(location, 600, Buffer.alloc(400, 'a'))));
    assert.equal(both.filter((answer) => answer.status === 204).length, 1);
    await piece(location, 1_000, Buffer.alloc(10, 'a')).expect((answer) => assert.ok(answer.status >= 400));
    await settle();
    assert.equal((await status(location)).state, 'done');
    assert.deepEqual(await world.files(), [sha256(Buffer.alloc(1_000, 'a'))]);
  });

  it('disappear a day after nothing came any more', async () => {
    const { location } = (await start(1_000).expect(201)).headers as { location: string };
    await piece(location, 0, Buffer.alloc(600, 'a')).expect(204);
    world.kernel.ctx.clock.advance(23 * HOUR);
    await expireUploads.handle(world.ctx);
    assert.equal(await offsetOf(location), 600);
    world.kernel.ctx.clock.advance(2 * HOUR);
    await expireUploads.handle(world.ctx);
    await settle();
    await request(server).head(location).set(TUS).expect(404);
    assert.deepEqual(await world.files(), []);
    assert.equal((await world.kernel.events('evidence.upload-ended')).length, 1);
    world.kernel.ctx.clock.advance(DAY);
  });

  it('can be taken back', async () => {
    const { location } = (await start(1_000).expect(201)).headers as { location: string };
    await piece(location, 0, Buffer.alloc(600, 'a')).expect(204);
    await request(server).delete(location).set(TUS).expect(204);
    await settle();
    assert.deepEqual(await world.files(), []);
    await request(server).get(location).expect(404);
  });

  it('are their sender\u2019s alone', async () => {
    const { location } = (await start(1_000).expect(201)).headers as { location: string };
    for (const [actor, code] of [
      [ANONYMOUS, 401],
      [STRANGER, 404],
      [ANALYST, 404],
      [APPROVER, 403],
    ] as const) {
      world.as(actor);
      await request(server).head(location).set(TUS).expect(code);
      await piece(location, 0, Buffer.from('x')).expect(code);
      await request(server).delete(location).set(TUS).expect(code);
    }
    world.as(OWNER);
    await request(server).get(location.replace(CASE, OTHER_CASE)).expect(404);
    assert.equal(await offsetOf(location), 0);
  });

  it('stay within what a file, a case and a person may have, and say so', async () => {
    const code = (answer: request.Response) => answer.body.code;
    assert.equal((await start(3_000_001)).status, 413);
    assert.equal(code(await start(0).expect(422)), 'file_empty');
    assert.equal(code(await start(10, 'a'.repeat(600)).expect(422)), 'file_name_too_long');
    await start(3_000_000).expect(201);
    await start(3_000_000).expect(201);
    const person = await start(1_000_000).expect(429);
    assert.deepEqual([code(person), person.body.maxBytes], ['person_bytes_reached', 6_000_000]);
    world.as(ANALYST);
    for (let n = 0; n < 3; n += 1) {
      const text = Buffer.from(`note ${n}`);
      await request(server).post(`/api/cases/${CASE}/evidence`).attach('evidence', text, 'n.txt').expect(201);
    }
    assert.equal(code(await start(10).expect(422)), 'evidence_full');
    const full = await request(server)
      .post(`/api/cases/${CASE}/evidence`)
      .attach('evidence', Buffer.from('x'), 'n.txt')
      .expect(422);
    assert.deepEqual([full.body.code, full.body.maxFiles], ['evidence_full', 3]);
  });

  it('ask for the protocol they speak, and answer no other origin', async () => {
    await request(server).post(path).set('Upload-Length', '10').expect(412);
    const answer = await start(10, 'a', { Origin: 'https://evil.example' }).expect(201);
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
    await start(10, 'a', { 'Upload-Length': '-1' }).expect(400);
    await request(server)
      .post(path)
      .set({ ...TUS, 'Upload-Defer-Length': '1' })
      .expect((sent) => assert.ok(sent.status >= 400));
  });
});

function bytes(response: request.Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const stream = response as unknown as NodeJS.ReadableStream;
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => done(null, Buffer.concat(chunks)));
}
