import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { EvidenceContext } from '../../src/evidence/context.js';
import { evidenceChecks } from '../../src/evidence/index.js';
import { makeVault, openObjects } from '../../src/evidence/open-vault.js';
import { sweepLeftovers } from '../../src/evidence/sweep-leftovers.js';
import { runChecks } from '../../src/kernel/check.js';
import { HOUR } from '../../src/kernel/clock.js';
import { type TestKernel, testKernel } from '../support/kernel.js';
import { testStoreUri } from '../support/store.js';
import { installStrace } from '../support/strace.js';

const PROGRAM = fileURLToPath(new URL('upload-program.ts', import.meta.url));

/** The system calls of one upload, in its order, and which of them: each fails, and is where the process dies. */
const STEPS = [
  ['openat', 1],
  ['pwritev,writev,pwrite64', 1],
  ['fsync', 1],
  ['close', 1],
  ['rename,renameat,renameat2', 1],
  ['fsync', 2],
] as const;

describe('an upload that is stopped in the middle', function () {
  this.timeout(120_000);
  let kernel: TestKernel;
  let ctx: EvidenceContext;
  before(async () => {
    installStrace();
    kernel = await testKernel();
    const vault = makeVault(await openObjects(kernel.ctx.config, kernel.ctx.secrets), kernel.ctx);
    ctx = { ...kernel.ctx, vault } as unknown as EvidenceContext;
  });
  after(() => kernel.close());

  const evidence = () => kernel.ctx.db.connection.collection('evidence').countDocuments();
  const objects = async () => {
    const found: string[] = [];
    for await (const { id } of ctx.vault.store.list()) found.push(id);
    return found.length;
  };

  /** Runs the program under strace, breaks the calls that touch the vault, and returns what it said. */
  async function run(inject: string | undefined): Promise<string> {
    const env = {
      ...process.env,
      UV_THREADPOOL_SIZE: '1', // strace counts the calls of each thread apart
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      DATA_DIR: kernel.folder,
      MONGODB_URI: await testStoreUri(),
      DB_NAME: String(kernel.ctx.db.connection.name),
    };
    const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout });
    const said: string[] = [];
    lines.on('line', (line) => said.push(line));
    const closed = once(lines, 'close');
    while (said.length === 0) await once(lines, 'line');
    const tracer = inject === undefined ? undefined : await attach(child.pid as number, inject);
    child.stdin.write('go\n');
    await closed;
    await ended(child);
    if (tracer) await ended(tracer);
    return said[1] ?? 'died';
  }

  async function attach(pid: number, inject: string): Promise<ChildProcess> {
    const tracer = spawn(
      'strace',
      ['-f', '-p', String(pid), '-e', `trace=${inject.split(':')[0]}`, '-e', `inject=${inject}`, '-o', '/dev/null'],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: tracer.stderr as NodeJS.ReadableStream }).on('line', (line) => {
        if (/attached/.test(line)) resolve();
      });
      tracer.once('exit', () => reject(new Error('strace ended')));
    });
    return tracer;
  }

  /** Afterwards nothing is left but what belongs together, and fsck says so. */
  async function settles(): Promise<void> {
    kernel.ctx.clock.advance(2 * HOUR);
    await sweepLeftovers(ctx);
    const found = (await runChecks(ctx, evidenceChecks, { deep: true })).flatMap(({ findings }) => findings);
    assert.deepEqual(found, []);
    assert.equal(await objects(), await evidence());
    assert.deepEqual(await readdir(join(kernel.folder, 'uploads', 'incoming')), []);
  }

  it('is kept when nothing stops it', async () => {
    assert.equal(await run(undefined), 'kept');
    await settles();
    assert.equal(await evidence(), 1);
  });

  for (const [calls, nth] of STEPS) {
    const step = `${calls.split(',')[0]} ${nth}`;
    it(`leaves nothing that does not belong together when ${step} fails with EIO`, async () => {
      const before = await evidence();
      const said = await run(`${calls}:error=EIO:when=${nth}+`);
      assert.ok(/^(refused|died|kept)/.test(said), said);
      await settles();
      assert.equal(await evidence(), said === 'kept' ? before + 1 : before);
    });

    it(`leaves nothing that does not belong together when it is killed at ${step}`, async () => {
      const before = await evidence();
      const said = await run(`${calls}:signal=KILL:when=${nth}`);
      await settles();
      assert.equal(said, 'died');
      assert.equal(await evidence(), before);
    });
  }
});

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
