import { existsSync } from 'node:fs';
import { type Started, startProcess } from '../../src/demo/start-process.js';

const BUILT = new URL('../../dist/main.js', import.meta.url);

/** Pids of all programs of this run, so that none outlives it, whatever happens to the tests. */
const alive = new Set<number>();
process.once('exit', () => {
  for (const pid of alive) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {} // it ended by itself meanwhile
  }
});

/**
 * One of our own programs as a process of its own, started from `dist/` (`npm test` builds it first), that can be killed
 * and started again.
 */
export class Program {
  readonly #entry: string;
  readonly #ready: RegExp;
  readonly #args: readonly string[];
  #env: Readonly<Record<string, string>>;
  #running: Promise<Started> | undefined;
  readonly #log: string[] = [];

  constructor(
    entry: string,
    ready: RegExp,
    { args = [], env = {} }: { args?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
  ) {
    if (!existsSync(BUILT))
      throw new Error('dist/ is missing: run `npm run build` first, as `npm test` does by itself');
    this.#entry = entry;
    this.#ready = ready;
    this.#args = args;
    this.#env = env;
  }

  /** Starts it unless it runs; resolves when it is ready. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<this> {
    this.#env = { ...this.#env, ...env };
    this.#running ??= this.#start();
    await this.#running;
    return this;
  }

  async #start(): Promise<Started> {
    const started = await startProcess(this.#entry, this.#ready, { args: this.#args, env: this.#env });
    alive.add(started.pid);
    void started.exited.then(() => alive.delete(started.pid));
    return started;
  }

  /** What the ready line said. */
  async said(): Promise<string> {
    const { match } = await this.#now();
    return match[1] ?? match[0];
  }

  /** Resolves once it is ready; rejects when nobody has started it. */
  async up(): Promise<void> {
    await this.#now();
  }

  async #now(): Promise<Started> {
    if (!this.#running) throw new Error(`${this.#entry} is not running`);
    return this.#running;
  }

  /** Ends it. @returns its exit code; null when a signal ended it, or it did not run */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const running = this.#running;
    this.#running = undefined;
    return this.#ended(running, signal);
  }

  async #ended(running: Promise<Started> | undefined, signal: NodeJS.Signals): Promise<number | null> {
    const started = await running?.catch(() => undefined);
    if (!started) return null;
    const code = await started.stop(signal);
    this.#log.push(...started.log);
    return code;
  }

  /** `kill -9`, and up again. From the call on, `up` waits for the new one. */
  async killAndStart(): Promise<void> {
    await this.restart('SIGKILL');
  }

  /** Ends it and starts it again. From the call on, `up` waits for the new one. @returns the exit code of the old one */
  async restart(signal: NodeJS.Signals, env: Readonly<Record<string, string>> = {}): Promise<number | null> {
    this.#env = { ...this.#env, ...env };
    const ended = this.#ended(this.#running, signal);
    this.#running = ended.then(() => this.#start());
    await this.#running;
    return ended;
  }

  /** Everything it wrote to standard error, of all its lives; the last lines only. */
  async log(): Promise<string[]> {
    const now = await this.#running?.catch(() => undefined);
    return [...this.#log, ...(now?.log ?? [])].slice(-40).map((line) => `${this.#entry}: ${line}`);
  }
}
