import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Context } from '../context.js';
import { Caller } from '../demo/caller.js';
import { startProcess } from '../demo/start-process.js';
import { addPersonCommand } from '../identity/index.js';
import { readConfig } from '../kernel/config.js';
import { readSecrets } from '../kernel/secrets.js';
import { simulatorAdmin } from '../simulator/index.js';
import { OPEN_LIMITS } from './intake.js';
import { percentile, temporaryFolder } from './measure.js';

const CUSTOMERS = 200;
const REPORTS_PER_SECOND = 20;
const SET_UP_AT_ONCE = 8;

/**
 * From sending the report of a signed-in, re-verified customer to the exchange's confirmed freeze in our record, at 20
 * reports a second, web process and exchange each a process of its own. Every customer reports once.
 */
export async function benchFreeze() {
  const folder = await temporaryFolder();
  const exchangeKey = randomBytes(32).toString('base64');
  const simulator = await startProcess('simulator/main.js', /listening on (\S+)/, {
    env: { EXCHANGE_KEY: exchangeKey },
  });
  const exchange = simulatorAdmin(simulator.match[1] as string);
  const env = {
    ...OPEN_LIMITS,
    DATA_DIR: folder,
    PORT: '0',
    EXCHANGE_URL: simulator.match[1] as string,
    EXCHANGE_KEY: exchangeKey,
    DB_NAME: 'firebreak_bench_freeze',
    ...(process.env['MONGODB_URI'] ? { MONGODB_URI: process.env['MONGODB_URI'] } : {}),
  };
  const links = await invite(env);
  const product = await startProcess('main.js', /listening on (\S+)/, { env });
  try {
    const url = product.match[1] as string;
    const customers: Caller[] = [];
    for (let at = 0; at < CUSTOMERS; at += SET_UP_AT_ONCE) {
      const batch = links.slice(at, at + SET_UP_AT_ONCE);
      customers.push(...(await Promise.all(batch.map((link) => setUp(url, link, exchange)))));
    }
    const ready: { caller: Caller; token: string; body: object }[] = [];
    for (const caller of customers) {
      const body = urgentReport();
      ready.push({ caller, body, token: await caller.reverify('submitReport', {}, body) });
    }
    const sent: Sent[] = [];
    const started = Date.now();
    await Promise.all(
      ready.map(async ({ caller, body, token }, n) => {
        await new Promise((resolve) => setTimeout(resolve, started + (n * 1_000) / REPORTS_PER_SECOND - Date.now()));
        const at = Date.now();
        const { caseId } = await caller.ask<{ caseId: string }>('POST', '/api/reports', body, {
          Reverification: token,
        });
        sent.push({ caller, caseId, at });
      }),
    );
    const waits = await confirmedAfter(sent);
    return {
      reports: waits.length,
      p50Ms: percentile(waits, 50),
      p95Ms: percentile(waits, 95),
      p99Ms: percentile(waits, 99),
      p99AtMostMs: 500,
    };
  } finally {
    await product.stop();
    await simulator.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Link = { email: string; token: string };

async function invite(env: Record<string, string>): Promise<Link[]> {
  const config = readConfig({ ...env, BASE_URL: 'http://127.0.0.1' });
  const ctx = await Context.fromConfig(config, readSecrets(config, env));
  const links: Link[] = [];
  for (let n = 0; n < CUSTOMERS; n += 1) {
    const email = `customer-${n}@example.com`;
    const { setupLink } = await addPersonCommand(ctx, { email, roles: ['customer'], locale: 'en' });
    links.push({ email, token: setupLink.split('#')[1] as string });
  }
  await ctx.close();
  return links;
}

async function setUp(
  url: string,
  { email, token }: Link,
  exchange: ReturnType<typeof simulatorAdmin>,
): Promise<Caller> {
  const password = randomBytes(18).toString('base64');
  const caller = new Caller(url, email);
  await caller.ask('POST', '/api/setup', { token, password });
  await caller.signIn(email, password);
  await caller.enrol(password);
  const { accountId } = await exchange.openAccount({ email, sample: true });
  const { code } = await exchange.issueLinkCode(accountId);
  await caller.ask('POST', '/api/account/link', { linkCode: code });
  return caller;
}

const urgentReport = () => ({
  kind: 'unauthorized_trade',
  occurredAt: new Date(Date.now() - 60_000).toISOString(),
  where: { channel: 'app' },
  whatHappened: 'I did not place these orders.',
  language: 'en',
});

interface CaseAnswer {
  id: string;
  freezes: { state: string; confirmedAt?: string }[];
}

interface Sent {
  readonly caller: Caller;
  readonly caseId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

async function confirmedAfter(sent: readonly Sent[]): Promise<number[]> {
  const deadline = Date.now() + 20_000;
  const waits: number[] = [];
  for (const { caller, caseId, at } of sent) {
    for (;;) {
      const { freezes } = await caller.ask<CaseAnswer>('GET', `/api/cases/${caseId}`);
      const confirmedAt = freezes[0]?.confirmedAt;
      if (confirmedAt) {
        waits.push(Date.parse(confirmedAt) - at);
        break;
      }
      if (Date.now() > deadline) throw new Error(`case ${caseId} was never confirmed`);
    }
  }
  return waits;
}
