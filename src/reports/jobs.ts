import { systemActor } from '../kernel/actor.js';
import { HOUR, MINUTE, SECOND } from '../kernel/clock.js';
import { type Job, jobFor } from '../kernel/jobs.js';
import { pageStaff } from '../kernel/page-staff.js';
import type { ReportContext } from './context.js';
import { holdDelayed } from './events.js';
import { placeHold } from './place-hold.js';
import { readReport } from './store.js';

const job = jobFor<ReportContext>();

/** The exchange is asked soon and often at first: a hold that comes late holds nothing. */
const BACKOFF = [250, SECOND, 2 * SECOND, 5 * SECOND, 15 * SECOND, MINUTE];

export const reportJobs: readonly Job<ReportContext>[] = [
  job({
    name: 'place-hold',
    attempts: 40,
    backoff: BACKOFF,
    handle: async (ctx, { reportId }, { jobId }) => placeHold(ctx, String(reportId), jobId),
    onFailed: async (ctx, { reportId }) => comeBackLater(ctx, String(reportId)),
  }),
];

/** The exchange has been away for long: staff hear of it, and the hold is tried again in an hour. */
async function comeBackLater(ctx: ReportContext, reportId: string): Promise<void> {
  const report = await readReport(ctx.db, reportId);
  if (report?.hold?.state !== 'asked') return;
  await ctx.transact(systemActor('worker', reportId), async (tx) => {
    pageStaff(tx, ctx, report.caseNumber, 'hold-failed');
    tx.record(holdDelayed(report));
    tx.enqueue({ name: 'place-hold', payload: { reportId }, runAt: new Date(tx.now.getTime() + HOUR) });
  });
}
