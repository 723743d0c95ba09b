import { MINUTE } from '../kernel/clock.js';
import type { Recurring } from '../kernel/jobs.js';
import type { EvidenceContext } from './context.js';
import { sweepLeftovers } from './sweep-leftovers.js';

/** Ends uploads whose process was killed: keeps what was committed, removes the rest. */
export const sweepUploads: Recurring<EvidenceContext> = {
  name: 'sweep-uploads',
  everyMs: 10 * MINUTE,
  handle: async (ctx) => {
    const ended = await sweepLeftovers(ctx);
    if (ended > 0) ctx.logger.info('leftovers of uploads ended', { ended });
  },
};
