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

const PAIRS = Number(process.env['BENCH_PAIRS'] ?? 3_000);
const WARM_UP = 200;

/**
 * The time of an act, a stranger's report over HTTP, one after another: with the log and its receipt, and without either, in pairs
 * of random order on one store, so that both meet the same machine. What differs is the ledger alone. Nothing is sequenced or
 * sent meanwhile: that is another process's work.
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
    const times = { audited: [] as number[], bare: [] as number[] };
    for (let n = -WARM_UP; n < PAIRS; n += 1) {
      const first = Math.random() < 0.5 ? await act(audited) : undefined;
      const bare = await act(without);
      const timed = first ?? (await act(audited));
      if (n < 0) continue;
      times.audited.push(timed);
      times.bare.push(bare);
    }
    const [auditedMs, bareMs] = [median(times.audited), median(times.bare)];
    return {
      auditedMs: Number(auditedMs.toFixed(3)),
      bareMs: Number(bareMs.toFixed(3)),
      addedPercent: Number(((auditedMs / bareMs - 1) * 100).toFixed(1)),
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

/** Milliseconds of one act. */
async function act(url: string): Promise<number> {
  const began = performance.now();
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: reportBody() });
  await answer.arrayBuffer();
  if (answer.status !== 201) throw new Error(`a report was answered ${answer.status}`);
  return performance.now() - began;
}
