import { HOUR, MINUTE, SECOND } from '../kernel/clock.js';
import { type Job, jobFor, type Recurring } from '../kernel/jobs.js';
import type { EvidenceContext } from './context.js';
import { makePreview, makeRedaction } from './make-preview.js';
import { isUnreadable } from './open-for-work.js';
import { askForScans } from './rescan.js';
import { scanEvidence } from './scan-evidence.js';

const job = jobFor<EvidenceContext>();

/** A scanner that is away comes back some day, and until then nothing opens: this job is never given up. */
const FOR_EVER = Number.MAX_SAFE_INTEGER;

/** Many: what a file does, it does to the process that draws it. A worker that is lost meanwhile was lost to something else. */
const ATTEMPTS = 20;

/** Ends quietly where the bytes are broken: the alarm was raised by whoever found it. */
const quietly = async (work: Promise<void>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
  }
};

export const derivativeJobs: readonly Job<EvidenceContext>[] = [
  job({
    name: 'scan-evidence',
    attempts: FOR_EVER,
    backoff: [2 * SECOND, 10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE],
    handle: (ctx, payload, { jobId }) => quietly(scanEvidence(ctx, String(payload['evidenceId']), jobId)),
  }),
  job({
    name: 'preview-evidence',
    attempts: ATTEMPTS,
    backoff: [SECOND, 10 * SECOND, MINUTE],
    handle: (ctx, payload, { jobId }) => quietly(makePreview(ctx, String(payload['evidenceId']), jobId)),
  }),
  job({
    name: 'redact-evidence',
    attempts: ATTEMPTS,
    backoff: [SECOND, 10 * SECOND, MINUTE],
    handle: (ctx, payload, { jobId }) => quietly(makeRedaction(ctx, String(payload['redactionId']), jobId)),
  }),
];

/** Looks for evidence that is due for the scanner: each young one once a night's length, and what nobody asked about. */
export const rescanTask: Recurring<EvidenceContext> = {
  name: 'rescan-evidence',
  everyMs: HOUR / 4,
  handle: async (ctx) => {
    const asked = await askForScans(ctx);
    if (asked > 0) ctx.logger.info('evidence goes to the scanner again', { asked });
  },
};
