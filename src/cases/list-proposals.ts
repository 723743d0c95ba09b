import type { Actor } from '../kernel/actor.js';
import type { CaseContext } from './context.js';
import { checksOfRound } from './facts.js';
import { approvalRefusal } from './policy.js';
import { findCases, openApprovals } from './store.js';
import { type ApprovalView, approvalView } from './view.js';

export interface WaitingProposal extends ApprovalView {
  caseId: string;
  caseNumber: string;
  /** Why this approver cannot approve it now. */
  because?: string;
}

/** More than that many at once is a backlog, not a list of what to do next. */
const MOST = 100;

/** Proposals that wait for a second person, longest waiting first, and what keeps this very approver from each. */
export async function listProposals(ctx: CaseContext, actor: Actor): Promise<{ proposals: WaitingProposal[] }> {
  const docs = await findCases(ctx.db, { state: 'resolve.release-pending' }, MOST);
  const cases = new Map(docs.map((doc) => [doc._id, doc]));
  const proposals: WaitingProposal[] = [];
  for (const approval of await openApprovals(ctx.db, [...cases.keys()])) {
    const doc = cases.get(approval.caseId);
    if (!doc) continue;
    const because = approvalRefusal(actor.id, approval, await checksOfRound(ctx.db, doc), ctx.clock.now());
    proposals.push({
      ...approvalView(approval),
      caseId: doc._id,
      caseNumber: doc.number,
      ...(because !== null && { because }),
    });
  }
  return { proposals };
}
