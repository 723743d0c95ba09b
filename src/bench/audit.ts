import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Context } from '../context.js';
import { benchAct } from './audit-act.js';
import { writeLongBundle } from './audit-bundle.js';
import { benchPages } from './audit-pages.js';
import { configOf } from './audit-setup.js';
import { percentile, temporaryFolder } from './measure.js';

const APPEND_SECONDS = Number(process.env['BENCH_SECONDS'] ?? 15);
const EVENTS_PER_ACT = 4;
const AT_ONCE = 16;
const LONG_LOG = Number(process.env['BENCH_EVENTS'] ?? 1_000_000);

/**
 * The audit log: appends while it is sequenced and signed, what auditing costs an act, checking a long log offline, and reading a page of
 * one. BENCH_SECONDS and BENCH_EVENTS make it shorter, to see that it runs.
 */
export async function benchAudit() {
  return {
    append: await benchAppend(),
    act: await benchAct(),
    verify: await benchVerify(),
    page: await benchPages(LONG_LOG),
  };
}

/** Acts of four events each, in one process with the sequencer, on the store; an event's lag is up to the checkpoint that covers it. */
async function benchAppend() {
  const folder = await temporaryFolder();
  const { config, secrets, dispose } = configOf(folder);
  const ctx = await Context.fromConfig(config, secrets);
  try {
    ctx.startWorking({ alone: true });
    const committed: { id: string; at: number }[] = [];
    const end = performance.now() + APPEND_SECONDS * 1_000;
    const signedAt = watchCheckpoints(ctx, end + 10_000);
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (performance.now() < end) {
          const requestId = `bench_${randomBytes(8).toString('hex')}`;
          const actor = {
            kind: 'person',
            id: 'person_bench',
            roles: ['analyst'],
            address: '203.0.113.9',
            requestId,
          } as const;
          await ctx.transact(actor, async (tx) => {
            for (let n = 0; n < EVENTS_PER_ACT; n += 1)
              tx.record({ action: 'case.viewed', caseId: 'case_bench', facts: { n }, personal: { note: requestId } });
          });
          committed.push({ id: requestId, at: performance.now() });
        }
      }),
    );
    const acts = committed.length;
    while ((await ctx.auditLog.tick()).sequenced > 0 || (await waiting(ctx))) await delay(50);
    const lags = await lagsOf(committed, await signedAt.stop());
    return {
      eventsPerSecond: Math.round((acts * EVENTS_PER_ACT) / APPEND_SECONDS),
      atLeast: 500,
      checkpointLagP50Ms: Math.round(percentile(lags, 50)),
      checkpointLagP99Ms: Math.round(percentile(lags, 99)),
      p99AtMostMs: 5_000,
    };
  } finally {
    await ctx.stopWorking();
    await ctx.close();
    await dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

const waiting = async ({ db }: Context): Promise<boolean> =>
  (await db.connection.collection('auditPending').findOne({})) !== null;

/** When each checkpoint was first seen by a reader who asks all the time. */
function watchCheckpoints({ db }: Context, until: number) {
  const seen: { size: number; at: number }[] = [];
  let stopped = false;
  const run = (async () => {
    while (!stopped && performance.now() < until + 60_000) {
      const [row] = await db.connection.collection('auditCheckpoints').find({}).sort({ _id: -1 }).limit(1).toArray();
      const size = Number(row?._id ?? 0);
      if (size > (seen.at(-1)?.size ?? 0)) seen.push({ size, at: performance.now() });
      await delay(20);
    }
  })();
  return {
    stop: async () => {
      await delay(100);
      stopped = true;
      await run;
      return seen;
    },
  };
}

/** Acts enter the log about in the order of their commits, so the nth act is covered by the first checkpoint of 4n events. */
async function lagsOf(
  committed: readonly { at: number }[],
  checkpoints: readonly { size: number; at: number }[],
): Promise<number[]> {
  const inOrder = committed.map(({ at }) => at).toSorted((a, b) => a - b);
  let next = 0;
  return inOrder.map((at, n) => {
    while (next < checkpoints.length - 1 && (checkpoints[next]?.size ?? 0) < (n + 1) * EVENTS_PER_ACT) next += 1;
    return Math.max(0, (checkpoints[next]?.at ?? Number.NaN) - at);
  });
}

/** `firebreak audit verify` as a process of its own; its memory is the most that Linux saw it hold. */
async function benchVerify() {
  const folder = await temporaryFolder();
  try {
    const path = join(folder, 'audit.ndjson');
    await writeLongBundle(createWriteStream(path), LONG_LOG);
    const began = performance.now();
    const megabytes = await verifyAndWeigh(path);
    return {
      events: LONG_LOG,
      seconds: Number(((performance.now() - began) / 1_000).toFixed(1)),
      secondsAtMost: 60,
      megabytes,
      megabytesAtMost: 300,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function verifyAndWeigh(path: string): Promise<number> {
  const cli = fileURLToPath(new URL('../cli.js', import.meta.url));
  // The process tells its own peak when it ends: VmHWM is gone with it.
  const watch = `process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS+'\\n'))`;
  const child = spawn(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(watch)}`, cli, 'audit', 'verify', path],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let told = '';
  child.stderr.on('data', (piece) => {
    told += String(piece);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`verification ended with ${String(code)}: ${told}`);
  return Math.round(Number(/peak (\d+)/.exec(told)?.[1]) / 1_024);
}
