import { HOUR, MINUTE, SECOND } from '../kernel/clock.js';
import { jobFor, type Recurring } from '../kernel/jobs.js';
import type { AuditContext } from './context.js';
import { eraseOpenings } from './erase-openings.js';
import { ERASE_JOB } from './order-erasure.js';

/** Gives new events their place in the log and signs it; every worker asks, one at a time gets anything done. */
export const sequenceTask: Recurring<AuditContext> = {
  name: 'sequence-audit',
  everyMs: SECOND,
  handle: async ({ auditLog }) => {
    await auditLog.tick();
  },
};

const job = jobFor<AuditContext>();

const eraseJob = job({
  name: ERASE_JOB,
  attempts: 20,
  backoff: [MINUTE, 10 * MINUTE, HOUR],
  handle: async (ctx, payload, { jobId }) => eraseOpenings(ctx, String(payload['erasureId']), jobId),
});

export const auditJobs = [eraseJob];
