import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { movableClock } from '../../src/kernel/clock.js';
import type { Payload } from '../../src/kernel/jobs.js';
import { type Mailer, makeMailer, type NoticesContext } from '../../src/notices/index.js';
import { sendNotice } from '../../src/notices/jobs.js';
import type { Recipient } from '../../src/notices/recipients.js';

const JOB = 'job_65f0a0a0a0a0a0a0a0a0a0a0';
const payload = {
  template: 'freeze-confirmed',
  to: 'lin@example.test',
  locale: 'zh-CN',
  params: { caseNumber: 'FB-7K2M-9QXT-4', scopes: ['trading'], link: 'https://firebreak.example/t#x' },
};

interface Line {
  level: string;
  message: string;
  rest: unknown;
}

/** What the job needs of the context, and the log it wrote. */
function contextWith(mailer: Mailer, recipient: Recipient = { trusted: true }): { ctx: NoticesContext; lines: Line[] } {
  const lines: Line[] = [];
  const write = (level: string) => (message: string, rest: unknown) => void lines.push({ level, message, rest });
  const logger = { info: write('info'), error: write('error') };
  const recipients = { find: async () => recipient };
  return { ctx: { mailer, logger, recipients, clock: movableClock() } as unknown as NoticesContext, lines };
}

const send = (mailer: Mailer, over: Partial<Record<string, unknown>> = {}, jobId = JOB) =>
  sendNotice.handle(contextWith(mailer).ctx, { ...payload, ...over } as Payload, { attempt: 1, jobId });

const recipients = (mail: ParsedMail) => (mail.to as AddressObject).value.map(({ address }) => address);

describe('send-notice into data/outbox', () => {
  let dataDir: string;
  let mailer: Mailer;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'firebreak-mail-'));
    mailer = makeMailer({
      dataDir,
      mail: { smtpUrl: undefined, from: 'Firebreak <desk@firebreak.example>', staffTo: 's@x.test', staffLocale: 'en' },
    });
  });
  afterEach(async () => {
    await mailer.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const outbox = () => join(dataDir, 'outbox');

  it('writes a mail that a mail program reads, in both forms', async () => {
    await send(mailer);
    const [name] = await readdir(outbox());
    assert.equal(name, `${JOB}-freeze-confirmed.eml`);
    const mail = await simpleParser(await readFile(join(outbox(), name)));
    assert.equal(mail.subject, '您的账户已冻结（案件 FB-7K2M-9QXT-4）');
    assert.deepEqual(recipients(mail), ['lin@example.test']);
    assert.equal(mail.from?.text, '"Firebreak" <desk@firebreak.example>');
    assert.equal(mail.messageId, `<${JOB}-freeze-confirmed@firebreak.example>`);
    assert.match(mail.text ?? '', /以下功能现已停用：\n\n- 交易\n/);
    assert.match(String(mail.html), /<li>交易<\/li>/);
    assert.equal(mail.headers.get('auto-submitted'), 'auto-generated');
  });

  it('leaves one file when the job runs twice, also side by side', async () => {
    await Promise.all([send(mailer), send(mailer)]);
    await send(mailer);
    assert.deepEqual(await readdir(outbox()), [`${JOB}-freeze-confirmed.eml`]);
  });

  it('lets nobody else read the mails', async () => {
    await send(mailer);
    assert.equal((await stat(outbox())).mode & 0o777, 0o700);
    assert.equal((await stat(join(outbox(), `${JOB}-freeze-confirmed.eml`))).mode & 0o777, 0o600);
  });

  it('names files so that they sort by time', async () => {
    await send(mailer, {}, 'job_65f0a0a1a0a0a0a0a0a0a0a0');
    await send(mailer, { template: 'address-known', params: {} });
    assert.deepEqual((await readdir(outbox())).sort(), [
      `${JOB}-address-known.eml`,
      'job_65f0a0a1a0a0a0a0a0a0a0a0-freeze-confirmed.eml',
    ]);
  });

  it('leaves no half-written file when the folder cannot be written', async () => {
    await writeFile(outbox(), 'in the way');
    await assert.rejects(send(mailer));
    await rm(outbox());
    await send(mailer);
    await chmod(outbox(), 0o700);
    assert.equal((await readdir(outbox())).length, 1);
  });

  for (const to of [
    'a@x.test, b@x.test',
    'a@x.test\r\nBcc: b@x.test',
    'Lin <a@x.test>',
    'nobody',
    '',
    undefined,
    ['a@x.test'],
  ]) {
    it(`refuses to send to ${JSON.stringify(to)}`, () =>
      assert.rejects(send(mailer, { to }), /^NoticeError: notice: to/));
  }

  it('logs neither address nor link, and ERROR when it is given up', async () => {
    const { ctx, lines } = contextWith(mailer);
    await sendNotice.handle(ctx, payload, { attempt: 1, jobId: JOB });
    await sendNotice.onFailed?.(ctx, payload, new Error('the server said no'));
    assert.deepEqual(
      lines.map(({ level }) => level),
      ['info', 'error'],
    );
    assert.doesNotMatch(JSON.stringify(lines), /lin@|firebreak\.example/);
  });
});

describe('send-notice over SMTP', () => {
  let server: SMTPServer;
  let mailer: Mailer;
  let received: { raw: string; to: string[] }[];
  let refuse: boolean;

  beforeEach(async () => {
    received = [];
    refuse = false;
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: (_address, _session, done) =>
        refuse ? done(Object.assign(new Error('try later'), { responseCode: 451 })) : done(),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          received.push({
            raw: Buffer.concat(chunks).toString(),
            to: session.envelope.rcptTo.map(({ address }) => address),
          });
          done();
        });
      },
    });
    await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
    const { port } = server.server.address() as AddressInfo;
    const mail = {
      smtpUrl: `smtp://127.0.0.1:${port}`,
      from: 'Firebreak <desk@firebreak.example>',
      staffTo: 's@x.test',
      staffLocale: 'en' as const,
    };
    mailer = makeMailer({ dataDir: tmpdir(), mail });
  });
  afterEach(async () => {
    await mailer.close();
    await new Promise<void>((closed) => void server.close(closed));
  });

  it('hands the mail to the server, for its one reader', async () => {
    await send(mailer);
    const [mail] = received;
    assert.deepEqual(mail?.to, ['lin@example.test']);
    const parsed = await simpleParser(mail?.raw ?? '');
    assert.equal(parsed.subject, '您的账户已冻结（案件 FB-7K2M-9QXT-4）');
    assert.match(parsed.text ?? '', /firebreak\.example\/t#x/);
  });

  it('gives the same Message-ID when the job runs twice, so that the mail is recognised', async () => {
    await send(mailer);
    await send(mailer);
    const ids = await Promise.all(received.map(async ({ raw }) => (await simpleParser(raw)).messageId));
    assert.deepEqual(ids, [
      `<${JOB}-freeze-confirmed@firebreak.example>`,
      `<${JOB}-freeze-confirmed@firebreak.example>`,
    ]);
  });

  it('fails, to be tried again, when the server will not take it or is gone', async () => {
    refuse = true;
    await assert.rejects(send(mailer), { responseCode: 451 });
    refuse = false;
    await send(mailer);
    assert.equal(received.length, 1);
    await new Promise<void>((closed) => void server.close(closed));
    await assert.rejects(send(mailer), /ECONNREFUSED/);
  });
});
