import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program } from '../support/program.js';
import { PNG } from './support.js';

const ENTRY = fileURLToPath(new URL('../../bin/firebreak.js', import.meta.url));
const WHY = ['--reason', 'for the court'];

describe('firebreak evidence', function () {
  this.timeout(180_000);
  let folder: string;
  let number: string;
  let key: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-manifest-'));
    const env = { DATA_DIR: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'error' };
    const web = new Program('main.js', /listening on (\S+)/, { env });
    await web.start();
    try {
      const form = new FormData();
      const contact = { email: 'wei@example.org' };
      form.set(
        'report',
        JSON.stringify({ kind: 'phishing', language: 'en', whatHappened: 'They called me.', contact }),
      );
      form.set('evidence', new Blob([PNG], { type: 'image/png' }), 'a.png');
      const sent = await fetch(`${await web.said()}/api/reports`, { method: 'POST', body: form });
      assert.equal(sent.status, 201, await sent.clone().text());
      number = ((await sent.json()) as { caseNumber: string }).caseNumber;
      key = ((await (await fetch(`${await web.said()}/audit/keys`)).json()) as { keys: string[] }).keys[0] ?? '';
    } finally {
      await web.end('SIGTERM');
    }
    await writeFile(join(folder, 'a.png'), PNG);
    await writeFile(join(folder, 'b.png'), Buffer.concat([PNG, Buffer.from('x')]));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const run = (args: readonly string[], env: Record<string, string>) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const options = { env: { PATH: process.env['PATH'], ...env }, cwd: folder };
      execFile(process.execPath, [ENTRY, 'evidence', ...args], options, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out, err }),
      );
    });
  const firebreak = (...args: readonly string[]) => run(args, { DATA_DIR: join(folder, 'data') });
  /** With nothing configured and no store to be found. */
  const elsewhere = (...args: readonly string[]) => run(args, {});

  it('writes the manifest of a case by its number, for its owner alone to read, and once', async () => {
    const out = join(folder, 'manifest.txt');
    const { code, err } = await firebreak('manifest', number.toLowerCase(), '--out', out, ...WHY);
    assert.deepEqual([code, err], [0, '']);
    assert.equal((await stat(out)).mode & 0o777, 0o600);
    assert.match(await readFile(out, 'utf8'), new RegExp(number));
    assert.equal((await firebreak('manifest', number, '--out', out, ...WHY)).code, 1);
  });

  it('says that there is no such case, and leaves no file', async () => {
    const out = join(folder, 'nothing.txt');
    const { code, err } = await firebreak('manifest', 'FB-0000-0000-0', '--out', out, ...WHY);
    assert.deepEqual([code, err], [1, 'firebreak: No such case\n']);
    await assert.rejects(stat(out), { code: 'ENOENT' });
  });

  it('checks it, and files against it, where there is no system', async () => {
    const out = join(folder, 'manifest.txt');
    const { code, out: said, err } = await elsewhere('verify', out, 'a.png', '--key', key);
    assert.deepEqual([code, err], [0, '']);
    assert.match(
      said,
      /^Proven: the manifest of case FB-[^\n]+, which you named\.\na\.png is evidence_[0-9a-f]{24}, received /,
    );
    const strange = await elsewhere('verify', out, 'a.png', 'b.png');
    assert.equal(strange.code, 1);
    assert.match(strange.out, /compare it with one you know[\s\S]*\nb\.png is none of this evidence/);
  });

  it('says what is wrong with one that was changed, and ends with 1', async () => {
    const changed = join(folder, 'changed.txt');
    const text = await readFile(join(folder, 'manifest.txt'), 'utf8');
    await writeFile(changed, text.replaceAll('a.png', 'b.png'));
    const { code, out, err } = await elsewhere('verify', changed);
    assert.deepEqual([code, out, err], [1, '', 'firebreak: not proven: end: not the manifest that was signed\n']);
  });
});
