import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeApp } from '../app.js';
import { auditRoutes } from '../audit/index.js';
import { Context } from '../context.js';
import { canonicalJson } from '../kernel/canonical.js';
import { newIdAt } from '../kernel/ids.js';
import { configOf } from './audit-setup.js';
import { median, temporaryFolder } from './measure.js';

const SHORT_LOG = 10_000;
const PAGES = 150;
const PIECE = 1_000;

/** A page of 50, newest first and of one case deep in the past, in a log of 10,000 events and in a long one. */
export async function benchPages(longLog: number) {
  const folder = await temporaryFolder();
  const { config, secrets, dispose } = configOf(folder);
  const ctx = await Context.fromConfig(config, secrets);
  const who = {
    kind: 'person',
    id: 'person_bench',
    roles: ['compliance'],
    secondFactor: true,
    requestId: 'bench',
  } as const;
  const open = Object.create(ctx, {
    gate: { value: { identify: async () => ({ ...who }), permit: () => undefined } },
  }) as Context;
  const server = createServer(makeApp<Context>(open, auditRoutes));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/audit/events?limit=50`;
  try {
    await fill(ctx, 0, SHORT_LOG);
    const short = { newest: await page(url), ofACase: await page(`${url}&caseId=case_7`) };
    await fill(ctx, SHORT_LOG, longLog);
    const long = { newest: await page(url), ofACase: await page(`${url}&caseId=case_7`) };
    return {
      events: longLog,
      newestMs: { at10000: short.newest, atAll: long.newest },
      ofACaseMs: { at10000: short.ofACase, atAll: long.ofACase },
      ratio: Number(Math.max(long.newest / short.newest, long.ofACase / short.ofACase).toFixed(2)),
      ratioAtMost: 2,
    };
  } finally {
    server.close();
    await ctx.close();
    await dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill({ db }: Context, from: number, to: number): Promise<void> {
  const { leafHash } = await import('../audit/index.js');
  for (let start = from; start < to; start += PIECE) {
    const rows = Array.from({ length: Math.min(PIECE, to - start) }, (_, i) => {
      const n = start + i;
      const at = new Date(1.7e12 + n * 250);
      const id = newIdAt('event', at);
      const lookup = { action: 'case.viewed', caseId: `case_${n % 100}`, result: 'done' };
      const event = {
        version: 1,
        id,
        at: at.toISOString(),
        actor: { kind: 'person', id: `person_${n % 50}`, roles: ['analyst'] },
        ...lookup,
        facts: { n },
        commitments: {},
        requestId: `request_${n}`,
      };
      const bytes = Buffer.from(canonicalJson(event));
      return { _id: id, at, actor: event.actor.id, ...lookup, bytes, leafHash: leafHash(bytes) };
    });
    await db.connection.collection('auditEvents').insertMany(rows as never[], { ordered: false });
  }
}

/** Milliseconds of one page, the median. */
async function page(url: string): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < PAGES; n += 1) {
    const began = performance.now();
    const answer = await fetch(url);
    const { events } = (await answer.json()) as { events: unknown[] };
    if (events.length !== 50) throw new Error(`a page had ${events.length} events`);
    times.push(performance.now() - began);
  }
  return Number(median(times).toFixed(2));
}
