import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { hash, verify } from '@node-rs/argon2';
import type { Request } from 'express';
import { Context } from '../context.js';
import { startProcess } from '../demo/start-process.js';
import { addPersonCommand } from '../identity/index.js';
import { readConfig } from '../kernel/config.js';
import { readSecrets } from '../kernel/secrets.js';
import { call } from './client.js';
import { OPEN_LIMITS } from './intake.js';
import { median, percentile, temporaryFolder } from './measure.js';
import { type Account, paced, type SignIns, type Word } from './sign-ins.js';

const PEOPLE = 8;
const ROUNDS = 5;
const CALLS = 300; // of each kind in a round
const WINDOWS = 60; // of each kind; a percentile of all of them, for the second-longest wait of one says little
const WARM_WINDOWS = 20;
const WINDOW_MS = 1_000; // what else the machine does meets both kinds alike when they are short
const READS_PER_SECOND = [40, 100];
const SIGN_INS_PER_SECOND = 10;

/** KiB and passes, one lane; from the least that OWASP's Password Storage Cheat Sheet allows to RFC 9106's second choice. */
const COSTS = [
  [19_456, 2],
  [47_104, 1],
  [32_768, 2],
  [47_104, 2],
  [65_536, 3],
] as const;

/**
 * What it costs to know who calls, against a plain read of the same person over HTTP; what one password costs, by parameters;
 * and what sign-ins do to the latency of everybody else. One web process; windows with and without sign-ins in turn, so that a
 * noisy machine is noisy for both.
 */
export async function benchIdentity() {
  const folder = await temporaryFolder();
  const env = {
    ...OPEN_LIMITS,
    DATA_DIR: folder,
    PORT: '0',
    DB_NAME: 'firebreak_bench_identity',
    ...(process.env['MONGODB_URI'] ? { MONGODB_URI: process.env['MONGODB_URI'] } : {}),
  };
  const invited = await withContext(env, invite);
  const product = await startProcess('main.js', /listening on (\S+)/, { env });
  const url = product.match[1] as string;
  try {
    const accounts = await Promise.all(invited.map((link) => setUp(url, link)));
    return {
      authorising: await withContext(env, (ctx) =>
        withContext(env, (other) => authorising(ctx, other.identity, url, accounts[0] as Account)),
      ),
      argon2: await argon2Costs(),
      signInsBesideReads: await signInsBesideReads(url, accounts),
    };
  } finally {
    await product.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function withContext<T>(env: Record<string, string>, work: (ctx: Context) => Promise<T>): Promise<T> {
  const config = readConfig({ ...env, BASE_URL: 'http://127.0.0.1' });
  const ctx = await Context.fromConfig(config, readSecrets(config, env));
  return work(ctx).finally(() => ctx.close());
}

async function invite(ctx: Context): Promise<{ email: string; token: string }[]> {
  const links: { email: string; token: string }[] = [];
  for (let n = 0; n < PEOPLE; n += 1) {
    const email = `customer-${n}@example.com`;
    const { setupLink } = await addPersonCommand(ctx, { email, roles: ['customer'], locale: 'en' });
    links.push({ email, token: setupLink.split('#')[1] as string });
  }
  return links;
}

async function setUp(url: string, { email, token }: { email: string; token: string }): Promise<Account> {
  const password = randomBytes(18).toString('base64');
  await call(`${url}/api/setup`, { method: 'POST', body: { token, password } });
  const answer = await call(`${url}/api/sessions`, { method: 'POST', body: { email, password } });
  return { email, password, token: (JSON.parse(answer) as { accessToken: string }).accessToken };
}

const read = (url: string, { token }: Account): Promise<string> =>
  call(`${url}/api/me`, { headers: { Authorization: `Bearer ${token}` } });

/** Microseconds of one call, the median of `CALLS` one after another. */
async function microseconds(call: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < CALLS; n += 1) {
    const began = performance.now();
    await call();
    times.push((performance.now() - began) * 1_000);
  }
  return median(times);
}

async function authorising({ gate, identity }: Context, elsewhere: Context['identity'], url: string, account: Account) {
  const headers: Record<string, string> = { authorization: `Bearer ${account.token}` };
  const request = { requestId: 'bench', ip: '127.0.0.1', get: (name: string) => headers[name] } as unknown as Request;
  await gate.identify(request);
  const actor = await gate.identify(request);
  const newToken = (n: number) => elsewhere.tokens.issueAccess({ personId: actor.id, sessionId: `session_${n}` }).token;
  const rounds: { first: number; token: number; gate: number; read: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const unseen = Array.from({ length: CALLS }, (_, n) => newToken(round * CALLS + n));
    rounds.push({
      first: await microseconds(() => {
        if (!identity.tokens.readAccess(unseen.pop() as string)) throw new Error('the token does not hold');
        gate.permit(actor, { permission: 'case.read' });
      }),
      token: await microseconds(() => {
        if (!identity.tokens.readAccess(account.token)) throw new Error('the token does not hold');
        gate.permit(actor, { permission: 'case.read' });
      }),
      gate: await microseconds(async () => gate.permit(await gate.identify(request), { permission: 'case.read' })),
      read: await microseconds(() => read(url, account)),
    });
  }
  return {
    newTokenAndPermissionMicroseconds: Math.round(median(rounds.map(({ first }) => first))),
    tokenAndPermissionMicroseconds: Math.round(median(rounds.map(({ token }) => token))),
    withItsSessionMicroseconds: Math.round(median(rounds.map(({ gate }) => gate))),
    plainReadMicroseconds: Math.round(median(rounds.map(({ read }) => read))),
    shareOfAPlainRead: Number(median(rounds.map(({ token, read }) => token / read)).toFixed(4)),
    shareOfAPlainReadWithANewToken: Number(median(rounds.map(({ first, read }) => first / read)).toFixed(4)),
    shareAtMost: 0.05,
    shareWithItsSession: Number(median(rounds.map(({ gate, read }) => gate / read)).toFixed(4)),
  };
}

async function argon2Costs() {
  const figures: { memoryKiB: number; passes: number; milliseconds: number }[] = [];
  for (const [memoryCost, timeCost] of COSTS) {
    const made = await hash('lantern-Quarry 58 heron', { memoryCost, timeCost, parallelism: 1 });
    const times: number[] = [];
    for (let n = 0; n < 15; n += 1) {
      const began = performance.now();
      await verify(made, 'not the password');
      times.push(performance.now() - began);
    }
    figures.push({ memoryKiB: memoryCost, passes: timeCost, milliseconds: Number(median(times).toFixed(1)) });
  }
  return figures;
}

async function signInsBesideReads(url: string, accounts: readonly Account[]) {
  const signIns = await signInsAside({ url, accounts, signInsPerSecond: SIGN_INS_PER_SECOND });
  const figures = [];
  for (const readsPerSecond of READS_PER_SECOND)
    figures.push(await besideSignIns(signIns, readsPerSecond, () => reads(url, accounts, readsPerSecond)));
  await signIns.stop();
  return figures;
}

async function besideSignIns(
  signIns: Awaited<ReturnType<typeof signInsAside>>,
  readsPerSecond: number,
  window: () => Promise<number[]>,
) {
  const alone: number[] = [];
  const beside: number[] = [];
  const readAlone = async () => alone.push(...(await window()));
  const readBeside = async () => {
    await signIns.tell('begin');
    beside.push(...(await window()));
    await signIns.tell('end');
  };
  for (let n = 0; n < WARM_WINDOWS; n += 1) await readBeside(); // a server that has just started compiles what it does often
  beside.length = 0;
  for (let round = 0; round < WINDOWS; round += 1)
    for (const one of round % 2 === 0 ? [readAlone, readBeside] : [readBeside, readAlone]) await one();
  const [p99Alone, p99Beside] = [percentile(alone, 99), percentile(beside, 99)];
  return {
    readsPerSecond,
    signInsPerSecond: SIGN_INS_PER_SECOND,
    reads: alone.length,
    readP99AloneMs: Number(p99Alone.toFixed(2)),
    readP99BesideSignInsMs: Number(p99Beside.toFixed(2)),
    ratio: Number((p99Beside / p99Alone).toFixed(3)),
    ratioAtMost: 1.2,
  };
}

/** Milliseconds of each read. */
async function reads(url: string, accounts: readonly Account[], perSecond: number): Promise<number[]> {
  const waits: number[] = [];
  const until = performance.now() + WINDOW_MS;
  await paced(
    perSecond,
    () => performance.now() < until,
    async (n) => {
      const began = performance.now();
      await read(url, accounts[n % accounts.length] as Account);
      waits.push(performance.now() - began);
    },
  );
  return waits;
}

/** Sign-ins from a thread of their own: whoever reads waits for the server, and for nobody else here. A refused one ends the bench. */
async function signInsAside(workerData: SignIns) {
  const thread = new Worker(new URL('./sign-ins.js', import.meta.url), { workerData });
  await once(thread, 'online');
  return {
    tell: async (word: Word): Promise<void> => {
      const done = once(thread, 'message');
      thread.postMessage(word);
      await done;
    },
    stop: () => thread.terminate(),
  };
}
