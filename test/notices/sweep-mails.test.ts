import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recurring } from '../../src/jobs.js';
import { movableClock } from '../../src/kernel/clock.js';
import { makeLogger } from '../../src/kernel/logger.js';
import { makeFileOutbox } from '../../src/notices/file-outbox.js';
import { makeMailer, sweepMails } from '../../src/notices/index.js';

describe('sweep-mails', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-mails-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const sweep = (dataDir: string) => {
    const mailer = makeMailer({
      dataDir,
      mail: { smtpUrl: undefined, from: 'a@b.example', staffTo: 'c@d.example', staffLocale: 'en' as const },
    });
    return sweepMails.handle({ mailer, clock: movableClock(), logger: makeLogger('silent') } as never);
  };

  it('comes back by the clock', () => {
    assert.ok(recurring.some(({ name }) => name === sweepMails.name));
  });

  it('removes what a killed process left half written, and neither mails nor what is being written', async () => {
    const outbox = join(folder, 'outbox');
    await makeFileOutbox(outbox).put('job_1-staff-page.eml', Buffer.from('whole'));
    const hourAgo = new Date(Date.now() - 3_600_000);
    for (const name of ['.job_1-staff-page.eml.old.part', '.job_2-staff-page.eml.young.part'])
      await writeFile(join(outbox, name), 'half');
    for (const name of ['.job_1-staff-page.eml.old.part', 'job_1-staff-page.eml'])
      await utimes(join(outbox, name), hourAgo, hourAgo);
    await sweep(folder);
    assert.deepEqual((await readdir(outbox)).sort(), ['.job_2-staff-page.eml.young.part', 'job_1-staff-page.eml']);
  });

  it('is content where no mail was ever written', () => sweep(folder));
});
