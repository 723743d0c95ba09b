import type { Input } from '../kernel/route.js';
import type { EvidenceContext } from './context.js';
import { timelineRead } from './events.js';
import { evidenceProblem } from './problems.js';
import { custodyOfCase } from './store.js';
import { custodyView } from './view.js';

/**
 * The custody of all evidence of a case as one timeline, for compliance, a page at a time.
 *
 * @throws Problem `case_not_found`, also for a case that never had evidence
 * Audited as `custody.timeline-read`.
 */
export async function readTimeline(
  ctx: EvidenceContext,
  caseId: string,
  { after = '', limit }: { after?: string | undefined; limit: number },
  act: Input['act'],
) {
  const found = await custodyOfCase(ctx.db, caseId, after, limit + 1);
  if (found.length === 0 && after === '') throw evidenceProblem('case_not_found');
  const page = found.slice(0, limit);
  const next = found.length > limit ? (page.at(-1)?._id ?? null) : null;
  return act(async (tx) => {
    tx.record(timelineRead(caseId, page.length));
    return { custody: page.map((doc) => ({ evidenceId: doc.evidenceId, ...custodyView(doc) })), next };
  });
}
