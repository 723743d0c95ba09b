import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { movableClock } from '../../src/kernel/clock.js';
import { LOCALES } from '../../src/kernel/locale.js';
import { makeTexter, type NoticesContext, type Texter } from '../../src/notices/index.js';
import { sendText } from '../../src/notices/jobs.js';
import type { Recipient } from '../../src/notices/recipients.js';
import { renderText, TEXT_MESSAGES } from '../../src/notices/text-messages.js';

const JOB = 'job_65f0a0a0a0a0a0a0a0a0a0a0';
const CODE = { template: 'phone-code', to: '+8613800138000', locale: 'en', params: { minutes: 10 } };
const CHANGE = {
  template: 'security-change',
  to: '+8613800138000',
  locale: 'zh-CN',
  params: { change: 'passkey-added' },
};
const LINK = `https://firebreak.example/not-me#${'a'.repeat(64)}`;

describe('send-text', () => {
  let dataDir: string;
  let lines: unknown[];
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'firebreak-text-'));
    lines = [];
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  const send = (texter: Texter, payload: object, recipient: Recipient) => {
    const write = (...line: unknown[]) => void lines.push(line);
    const logger = { info: write, error: write };
    const recipients = { find: async () => recipient };
    const ctx = { texter, logger, recipients, clock: movableClock() } as unknown as NoticesContext;
    return sendText.handle(ctx, payload as never, { attempt: 1, jobId: JOB });
  };
  const filed = () => makeTexter({ texts: { url: undefined }, dataDir });
  const written = async () => {
    const names = await readdir(join(dataDir, 'outbox')).catch(() => []);
    return Promise.all(names.map(async (name) => readFile(join(dataDir, 'outbox', name), 'utf8')));
  };

  it('writes one file, which nobody else reads, and logs neither number nor code', async () => {
    await send(filed(), CODE, { trusted: true, code: '042137' });
    await send(filed(), CODE, { trusted: true, code: '042137' });
    const [text, ...more] = await written();
    assert.equal(more.length, 0);
    assert.match(text ?? '', /^To: \+8613800138000\nDate: .*Z\n\nFirebreak: 042137 confirms this number/);
    assert.match(text ?? '', /Tell nobody, our staff included/);
    assert.equal((await stat(join(dataDir, 'outbox', `${JOB}-phone-code.txt`))).mode & 0o777, 0o600);
    assert.doesNotMatch(JSON.stringify(lines), /042137|138001/);
  });

  it('sends no code to a number that is compromised by now, and of a change the bare word', async () => {
    await send(filed(), CODE, { trusted: false });
    assert.deepEqual(await written(), []);
    await send(filed(), CHANGE, { trusted: false });
    const [text] = await written();
    assert.match(text ?? '', /已添加通行密钥/);
    assert.doesNotMatch(text ?? '', /http/);
  });

  it('holds the link where the number is trusted', async () => {
    await send(filed(), CHANGE, { trusted: true, link: LINK });
    assert.ok((await written())[0]?.includes(LINK));
  });

  it('refuses what is no number, no text of ours, or not whole', async () => {
    for (const to of ['138', '+86 138', 'a@b.example', '+8613800138000\n', undefined])
      await assert.rejects(send(filed(), { ...CODE, to }, { trusted: true, code: '042137' }), /NoticeError/);
    await assert.rejects(send(filed(), { ...CODE, template: 'toString' }, { trusted: true }), /NoticeError/);
    await assert.rejects(send(filed(), CODE, { trusted: true }), /NoticeError: phone-code: code/);
  });

  it('says all texts in both languages, in one line that fits three messages', () => {
    const params = {
      code: '042137',
      minutes: 10,
      change: 'recovery-code-used',
      at: '2026-03-04T05:06:00Z',
      link: LINK,
    };
    for (const template of TEXT_MESSAGES)
      for (const locale of LOCALES) {
        const text = renderText({ template, locale, params });
        assert.equal(/\p{Script=Han}/u.test(text), locale === 'zh-CN');
        assert.doesNotMatch(text, /undefined|\n|\[object/);
        assert.ok(text.length <= (locale === 'zh-CN' ? 3 * 67 : 3 * 153), `${template} ${text.length}`); // GSM 03.40, joined
      }
  });

  describe('through a gateway', () => {
    let server: Server;
    let url: string;
    let status = 202;
    const seen: { request: IncomingMessage; body: string }[] = [];
    before(async () => {
      server = createServer(async (request, response) => {
        let body = '';
        for await (const chunk of request) body += chunk;
        seen.push({ request, body });
        response.writeHead(status, status === 302 ? { Location: 'http://127.0.0.1:9/elsewhere' } : {}).end('{}');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      url = `http://desk:p%40ss@127.0.0.1:${(server.address() as AddressInfo).port}/v1/texts?from=FB`;
    });
    after(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const gateway = () => makeTexter({ texts: { url }, dataDir });

    it('posts it with its id, with the credentials of the URL in a header', async () => {
      status = 202;
      await send(gateway(), CODE, { trusted: true, code: '042137' });
      const { request, body } = seen.at(-1) ?? assert.fail();
      assert.equal(request.url, '/v1/texts?from=FB');
      assert.equal(request.headers['idempotency-key'], `${JOB}-phone-code`);
      assert.equal(request.headers.authorization, `Basic ${Buffer.from('desk:p@ss').toString('base64')}`);
      assert.deepEqual(Object.keys(JSON.parse(body)), ['id', 'to', 'text']);
    });

    it('fails, to be tried again, when the gateway refuses, sends elsewhere or is gone', async () => {
      for (status of [500, 302, 401]) await assert.rejects(send(gateway(), CODE, { trusted: true, code: '042137' }));
      const gone = makeTexter({ texts: { url: 'http://127.0.0.1:9/' }, dataDir });
      await assert.rejects(send(gone, CODE, { trusted: true, code: '042137' }));
      assert.doesNotMatch(JSON.stringify(lines), /042137|p%40ss|p@ss/);
    });
  });
});
