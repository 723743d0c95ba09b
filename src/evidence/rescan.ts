import { systemActor } from '../kernel/actor.js';
import { DAY, HOUR, MINUTE } from '../kernel/clock.js';
import { newId } from '../kernel/ids.js';
import { scanJob } from './ask-scan.js';
import type { EvidenceContext } from './context.js';
import { rescanBegan } from './derivative-events.js';
import { dueForScan } from './scan-store.js';

/** Signatures of something new are written within days of it. */
const YOUNG_FOR_MS = 14 * DAY;
/** A little less than a day, so that a nightly round does not slip into the morning. */
const SCANNED_AGAIN_AFTER_MS = 23 * HOUR;
/** A new piece of evidence has its own job; past this the job was lost, or there was no scanner when it came. */
const OVERLOOKED_AFTER_MS = 10 * MINUTE;
const BATCH = 200;

/**
 * Sends to the scanner what is young and was not looked at today, what could not be scanned, and whatever has no verdict.
 * What is clean stays open meanwhile.
 *
 * @returns how many were sent
 * Audited as `evidence.rescan-began`, once a batch.
 */
export async function askForScans(ctx: EvidenceContext): Promise<number> {
  if (ctx.scanner === undefined) return 0;
  const now = ctx.clock.now().getTime();
  const due = await dueForScan(ctx.db, {
    addedSince: new Date(now - YOUNG_FOR_MS),
    scannedBefore: new Date(now - SCANNED_AGAIN_AFTER_MS),
    overlookedBefore: new Date(now - OVERLOOKED_AFTER_MS),
    most: BATCH,
  });
  if (due.length === 0) return 0;
  await ctx.transact(systemActor('rescan', newId('rescan')), async (tx) => {
    for (const evidenceId of due) tx.enqueue(scanJob(evidenceId));
    tx.record(rescanBegan(due.length));
  });
  return due.length;
}
