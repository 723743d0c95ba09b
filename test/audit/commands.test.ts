import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program } from '../support/program.js';

const ENTRY = fileURLToPath(new URL('../../bin/firebreak.js', import.meta.url));

describe('firebreak audit', function () {
  this.timeout(300_000);
  let folder: string;
  let exports = 0;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-audit-'));
    await firebreak(['people', 'add', '--email', 'li@example.org', '--role', 'compliance']);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const run = (args: readonly string[], env: Record<string, string>) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const options = { env: { PATH: process.env['PATH'], ...env }, cwd: folder };
      execFile(process.execPath, [ENTRY, ...args], options, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out, err }),
      );
    });
  const firebreak = (args: readonly string[]) => run(args, { DATA_DIR: join(folder, 'data') });
  /** With nothing configured and no store to be found. */
  const elsewhere = (args: readonly string[]) => run(args, {});
  const exported = async (...args: string[]) => {
    exports += 1;
    const out = join(folder, `out-${exports}`);
    const done = await firebreak(['audit', 'export', '--out', out, ...args]);
    assert.equal(done.code, 0, done.err);
    assert.match(done.err, /^\d+ of \d+ events$/m);
    return out;
  };

  it('export on a stopped system, and verify anywhere in one sentence', async () => {
    const out = await exported();
    const { code, out: said, err } = await elsewhere(['audit', 'verify', out]);
    assert.deepEqual([code, err], [0, '']);
    assert.match(said, /^Proven: all \d+ events of the log localhost\/audit [^\n]+\.\n$/);
  });

  it('export beside a running one', async () => {
    const web = new Program('main.js', /listening on (\S+)/, {
      env: { DATA_DIR: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'error' },
    });
    await web.start();
    try {
      const key = (await (await fetch(`${await web.said()}/audit/keys`)).json()) as { keys: string[] };
      const out = await exported();
      const { code, out: said } = await elsewhere(['audit', 'verify', out, '--key', ...key.keys]);
      assert.equal(code, 0);
      assert.match(said, /which you named/);
    } finally {
      await web.end('SIGTERM');
    }
  });

  it('say what is wrong where, and end with 1', async () => {
    const out = await exported();
    const path = join(out, 'audit.ndjson');
    await writeFile(path, (await readFile(path, 'utf8')).replace('li@example.org', 'lo@example.org'));
    const { code, out: said, err } = await elsewhere(['audit', 'verify', out]);
    assert.deepEqual([code, said], [1, '']);
    assert.match(err, /^firebreak: not proven: line 2 \(event 0\): email is not what was committed to\n$/);
    assert.equal((await elsewhere(['audit', 'verify', join(folder, 'nowhere')])).code, 1);
  });

  it('rotate the key, and follow it from the old one', async () => {
    const old = (await firebreak(['audit', 'keys', 'list'])).out.split('\t')[0] ?? '';
    const made = (await firebreak(['audit', 'keys', 'rotate'])).out.trim();
    assert.notEqual(made, old);
    assert.equal((await firebreak(['audit', 'keys', 'retire', old.split('+')[1] ?? ''])).code, 0);
    const out = await exported();
    assert.equal((await elsewhere(['audit', 'verify', out, '--key', old])).code, 0);
    assert.equal((await elsewhere(['audit', 'verify', out, '--key', made])).code, 0);
  });

  it('be witnessed by firebreak witness', async () => {
    const keys = (await firebreak(['audit', 'keys', 'list'])).out
      .trim()
      .split('\n')
      .map((line) => line.split('\t')[0] ?? '');
    const args = [
      'witness',
      '--data',
      join(folder, 'witness'),
      '--name',
      'w.example/1',
      '--port',
      '0',
      '--log',
      ...keys,
    ];
    const witness = new Program('cli.js', /listening on (\S+)/, { args });
    await witness.start();
    try {
      const out = await exported();
      const checkpoint = await readFile(join(out, 'checkpoint.txt'), 'utf8');
      const answer = await fetch(`${await witness.said()}/add-checkpoint`, {
        method: 'POST',
        body: `old 0\n\n${checkpoint}`,
      });
      assert.equal(answer.status, 200);
      assert.match(await answer.text(), /^— w\.example\/1 \S+\n$/);
    } finally {
      await witness.end('SIGTERM');
    }
  });
});
