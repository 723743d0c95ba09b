import { MINUTE, SECOND } from '../kernel/clock.js';
import { type Job, jobFor } from '../kernel/jobs.js';
import type { ReportsContext } from './context.js';
import { placeHold } from './place-hold.js';
import { tellOwnerOfHold } from './tell-owner-of-hold.js';

const job = jobFor<ReportsContext>();

/** The exchange is asked soon and often at first: a hold that comes late holds nothing. */
const BACKOFF = [250, SECOND, 2 * SECOND, 5 * SECOND, 15 * SECOND, MINUTE];

export const reportJobs: readonly Job<ReportsContext>[] = [
  job({
    name: 'place-hold',
    attempts: 40,
    backoff: BACKOFF,
    handle: async (ctx, { reportId }, { jobId }) => placeHold(ctx, String(reportId), jobId),
  }),
  job({
    name: 'tell-owner-of-hold',
    attempts: 40,
    backoff: BACKOFF,
    handle: async (ctx, { freezeId, accountId, caseNumber }) =>
      tellOwnerOfHold(ctx, {
        freezeId: String(freezeId),
        accountId: String(accountId),
        caseNumber: String(caseNumber),
      }),
  }),
];
