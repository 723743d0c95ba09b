import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

describe('the image', () => {
  let passed: string[];

  before(async () => {
    const [all, ...rest] = (await readFile('.dockerignore', 'utf8')).split('\n').filter((line) => /^[^#]/.test(line));
    assert.equal(all, '*', 'nothing goes to the builder but what is named');
    passed = rest.map((line) => line.replace(/^!/, ''));
  });

  it('copies only what goes to the builder', async () => {
    const copies = [...(await readFile('Dockerfile', 'utf8')).matchAll(/^COPY (?!--from)(.+) \S+$/gm)];
    const sources = copies.flatMap(([, paths = '']) => paths.split(' ')).filter((path) => path !== '.');
    assert.ok(sources.length > 0);
    assert.deepEqual(
      sources.filter((path) => !passed.includes(path)),
      [],
    );
  });

  it('is built from that alone, pages too', async function () {
    this.timeout(300_000);
    const folder = await mkdtemp(join(tmpdir(), 'firebreak-image-'));
    try {
      for (const path of passed) await cp(path, join(folder, path), { recursive: true });
      await symlink(resolve('node_modules'), join(folder, 'node_modules'));
      await run(process.execPath, ['scripts/build.mjs'], { cwd: folder });
      for (const path of ['main.js', 'worker.js', 'cli.js', 'pages/customer.html', 'pages/staff.html'])
        assert.ok(existsSync(join(folder, 'dist', path)), path);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
