import { caseProblem, getCase, readCase, timeline } from '../cases/index.js';
import { listEvidence } from '../evidence/index.js';
import type { Actor } from '../kernel/actor.js';
import type { Input } from '../kernel/route.js';
import type { ReportContext } from './context.js';
import { caseCopied } from './events.js';
import { reportsOfCase } from './store.js';
import { keptReportView } from './view.js';

/**
 * Everything of a case that its customer may see, as one document to keep: where it stands, their reports in their words, the
 * story with its messages, and their evidence by name and hash.
 *
 * @throws Problem `case_not_found`, for staff too unless the case is their own: what they may take out is exported, not copied
 * Audited as `case.copied`.
 */
export async function copyCase(ctx: ReportContext, actor: Actor, caseId: string, act: Input['act']) {
  const doc = await readCase(ctx.db, caseId);
  if (doc.customerId !== actor.id) throw caseProblem('case_not_found');
  const [found, { entries }, reports, { evidence }] = await Promise.all([
    getCase(ctx, actor, caseId),
    timeline(ctx, actor, caseId),
    reportsOfCase(ctx.db, caseId),
    listEvidence(ctx, actor, caseId, act),
  ]);
  return act(async (tx) => {
    tx.record(caseCopied(caseId, doc.number));
    return {
      madeAt: tx.now.toISOString(),
      case: found,
      reports: reports.filter(({ personId }) => personId === actor.id).map(keptReportView),
      entries,
      evidence,
    };
  });
}
