import { SECOND } from '../kernel/clock.js';
import type { Recurring } from '../kernel/jobs.js';
import type { AuditContext } from './context.js';

/** Gives new events their place in the log and signs it; every worker asks, one at a time gets anything done. */
export const sequenceTask: Recurring<AuditContext> = {
  name: 'sequence-audit',
  everyMs: SECOND,
  handle: async ({ auditLog }) => {
    await auditLog.tick();
  },
};
