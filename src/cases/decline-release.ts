import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { releaseDeclined } from './events.js';
import { caseProblem } from './problems.js';
import { moveApproval, readApproval } from './store.js';
import type { CaseDoc } from './words.js';

/**
 * Declines a proposed release; the case goes back to its remedies. It needs no waiting and no second person: it only ever
 * keeps an account closed.
 * @throws Problem `case_not_found` · `own_case` · `approval_not_found` · `already_decided` · `event_not_allowed`
 * Audited as `release.declined`.
 */
export async function declineRelease(
  tx: Tx,
  ctx: CaseContext,
  caseId: string,
  approvalId: string,
  { reason }: { reason: string },
): Promise<CaseDoc> {
  const doc = await caseForStaff(tx, tx.actor, caseId);
  const approval = await readApproval(tx, caseId, approvalId);
  if (approval.state !== 'proposed') throw caseProblem('already_decided');
  const declined = await moveApproval(tx, approval, {
    state: 'declined',
    decidedBy: tx.actor.id,
    decidedAt: tx.now,
    decisionReason: reason,
  });
  const next = await advance(tx, ctx, doc, { type: 'release.declined' });
  tx.record(releaseDeclined(next, declined));
  return next;
}
