import { MINUTE, SECOND } from '../kernel/clock.js';
import { type Job, jobFor } from '../kernel/jobs.js';
import type { ReportContext } from './context.js';
import { placeHold } from './place-hold.js';

const job = jobFor<ReportContext>();

/** The exchange is asked soon and often at first: a hold that comes late holds nothing. */
const BACKOFF = [250, SECOND, 2 * SECOND, 5 * SECOND, 15 * SECOND, MINUTE];

export const reportJobs: readonly Job<ReportContext>[] = [
  job({
    name: 'place-hold',
    attempts: 40,
    backoff: BACKOFF,
    handle: async (ctx, { reportId }, { jobId }) => placeHold(ctx, String(reportId), jobId),
  }),
];
