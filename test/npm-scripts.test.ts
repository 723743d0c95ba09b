import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

describe('npm start', () => {
  it('says where it listens, and ends with npm: whoever stops one has stopped the other', async function () {
    this.timeout(300_000);
    const folder = await mkdtemp(join(tmpdir(), 'firebreak-start-'));
    // Without `prestart`: what was built is in use by other tests.
    const npm = spawn('npm', ['start', '--silent', '--ignore-scripts'], {
      env: { PATH: process.env['PATH'], HOME: folder, DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'error' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const lines = createInterface({ input: npm.stdout });
      const [line] = (await once(lines, 'line')) as [string];
      const [, url] = /^listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line) ?? [];
      assert.ok(url, line);
      assert.equal((await fetch(`${url}/readyz`, { headers: { Connection: 'close' } })).status, 200);
      const closed = once(npm.stdout, 'close'); // by whoever wrote to it last
      npm.kill('SIGTERM');
      await closed;
      await assert.rejects(fetch(`${url}/healthz`));
    } finally {
      npm.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    }
  });
});
