import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import request from 'supertest';
import { intakeOf, type ReceivedFile } from '../../src/evidence/intake.js';
import { keepFiles } from '../../src/evidence/keep-files.js';
import { openLocalObjects } from '../../src/evidence/local-objects.js';
import { makeVault } from '../../src/evidence/open-vault.js';
import { receiveFiles } from '../../src/evidence/receive-files.js';
import type { Vault } from '../../src/evidence/vault.js';
import { makeLogger } from '../../src/kernel/logger.js';
import { Problem } from '../../src/kernel/problem.js';
import { type TestKernel, testKernel } from '../support/kernel.js';
import { CASE, OWNER, objectsOf } from './support.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('receiving files', () => {
  let folder: string;
  let kernel: TestKernel;
  let vault: Vault;
  let server: Server;
  let fail: Error | undefined;
  let last: readonly ReceivedFile[];
  let ended: Promise<unknown>;
  let beforeKeeping: (response: express.Response) => Promise<void>;

  /** Hashes of what lies there, and names of files that no record knows. */
  const left = async (): Promise<string[]> => {
    await vault.idle();
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    const kept = new Map((await objectsOf(kernel)).map((row) => [row._id, row.sha256]));
    return found.filter((entry) => entry.isFile()).map(({ name }) => kept.get(name) ?? name);
  };
  const send = () => request(server).post('/');

  before(async () => {
    kernel = await testKernel();
  });
  after(() => kernel.close());

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-receive-'));
    vault = makeVault(await openLocalObjects(folder), kernel.ctx);
    await kernel.ctx.db.connection.collection('evidenceObjects').deleteMany({});
    fail = undefined;
    last = [];
    beforeKeeping = async () => undefined;
    let end: (value?: unknown) => void = () => undefined;
    ended = new Promise((resolve) => (end = resolve));
    const app = express();
    app.use((req, _res, next) => {
      req.actor = OWNER;
      next();
    });
    app.post(
      '/',
      receiveFiles({
        vault,
        maxFiles: 10,
        maxFileBytes: 100_000,
        fields: 1,
        maxFieldBytes: 1_000,
        jsonField: 'report',
      }),
      async (req, res) => {
        const logger = makeLogger('silent');
        await beforeKeeping(res);
        await keepFiles({ vault, logger }, req, (files) =>
          kernel.ctx.transact(OWNER, async (tx) => {
            for (const { held } of files) await vault.keep(tx, CASE, held);
            tx.record({ action: 'test.kept' });
            if (fail) throw fail;
            last = files;
          }),
        );
        res.json({ received: req.received, body: req.body });
      },
    );
    app.use((error: unknown, req: express.Request, res: express.Response, _next: express.NextFunction) => {
      const problem = error as Problem;
      end(problem.code);
      assert.ok(intakeOf(req) || problem.code === 'upload_too_large');
      res.status(problem.status ?? 500).json({ code: problem.code, message: String(error) });
    });
    server = createServer(app).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await vault.idle();
    await rm(folder, { recursive: true });
  });

  it('keeps a file once, at its content address', async () => {
    const answer = await send()
      .field('report', '{"a":1}')
      .attach('evidence', PNG, { filename: 'one.png', contentType: 'image/png' })
      .attach('evidence', PNG, { filename: 'two.png', contentType: 'image/png' });
    assert.equal(answer.status, 200);
    const hash = sha256(PNG);
    assert.deepEqual(answer.body, { received: Array(2).fill({ sha256: hash, bytes: PNG.length }), body: { a: 1 } });
    assert.deepEqual(await left(), [hash]);
    const [row] = await objectsOf(kernel);
    const lies = await readFile(join(folder, 'objects', String(row?._id.slice(-2)), String(row?._id)));
    assert.ok(!lies.includes(PNG.subarray(-30)), 'what lies there is encrypted');
    assert.deepEqual(
      last.map(({ name }) => name),
      ['one.png', 'two.png'],
    );
  });

  it('records a lying content type', async () => {
    await send().attach('evidence', PNG, { filename: 'chat.pdf', contentType: 'application/pdf' }).expect(200);
    assert.equal(last[0]?.content.type, 'image/png');
    assert.equal(last[0]?.declaredType, 'application/pdf');
    assert.equal(last[0]?.typeMismatch, true);
  });

  it('keeps HTML and SVG as opaque bytes only', async () => {
    await send()
      .attach('evidence', Buffer.from('\ufeff <!-- x --><!DOCTYPE html><p>hi'), {
        filename: 'a.png',
        contentType: 'image/png',
      })
      .attach('evidence', Buffer.from('<?xml version="1.0"?>\n<svg onload="x()"/>'), {
        filename: 'b.svg',
        contentType: 'image/svg+xml',
      })
      .expect(200);
    assert.deepEqual(
      last.map(({ content }) => [content.type, content.activeContent]),
      [
        ['application/octet-stream', 'html'],
        ['application/octet-stream', 'svg'],
      ],
    );
    assert.deepEqual(
      last.map(({ typeMismatch }) => typeMismatch),
      [true, false],
    );
  });

  it('decodes names and keeps them as labels only', async () => {
    const name = '../../etc/截图\u202egnp.exe';
    await send().attach('evidence', PNG, { filename: name, contentType: 'image/png' }).expect(200);
    assert.equal(last[0]?.name, '截图\u202egnp.exe');
    assert.deepEqual(await left(), [sha256(PNG)]);
  });

  const refusals: readonly [string, number, string, (test: request.Test) => request.Test][] = [
    [
      'eleven files',
      413,
      'too_many_files',
      (t) => Array.from({ length: 11 }).reduce<request.Test>((x) => x.attach('evidence', PNG, 'a.png'), t),
    ],
    [
      'too large a file',
      413,
      'file_too_large',
      (t) => t.attach('evidence', PNG, 'a.png').attach('evidence', Buffer.alloc(100_001, 'a'), 'b.txt'),
    ],
    [
      'too large an upload',
      413,
      'upload_too_large',
      (t) => t.attach('evidence', Buffer.alloc(1_200_000, 'a'), 'b.txt'),
    ],
    [
      'an empty file',
      422,
      'file_empty',
      (t) => t.attach('evidence', PNG, 'a.png').attach('evidence', Buffer.alloc(0), 'b.txt'),
    ],
    [
      'a type that is not taken',
      415,
      'file_type_not_allowed',
      (t) => t.attach('evidence', randomBytes(5_000), { filename: 'a.png', contentType: 'image/png' }),
    ],
    [
      'another file field',
      400,
      'unexpected_field',
      (t) => t.attach('evidence', PNG, 'a.png').attach('avatar', PNG, 'a.png'),
    ],
    ['another text field', 400, 'unexpected_field', (t) => t.attach('evidence', PNG, 'a.png').field('note', 'x')],
    [
      'a nested field name',
      400,
      'unexpected_field',
      (t) => t.attach('evidence', PNG, 'a.png').field('report[a][b]', 'x'),
    ],
    [
      'a field twice',
      400,
      'unexpected_field',
      (t) => t.attach('evidence', PNG, 'a.png').field('report', '{}').field('report', '{}'),
    ],
    [
      'too long a field',
      413,
      'upload_too_large',
      (t) => t.attach('evidence', PNG, 'a.png').field('report', 'x'.repeat(1_001)),
    ],
    ['broken JSON', 400, 'malformed_json', (t) => t.attach('evidence', PNG, 'a.png').field('report', '{')],
    ['too long a name', 422, 'file_name_too_long', (t) => t.attach('evidence', PNG, 'a'.repeat(600))],
  ];
  for (const [what, status, code, fill] of refusals) {
    it(`refuses ${what} and leaves nothing`, async () => {
      const answer = await fill(send());
      assert.deepEqual([answer.status, answer.body.code], [status, code], answer.text);
      assert.deepEqual(await left(), []);
    });
  }

  it('refuses a file without a name instead of dropping it', async () => {
    const body = multipart(
      'Content-Disposition: form-data; name="evidence"; filename=""\r\nContent-Type: application/octet-stream',
      PNG,
    );
    const answer = await send().set('Content-Type', 'multipart/form-data; boundary=cut').send(body);
    assert.deepEqual([answer.status, answer.body.code], [422, 'file_unnamed'], answer.text);
    assert.deepEqual(await left(), []);
  });

  it('leaves nothing of a body that ends without its last boundary', async () => {
    const body = multipart('Content-Disposition: form-data; name="evidence"; filename="a.png"', PNG).subarray(0, -12);
    const answer = await send().set('Content-Type', 'multipart/form-data; boundary=cut').send(body);
    assert.deepEqual([answer.status, answer.body.code], [400, 'upload_cut_off'], answer.text);
    assert.deepEqual(await left(), []);
  });

  it('leaves nothing of an upload that is cut off in the middle', async () => {
    const head = multipart('Content-Disposition: form-data; name="evidence"; filename="a.png"', PNG).subarray(0, -9);
    const second = Buffer.from(
      '--cut\r\nContent-Disposition: form-data; name="evidence"; filename="b.txt"\r\n\r\nhalf a fi',
    );
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=cut\r\nContent-Length: 90000\r\n\r\n',
    );
    socket.write(Buffer.concat([head, second]));
    await held(folder);
    socket.destroy();
    assert.equal(await ended, 'upload_cut_off');
    assert.deepEqual(await left(), []);
  });

  it('does not let an act go on without the files of a caller who hung up after sending them', async () => {
    let reached = false;
    let arrived: () => void = () => undefined;
    const whole = new Promise<void>((resolve) => (arrived = resolve));
    beforeKeeping = async (response) => {
      const gone = once(response, 'close');
      arrived();
      await gone;
      await vault.idle();
      reached = true;
    };
    const body = multipart('Content-Disposition: form-data; name="evidence"; filename="a.png"', PNG);
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=cut\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    socket.write(body);
    await whole;
    socket.destroy();
    assert.equal(await ended, 'upload_cut_off');
    assert.ok(reached);
    assert.deepEqual(await left(), []);
  });

  it('leaves nothing when the commit fails, but never takes the object of another record', async () => {
    fail = new Problem('conflict', 409, 'conflict');
    await send().attach('evidence', PNG, 'a.png').expect(409);
    assert.deepEqual(await left(), []);
    fail = undefined;
    await send().attach('evidence', PNG, 'a.png').expect(200);
    fail = new Problem('conflict', 409, 'conflict');
    await send().attach('evidence', PNG, 'a.png').expect(409);
    assert.deepEqual(await left(), [sha256(PNG)]);
  });
});

function multipart(header: string, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`--cut\r\n${header}\r\n\r\n`), bytes, Buffer.from('\r\n--cut--\r\n')]);
}

/** Resolves once the whole first file and the beginning of the second lie in the store. */
async function held(folder: string): Promise<void> {
  const filesIn = async (name: string) => {
    const found = await readdir(join(folder, name), { recursive: true, withFileTypes: true });
    return found.filter((entry) => entry.isFile()).length;
  };
  while ((await filesIn('objects')) < 1 || (await filesIn('incoming')) < 1)
    await new Promise((resolve) => setImmediate(resolve));
}
