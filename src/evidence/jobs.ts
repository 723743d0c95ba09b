import { HOUR, MINUTE } from '../kernel/clock.js';
import { jobFor, type Recurring } from '../kernel/jobs.js';
import type { EvidenceContext } from './context.js';
import { expireUploads, finishUpload } from './finish-upload.js';
import { sweepLeftovers } from './sweep-leftovers.js';
import { verifyObjects } from './verify-objects.js';

/** Ends uploads whose process was killed: keeps what was committed, removes the rest. */
export const sweepUploads: Recurring<EvidenceContext> = {
  name: 'sweep-uploads',
  everyMs: 10 * MINUTE,
  handle: async (ctx) => {
    const ended = await sweepLeftovers(ctx);
    if (ended > 0) ctx.logger.info('leftovers of uploads ended', { ended });
  },
};

/** Reads everything through about once a day. What was read lately is left, so it costs nothing to look often. */
export const verifyEvidence: Recurring<EvidenceContext> = {
  name: 'verify-evidence',
  everyMs: 30 * MINUTE,
  handle: async (ctx) => {
    await verifyObjects(ctx);
  },
};

const job = jobFor<EvidenceContext>();

/** Takes away what nobody can read any more. */
export const removeObject = job({
  name: 'remove-object',
  attempts: 10,
  backoff: [5_000, 60_000, HOUR],
  handle: async ({ vault }, payload) => vault.store.remove(String(payload['objectId'])),
});

export const evidenceTasks: readonly Recurring<EvidenceContext>[] = [sweepUploads, expireUploads, verifyEvidence];
export const evidenceJobs = [removeObject, finishUpload];
