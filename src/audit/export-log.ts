import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemActor } from '../kernel/actor.js';
import { newId } from '../kernel/ids.js';
import { formatKey, tableHead, tableRow } from '../proof/index.js';
import { EXPORT_FILES } from '../proof/open-path.js';
import type { Selection } from './bundle-source.js';
import { checkpointCovering, noteOf } from './checkpoints.js';
import type { AuditContext } from './context.js';
import { logExported } from './export-events.js';
import { type CheckpointRow, indexOf, newestCheckpoint } from './log-store.js';
import { AuditEvents } from './store.js';
import { readEvent } from './verify-event.js';
import { openBundle } from './write-bundle.js';

export interface ExportRequest extends Selection {
  /** A folder that is not there yet, or empty. */
  readonly out: string;
  /** With the personal data that is not erased. */
  readonly openings: boolean;
  /** Up to the newest checkpoint that is there, without waiting for a newer one: for a log that takes nothing in. */
  readonly asItIs?: boolean;
  /** Hears how far it is, after each few hundred events. */
  readonly onProgress?: (written: number, events: number) => void;
}

export interface Exported {
  readonly events: number;
  /** Size of the log at the checkpoint that it is proven by. */
  readonly size: number;
  /** Indices of events that could not be written: the store has lost them, or holds something that is no event. */
  readonly lost: readonly number[];
  /** Whether the log holds that it was exported. */
  readonly recorded: boolean;
}

/** A running system needs about a second, a stopped one a lease more. */
const LONGEST_WAIT_MS = 20_000;
const LOOK_AGAIN_MS = 200;
const TELL_AFTER = 500;

/**
 * Writes the log, or a part of it, into a folder that proves itself: NDJSON, CSV, the checkpoint and the log's keys.
 *
 * @throws Error when the folder is not empty, or the log takes nothing in any more
 * Audited as `audit.exported`, before anything is written; the export of the whole log ends with that event or later ones.
 * What is exported as it is leaves no event: a log that is damaged is looked at, not written to. So does an export without
 * the ROOT_KEY of the system, of which the log would take nothing in.
 */
export async function exportLog(ctx: AuditContext, request: ExportRequest): Promise<Exported> {
  await mkdir(request.out, { recursive: true, mode: 0o700 });
  if ((await readdir(request.out)).length > 0) throw new Error(`${request.out} is not empty`);
  const keys = await ctx.auditLog.reloadKeys();
  const recorded = keys.canSign && !request.asItIs;
  const checkpoint = await (recorded ? recordAndWait(ctx, request) : newestCheckpoint(ctx.db));
  if (!checkpoint) throw new Error('nothing was ever signed');
  const bundle = await openBundle(ctx.db, { ...request, checkpoint, keys });
  const file = async (name: string) => open(join(request.out, name), 'wx', 0o600);
  const [events, table] = [await file(EXPORT_FILES.bundle), await file(EXPORT_FILES.table)];
  const lost: number[] = [];
  let written = 0;
  try {
    const rows = buffered((text) => table.appendFile(text));
    const lines = buffered((text) => events.appendFile(text));
    await rows.add(tableHead);
    for await (const { text, line, lost: index } of bundle.lines()) {
      if (index !== undefined) lost.push(index);
      await lines.add(text);
      if (!line) continue;
      await rows.add(tableRow(line));
      written += 1;
      if (written % TELL_AFTER === 0) request.onProgress?.(written, bundle.events);
    }
    await Promise.all([lines.end(), rows.end()]);
    await Promise.all([events.sync(), table.sync()]);
  } finally {
    await Promise.all([events.close(), table.close()]);
  }
  await writeWhole(await file(EXPORT_FILES.checkpoint), noteOf(checkpoint));
  const { all } = keys;
  await writeWhole(await file(EXPORT_FILES.keys), all.map((key) => `${formatKey(key)}\n`).join(''));
  request.onProgress?.(written, bundle.events);
  return { events: written, size: checkpoint._id, lost, recorded };
}

/** Records the export, and waits until the log has taken it in: then everything that was done before is in, too. */
async function recordAndWait(ctx: AuditContext, request: ExportRequest): Promise<CheckpointRow> {
  const actor = systemActor('cli', newId('cli'));
  const since = await ctx.transact(actor, async (tx) => {
    tx.record(logExported(request, request.openings));
    return tx.now;
  });
  const recent = { action: 'audit.exported', at: { $gte: since } };
  const rows = await AuditEvents(ctx.db)
    .collection.find(recent as never, { promoteBuffers: true })
    .toArray();
  const own = rows.find((row) => readEvent(row['bytes'] as Uint8Array)?.requestId === actor.requestId);
  const deadline = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    await ctx.auditLog.tick();
    const index = await indexOf(ctx.db, String(own?._id));
    const checkpoint = await newestCheckpoint(ctx.db);
    if (index !== undefined && checkpoint && checkpoint._id > index) return (await witnessed(ctx, index)) ?? checkpoint;
    if (performance.now() > deadline) {
      throw new Error('the log takes nothing in, it may be damaged; --as-it-is exports what was signed last');
    }
    await delay(LOOK_AGAIN_MS);
  }
}

/** Asks the witnesses at once, so that what leaves the house has their signatures; those that are away do without. */
async function witnessed({ db, config, auditLog }: AuditContext, index: number): Promise<CheckpointRow | undefined> {
  if (config.audit.witnesses.length > 0) await auditLog.publish();
  return checkpointCovering(db, index);
}

/** Writes in pieces of a megabyte. */
function buffered(write: (text: string) => Promise<void>) {
  let waiting = '';
  const flush = async () => {
    const text = waiting;
    waiting = '';
    if (text) await write(text);
  };
  return {
    add: async (text: string) => {
      waiting += text;
      if (waiting.length > 1_048_576) await flush();
    },
    end: flush,
  };
}

async function writeWhole(file: Awaited<ReturnType<typeof open>>, text: string): Promise<void> {
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
