import { HOUR, MINUTE } from '../kernel/clock.js';
import type { Recurring } from '../kernel/jobs.js';
import type { EvidenceContext } from './context.js';
import { isReferenced } from './store.js';

/** Far longer than any upload may take, and than any transaction lives. */
const GRACE_MS = HOUR;

/** Ends uploads whose process was killed: keeps what was committed, removes the rest. */
export const sweepUploads: Recurring<EvidenceContext> = {
  name: 'sweep-uploads',
  everyMs: 10 * MINUTE,
  handle: async ({ objects, clock, db, logger }) => {
    const ended = await objects.sweep(new Date(clock.now().getTime() - GRACE_MS), isReferenced(db));
    if (ended > 0) logger.info('leftovers of uploads ended', { ended });
  },
};
