import assert from 'node:assert/strict';
import { readdir, readlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type supertest from 'supertest';
import { type TestContext, testContext } from '../support/context.js';
import { type Customer, signedInCustomer } from '../support/people.js';
import { assertProblem } from '../support/problem.js';
import { frozenCase, PNG, type Reported } from '../support/stories.js';

const REPORT = JSON.stringify({
  kind: 'phishing',
  whatHappened: 'A page asked for my code.',
  contact: { email: 'wei@example.org' },
});
const MAX_BYTES = 64 * 1024;

describe('An upload that is not what it should be', () => {
  let world: TestContext;
  let customer: Customer;
  let story: Reported;
  before(async function () {
    this.timeout(60_000);
    world = await testContext({ UPLOAD_MAX_BYTES: String(MAX_BYTES) });
    customer = await signedInCustomer(world);
    story = await frozenCase(world, customer);
  });
  after(() => world?.close());

  const report = (): supertest.Test =>
    world.send('post', '/api/reports').field('report', REPORT, { contentType: 'application/json' });

  /** Every file in the store but the previews of what was taken. */
  const files = async (): Promise<string[]> => {
    await world.ctx.requests.settled(); // a delivery is recorded after the answer
    await world.settled();
    await world.ctx.vault.idle();
    const ours = await world.ctx.db.connection.collection('evidenceObjects').find({ kind: 'derivative' }).toArray();
    const previews = new Set(ours.map(({ _id }) => String(_id)));
    const found = await readdir(`${world.folder}/uploads`, { recursive: true, withFileTypes: true });
    return found.filter((entry) => entry.isFile() && !previews.has(entry.name)).map(({ name }) => name);
  };

  /** Nothing of the upload on disk, no handle on it, no case, no line in the log. */
  async function leavesNothing(act: () => Promise<unknown>): Promise<void> {
    const before = {
      files: await files(),
      events: (await world.events()).length,
      handles: await handles(world.folder),
    };
    await act();
    await until(async () => (await handles(world.folder)) <= before.handles);
    assert.deepEqual(await files(), before.files);
    assert.equal((await world.events()).length, before.events);
  }

  it('is taken when it is fine: the tests below fail for their own reason', async () => {
    const { body } = await report().attach('evidence', PNG, 'a.png').expect(201);
    assert.equal(body.evidence.length, 1);
  });

  it('is refused with 11 files', () =>
    leavesNothing(async () => {
      const eleven = Array.from({ length: 11 }).reduce<supertest.Test>(
        (form, _, index) => form.attach('evidence', PNG, `${index}.png`),
        report(),
      );
      assertProblem(await eleven, 413, 'too_many_files');
    }));

  it('is refused with too large a file, on a report and on a case', () =>
    leavesNothing(async () => {
      const large = Buffer.concat([PNG, Buffer.alloc(MAX_BYTES)]);
      assertProblem(
        await report().attach('evidence', PNG, 'a.png').attach('evidence', large, 'b.png'),
        413,
        'file_too_large',
      );
      assertProblem(
        await customer.send('post', `${story.path}/evidence`).attach('evidence', large, 'b.png'),
        413,
        'file_too_large',
      );
    }));

  it('is refused when it says it is larger than anything can be, before it is sent', () =>
    leavesNothing(async () => {
      const answer = await half(world, { bytes: 10, declared: 10_000_000_000 });
      assert.match(answer, /^HTTP\/1\.1 413 /);
    }));

  it('is refused when it is a program, whatever it says it is', () =>
    leavesNothing(async () => {
      const elf = Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(512)]);
      assertProblem(
        await report().attach('evidence', elf, { filename: 'a.png', contentType: 'image/png' }),
        415,
        'file_type_not_allowed',
      );
    }));

  it('with a lying content type is kept as what it is, and the lie is shown', async () => {
    const lie = { filename: 'holiday.pdf', contentType: 'application/pdf' };
    const { body } = await customer.send('post', `${story.path}/evidence`).attach('evidence', PNG, lie).expect(201);
    const [kept] = body.evidence;
    assert.deepEqual([kept.type, kept.declaredType, kept.typeMismatch], ['image/png', 'application/pdf', true]);
    const page = Buffer.from('<!doctype html><script>alert(1)</script>');
    const html = await customer
      .send('post', `${story.path}/evidence`)
      .attach('evidence', page, { filename: 'a.png', contentType: 'image/png' })
      .expect(201);
    assert.deepEqual(
      [html.body.evidence[0].type, html.body.evidence[0].activeContent],
      ['application/octet-stream', 'html'],
    );
    const { evidenceId } = html.body.evidence[0];
    const { headers } = await customer.post(`${story.path}/evidence/${evidenceId}/downloads`).expect(200);
    assert.equal(headers['content-type'], 'application/octet-stream');
    assert.match(String(headers['content-disposition']), /^attachment/);
    assert.match(String(headers['content-security-policy']), /sandbox/);
  });

  for (const [name, cut] of Object.entries({
    'in the middle of a file': { bytes: 20_000, declared: 200_000 },
    'in the middle of a file, its length unsaid': { bytes: 20_000, declared: undefined },
    'before the first byte of a file': { bytes: 0, declared: 200_000 },
  })) {
    it(`leaves nothing when it is cut off ${name}`, () =>
      leavesNothing(async () => {
        await half(world, { ...cut, thenCut: true });
        await world.send('get', '/healthz').expect(200);
      }));
  }

  it('leaves nothing when it is cut off on a case by its own customer', () =>
    leavesNothing(() =>
      half(world, {
        bytes: 30_000,
        declared: 100_000,
        thenCut: true,
        path: `${story.path}/evidence`,
        headers: customer.headers,
      }),
    ));

  it('is refused when it is no form, or a form with too much in it', () =>
    leavesNothing(async () => {
      const form = { 'Content-Type': 'multipart/form-data; boundary=x' };
      for (const body of [
        '',
        'nonsense',
        '--x',
        '--x\r\n\r\n',
        '--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n',
        '--x\r\nContent-Disposition: form-data; name="evidence"; filename="a.png"\r\n\r\n',
      ])
        assertProblem(await world.send('post', '/api/reports', form).send(body), 400);
      assertProblem(await world.send('post', '/api/reports', { 'Content-Type': 'multipart/form-data' }).send('x'), 400);
      assertProblem(await report().attach('other', PNG, 'a.png'), 400, 'unexpected_field');
      assertProblem(await report().field('admin', 'true'), 400, 'unexpected_field');
      assertProblem(await report().field('report', REPORT), 400, 'unexpected_field');
      assertProblem(await report().field('__proto__[x]', '1'), 400, 'unexpected_field');
    }));

  it('is refused when its JSON is refused, and its files go with it', () =>
    leavesNothing(async () => {
      const send = (json: string) =>
        world.send('post', '/api/reports').field('report', json).attach('evidence', PNG, 'a.png');
      assertProblem(await send('{"kind":'), 400, 'malformed_json');
      for (const json of [
        '{}',
        '[]',
        'null',
        '{"kind":{"$gt":""},"whatHappened":"x"}',
        `{"kind":${'['.repeat(1_000)}${']'.repeat(1_000)}}`,
        '{"kind":"phishing","whatHappened":"a\\u0000b"}',
        '{"kind":"phishing","whatHappened":"\\ud800"}',
      ])
        assertProblem(await send(json), 400, 'invalid_request');
    }));

  it('keeps a file name that deceives as it came, or refuses it; it never becomes a path', async () => {
    const names = [
      '../../../etc/passwd',
      '..\\..\\a.png',
      '/a.png',
      'C:\\a.png',
      'a\u202egnp.exe',
      '<b>.png',
      '.png',
      'a/b/',
      '密码.png',
      'x'.repeat(250),
      'x'.repeat(2_000),
      'a"; filename="b.png',
      '%00.png',
      'con',
      '__proto__',
    ];
    const before = (await files()).length;
    for (const filename of names) {
      const answer = await customer.send('post', `${story.path}/evidence`).attach('evidence', PNG, { filename });
      assert.ok([201, 422, 400].includes(answer.status), `${filename.slice(0, 30)} ${answer.text}`);
    }
    assert.equal((await files()).length, before, 'the same bytes are one file');
  });

  it('of somebody without credentials, or without the case, is refused before it is read', () =>
    leavesNothing(async () => {
      const stranger = await half(world, { bytes: 10, declared: 100_000, path: `${story.path}/evidence` });
      assert.match(stranger, /^HTTP\/1\.1 401 /);
      const path = '/api/cases/case_000000000000000000000000/evidence';
      assert.match(
        await half(world, { bytes: 10, declared: 100_000, path, headers: customer.headers }),
        /^HTTP\/1\.1 404 /,
      );
    }));
});

interface Half {
  /** How much of the file is sent. */
  readonly bytes: number;
  /** What Content-Length says; chunked without. */
  readonly declared: number | undefined;
  /** Cuts the line then, as when a train enters a tunnel; otherwise waits for the answer. */
  readonly thenCut?: boolean;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends the beginning of an upload, and no more. Resolves with what was answered when the line is closed. */
function half(
  { url }: TestContext,
  { bytes, declared, thenCut = false, path = '/api/reports', headers = {} }: Half,
): Promise<string> {
  const part = (name: string, rest: string) => `--x\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\n`;
  const fields = path === '/api/reports' ? `${part('report', '')}${REPORT}\r\n` : '';
  const body = Buffer.concat([
    Buffer.from(`${fields}${part('evidence', '; filename="a.png"')}`),
    bytes === 0 ? Buffer.alloc(0) : PNG,
    Buffer.alloc(Math.max(0, bytes - PNG.length)),
  ]);
  const length = declared === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${declared}`;
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\n${length}\r\n${more.join('')}\r\n`;
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.write(head);
      if (declared === undefined) socket.write(`${body.length.toString(16)}\r\n`);
      socket.write(body, () => {
        if (thenCut) setTimeout(() => socket.destroy(), 50); // the beginning has to be on its way to a file
      });
    });
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (answer.includes('\r\n\r\n')) socket.destroy();
    });
    socket.once('error', () => undefined);
    socket.once('close', () => resolve(answer));
  });
}

/** How many files of the uploads folder this process has open. */
async function handles(folder: string): Promise<number> {
  const open = await readdir('/proc/self/fd');
  const paths = await Promise.all(open.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return paths.filter((path) => path.startsWith(`${folder}/uploads`)).length;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries += 1) {
    assert.ok(tries < 200, 'it did not come to that');
    await pause(10);
  }
}
