import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeApp } from '../app.js';
import { ledgerOf } from '../audit/index.js';
import { Context } from '../context.js';
import { makeOutbox } from '../kernel/outbox.js';
import { makeTransact } from '../kernel/transact.js';
import { routes } from '../routes.js';
import { configOf } from './audit-setup.js';
import { reportBody } from './intake.js';
import { median, temporaryFolder } from './measure.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 40);
const ACTS_IN_A_ROUND = 50;

/**
 * The time of an act, a stranger's report over HTTP, one after another: with the log and its receipt, and without either, in turn
 * on one store. What differs is the ledger alone. Nothing is sequenced or sent meanwhile: that is another process's work.
 */
export async function benchAct() {
  const folder = await temporaryFolder();
  const { config, secrets, dispose } = configOf(folder);
  const ctx = await Context.fromConfig(config, secrets);
  const outbox = makeOutbox(() => undefined);
  const { receipt } = ctx.auditLog;
  const kept = makeTransact({ ...ctx, ledger: ledgerOf(secrets.auditKey), receipt, outbox });
  const bare = makeTransact({ ...ctx, ledger: () => [], outbox });
  const servers = await Promise.all([kept, bare].map((value) => listen(Object.create(ctx, { transact: { value } }))));
  try {
    const [audited, without] = servers.map(({ url }) => url) as [string, string];
    await round(audited);
    await round(without);
    const rounds: { audited: number; bare: number }[] = [];
    for (let n = 0; n < ROUNDS; n += 1) {
      const first = n % 2 === 0 ? await round(audited) : undefined;
      const less = await round(without);
      rounds.push({ bare: less, audited: first ?? (await round(audited)) });
    }
    return {
      auditedMs: Number(median(rounds.map((one) => one.audited)).toFixed(3)),
      bareMs: Number(median(rounds.map((one) => one.bare)).toFixed(3)),
      addedPercent: Number(((median(rounds.map((one) => one.audited / one.bare)) - 1) * 100).toFixed(1)),
      addedAtMostPercent: 15,
    };
  } finally {
    for (const { server } of servers) server.close();
    await ctx.close();
    await dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

async function listen(ctx: Context): Promise<{ server: Server; url: string }> {
  const server = createServer(makeApp<Context>(ctx, routes));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/reports` };
}

/** Milliseconds of one act, the median of a round. */
async function round(url: string): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < ACTS_IN_A_ROUND; n += 1) {
    const began = performance.now();
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(url, { method: 'POST', headers, body: reportBody() });
    await answer.arrayBuffer();
    if (answer.status !== 201) throw new Error(`a report was answered ${answer.status}`);
    times.push(performance.now() - began);
  }
  return median(times);
}
