import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { ANSWER_FD } from './previewer/words.js';

export interface Limits {
  /** Wall time; then the process is killed. */
  readonly milliseconds: number;
  /** Memory it may write to, in MiB, held by the kernel (RLIMIT_DATA). */
  readonly megabytes: number;
  /** Bytes it may answer. */
  readonly answerBytes: number;
}

export type Ended = { readonly bytes: Buffer } | { readonly failed: 'timed-out' | 'crashed' | 'no-decoder' };

const NOT_FOUND = 127; // of a shell

/** Of processor time: the kernel ends whoever goes on when nobody is left to look at the clock. */
const SPARE_SECONDS = 5;

/**
 * Runs a program on an open file (descriptor 3) and gives what it wrote to descriptor 4.
 *
 * It gets no environment of ours, so no secret; it can write nothing into a file and leaves no core. Standard output and error
 * are dropped: libraries say there whatever comes to their mind, and it may quote the file.
 */
export async function runLimited(
  command: readonly [string, ...string[]],
  fd: number,
  { milliseconds, megabytes, answerBytes }: Limits,
): Promise<Ended> {
  const seconds = Math.ceil(milliseconds / 1_000) + SPARE_SECONDS;
  const limits = `ulimit -c 0; ulimit -f 0; ulimit -t ${seconds}; ulimit -d ${megabytes * 1024}; exec "$@"`;
  const child = spawn('/bin/sh', ['-c', limits, 'sh', ...command], {
    cwd: '/',
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' },
    stdio: ['ignore', 'ignore', 'ignore', fd, 'pipe'],
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, milliseconds);
  try {
    const ended = once(child, 'close') as Promise<[number | null]>;
    const bytes = await collect(child.stdio[ANSWER_FD] as Readable, answerBytes);
    if (bytes === undefined) child.kill('SIGKILL');
    const [code] = await ended;
    if (late) return { failed: 'timed-out' };
    if (code === 0 && bytes !== undefined) return { bytes };
    return { failed: code === NOT_FOUND ? 'no-decoder' : 'crashed' };
  } finally {
    clearTimeout(timer);
  }
}

/** Undefined when it is more than was agreed. */
async function collect(stream: Readable, most: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
