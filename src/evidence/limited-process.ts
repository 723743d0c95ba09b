import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ANSWER_FD } from './previewer/words.js';

export interface Limits {
  /** Wall time from the moment it is given its work; then the process is killed. */
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
 * A program on one piece of work: on its standard input, or in an open file (descriptor 3). It answers on descriptor 4.
 *
 * It gets no environment of ours, so no secret; it can write nothing into a file and leaves no core. Standard output and error
 * are dropped: libraries say there whatever comes to their mind, and it may quote the file.
 */
export class LimitedProcess {
  readonly #limits: Limits;
  readonly #child: ChildProcess;
  readonly #input: Socket;
  readonly #answer: Socket;
  #heard = 0;
  /** Its exit code, null when it was killed. */
  readonly ended: Promise<number | null>;

  constructor(command: readonly [string, ...string[]], limits: Limits, fd?: number) {
    const { milliseconds, megabytes } = limits;
    const seconds = Math.ceil(milliseconds / 1_000) + SPARE_SECONDS;
    const bounds = `ulimit -c 0; ulimit -f 0; ulimit -t ${seconds}; ulimit -d ${megabytes * 1024}; exec "$@"`;
    this.#limits = limits;
    this.#child = spawn('/bin/sh', ['-c', bounds, 'sh', ...command], {
      cwd: '/',
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' },
      stdio: ['pipe', 'ignore', 'ignore', fd ?? 'ignore', 'pipe'],
    });
    this.ended = once(this.#child, 'close').then(([code]) => code as number | null);
    this.ended.catch(() => undefined); // that it did not start is told to whoever gives it work
    this.#input = this.#child.stdin as Socket;
    this.#answer = this.#child.stdio[ANSWER_FD] as Socket;
    for (const end of [this.#input, this.#answer]) end.on('error', () => undefined); // it is gone, and its end says so
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Bytes of its answer so far. */
  get heard(): number {
    return this.#heard;
  }

  /** While it waits for work, this process may end; it reads then that there will be none. */
  wait(): void {
    for (const part of [this.#child, this.#input, this.#answer]) part.unref();
  }

  /** Gives it its one piece of work; resolves when it has ended. */
  async work(input: AsyncIterable<Uint8Array>): Promise<Ended> {
    for (const part of [this.#child, this.#input, this.#answer]) part.ref();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.kill();
    }, this.#limits.milliseconds);
    const given = pipeline(input, this.#input).catch(() => undefined);
    try {
      const bytes = await this.#collect(this.#answer);
      if (bytes === undefined) this.kill();
      const code = await this.ended;
      if (late) return { failed: 'timed-out' };
      if (code === 0 && bytes !== undefined) return { bytes };
      return { failed: code === NOT_FOUND ? 'no-decoder' : 'crashed' };
    } finally {
      clearTimeout(timer);
      this.kill();
      await given; // nobody reads the file any more
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Undefined when it is more than was agreed. */
  async #collect(stream: Readable): Promise<Buffer | undefined> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      this.#heard += chunk.length;
      if (this.#heard > this.#limits.answerBytes) return undefined;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}
