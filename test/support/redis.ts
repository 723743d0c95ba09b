import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A real Redis of this test alone, on a port of its own, that keeps nothing on disk. */
export interface Redis {
  readonly url: string;
  /** `kill -9`; what it held is gone. */
  kill(): Promise<void>;
  /** Nothing when it runs. */
  start(): Promise<void>;
  /** FLUSHALL. */
  empty(): void;
  close(): Promise<void>;
}

export async function startRedis(): Promise<Redis> {
  installRedis();
  const folder = await mkdtemp(join(tmpdir(), 'firebreak-redis-'));
  const port = await freePort();
  let running: ChildProcess | undefined;
  const last = () => void running?.kill('SIGKILL');
  process.once('exit', last);

  const start = async () => {
    if (running) return;
    const child = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    running = child;
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code} before it was ready`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (/ready to accept connections/i.test(line)) resolve();
      });
    });
  };
  const kill = async () => {
    const child = running;
    running = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    empty: () => void execFileSync('redis-cli', ['-p', String(port), 'FLUSHALL']),
    close: async () => {
      await kill();
      process.off('exit', last);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Debian's package, when it is missing and this is root; elsewhere the test fails and says what to install. */
function installRedis(): void {
  if (isThere('redis-server') && isThere('redis-cli')) return;
  const root = process.getuid?.() === 0;
  if (!root || !isThere('apt-get')) throw new Error('redis-server is missing: install Redis (Debian: redis-server)');
  const apt = (...args: string[]) =>
    execFileSync('apt-get', args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', 'redis-server');
}

const isThere = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
