import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Context } from '../../src/context.js';
import type { Caller, CallerOptions } from '../../src/demo/caller.js';
import type { Cast } from '../../src/demo/people.js';
import { Scene } from '../../src/demo/scene.js';
import { readConfig } from '../../src/kernel/config.js';
import { openDb } from '../../src/kernel/mongo.js';
import { readSecrets } from '../../src/kernel/secrets.js';
import { type SimulatorAdmin, simulatorAdmin } from '../../src/simulator/index.js';
import { testEnvironment } from './kernel.js';
import { castAt, openPast, type Past } from './past.js';
import { Program } from './program.js';

const LISTENING = /listening on (\S+)/;

export interface WorldOptions {
  /** Everything in one web process, on the embedded defaults; otherwise web, worker and store are processes apart. */
  readonly inOne?: boolean;
  /** Web processes, on one store. */
  readonly webs?: number;
  readonly redisUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Firebreak as processes, with an exchange, on a store and in a folder of its own. */
export interface World {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly exchange: SimulatorAdmin;
  /** The first of `webs`. */
  readonly web: Program;
  readonly webs: readonly Program[];
  /** In a world in one, the same as `web`. */
  readonly worker: Program;
  /** The person before a web process of now. */
  live(caller: Caller, options?: CallerOptions, web?: Program): Promise<Caller>;
  scene(cast: Cast, options?: CallerOptions, web?: Program): Promise<Scene>;
  /** Looks into the store, beside the processes. */
  look<T>(work: (ctx: Context) => Promise<T>): Promise<T>;
  /** Ends every process, by its pid, and removes folder and database. */
  close(): Promise<void>;
  /** Runs `work`; when it fails, the error tells what the processes logged. */
  explain<T>(work: Promise<T>): Promise<T>;
}

/**
 * Starts a world. Needs `dist/`, which `npm test` builds first.
 *
 * @param prepare  provisions people and a past, before any process of now starts
 */
export async function startWorld<T>(
  options: WorldOptions,
  prepare: (past: Past) => Promise<T>,
): Promise<{ world: World; prepared: T }> {
  const folder = await mkdtemp(join(tmpdir(), 'firebreak-journey-'));
  const programs: Program[] = [];
  let env: Record<string, string> = {};
  const close = async () => {
    for (const program of programs.toReversed()) await program.end('SIGKILL');
    if (process.env['MONGODB_URI'] && env['DB_NAME']) await dropDatabase(process.env['MONGODB_URI'], env['DB_NAME']);
    await rm(folder, { recursive: true, force: true });
  };
  const add = (program: Program) => {
    programs.push(program);
    return program;
  };
  try {
    const secret = randomBytes(32).toString('base64');
    const simulator = add(new Program('simulator/main.js', LISTENING, { env: { EXCHANGE_KEY: secret } }));
    await simulator.start();
    env = { ...(await environment(folder, options)), EXCHANGE_URL: await simulator.said(), EXCHANGE_KEY: secret };
    if (process.env['MONGODB_URI']) env['MONGODB_URI'] = process.env['MONGODB_URI'];
    else if (!options.inOne) {
      const store = add(
        new Program('embedded/main.js', /^(mongodb:\S+)/, { args: ['--data', join(folder, 'shared'), '--port', '0'] }),
      );
      env['MONGODB_URI'] = await (await store.start()).said();
    }
    const past = await openPast(env);
    const prepared = await prepare(past).finally(() => past.close());
    if (options.redisUrl) env['REDIS_URL'] = options.redisUrl;
    const webEnv = options.inOne || options.redisUrl ? env : { ...env, JOB_CONCURRENCY: '0' };
    const webs = Array.from({ length: options.webs ?? 1 }, () =>
      add(new Program('main.js', LISTENING, { env: webEnv })),
    );
    const worker = options.inOne ? (webs[0] as Program) : add(new Program('worker.js', /^working/, { env }));
    await Promise.all([...webs, worker].map((program) => program.start()));
    // Once it has a port, a web process keeps it: who comes back after a restart finds it where it was.
    for (const web of webs) await web.start({ PORT: new URL(await web.said()).port });
    return { prepared, world: worldOf({ folder, env, simulator, webs, worker, programs, close }) };
  } catch (error) {
    await close();
    throw error;
  }
}

async function environment(folder: string, { env }: WorldOptions): Promise<Record<string, string>> {
  return {
    ...testEnvironment(folder),
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'warn',
    DB_NAME: `journey_${randomBytes(6).toString('hex')}`,
    ACCESS_TOKEN_MINUTES: '60',
    RELEASE_COOLING_OFF_HOURS: String(0.3 / 3_600),
    JOB_LEASE_MS: '1000',
    JOB_SWEEP_MS: '50',
    EXCHANGE_TIMEOUT_MS: '5000', // so that a slow machine is not taken for a failing exchange
    ...env,
  };
}

function worldOf(parts: {
  folder: string;
  env: Record<string, string>;
  simulator: Program;
  webs: readonly Program[];
  worker: Program;
  programs: readonly Program[];
  close: () => Promise<void>;
}): World {
  const { folder, env, webs, worker, programs, close } = parts;
  const [web] = webs as [Program];
  const live = async (caller: Caller, options: CallerOptions = {}, at = web) => caller.at(await at.said(), options);
  return {
    folder,
    env,
    exchange: simulatorAdmin(env['EXCHANGE_URL'] as string),
    web,
    webs,
    worker,
    live,
    scene: async (cast, options = {}, at = web) => {
      const url = await at.said();
      return new Scene(
        castAt(cast, (caller) => caller.at(url, options)),
        simulatorAdmin(env['EXCHANGE_URL'] as string),
      );
    },
    look: async (work) => {
      const config = readConfig({ ...env, LOG_LEVEL: 'silent' });
      const ctx = await Context.fromConfig(config, readSecrets(config, env));
      return work(ctx).finally(() => ctx.close());
    },
    close,
    explain: (work) =>
      work.catch(async (error: unknown) => {
        const lines = (await Promise.all(programs.map((program) => program.log()))).flat();
        const told = error instanceof Error ? error.stack : String(error);
        throw new Error(`${told}\n${lines.join('\n')}`, { cause: error });
      }),
  };
}

async function dropDatabase(uri: string, name: string): Promise<void> {
  const { connection } = await openDb(uri, name);
  await connection.dropDatabase();
  await connection.close();
}
