import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Started {
  readonly pid: number;
  /** What the ready line said. */
  readonly match: RegExpExecArray;
  /** Milliseconds from spawning to the ready line. */
  readonly readyMs: number;
  /** Lines of standard error so far, newest last, at most 200. */
  readonly log: readonly string[];
  readonly exited: Promise<number | null>;
  /** Asks with `signal` (SIGTERM) and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const DIST = new URL('../../dist/', import.meta.url);

/** As `npm start` has them. */
const FLAGS = ['--max-semi-space-size=8', '--v8-pool-size=1'];
const MALLOC = { MALLOC_ARENA_MAX: '2' };

/** A machine under load takes seconds; whatever takes longer hangs. */
const READY_WITHIN_MS = 180_000;

/** Starts one of our own programs and waits for the line that says it is ready. Its environment is `env`, PATH and MALLOC_ARENA_MAX only. */
export async function startProcess(
  entry: string,
  ready: RegExp,
  { args = [], env = {} }: { args?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<Started> {
  const began = performance.now();
  const child = spawn(process.execPath, [...FLAGS, fileURLToPath(new URL(entry, DIST)), ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...MALLOC, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    log.push(line);
    if (log.length > 200) log.shift();
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
  });
  const match = await firstMatch(child, ready, log).catch(async (error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    pid: child.pid as number,
    match,
    readyMs: performance.now() - began,
    log,
    exited,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      return exited;
    },
  };
}

function firstMatch(child: ChildProcess, ready: RegExp, log: readonly string[]): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const tooLate = () => reject(new Error(`not ready after ${READY_WITHIN_MS} ms:\n${log.join('\n')}`));
    const timer = setTimeout(tooLate, READY_WITHIN_MS);
    child.once('error', reject);
    child.once('exit', () => clearTimeout(timer));
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready:\n${log.join('\n')}`)));
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const match = ready.exec(line);
      if (!match) return;
      clearTimeout(timer);
      resolve(match);
    });
  });
}

/** Runs one of our own programs to its end; rejects when it fails. */
export async function runProcess(
  entry: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(entry, DIST)), ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...MALLOC, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${entry} ${args.join(' ')} ended with ${code}: ${err}`);
  return out;
}
