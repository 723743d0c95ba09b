import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { caseDecided, releaseExpired } from './events.js';
import { approvalsOfCase, moveApproval } from './store.js';
import type { CaseDoc, Outcome } from './words.js';

/**
 * Closes a case with an outcome. Nothing may still be frozen by it or under way, and legal hold stops it. A proposal to
 * release that waits ends with it: approved after a reopening, it would skip the new proof and the new cooling-off time.
 * @throws Problem `case_not_found` · `own_case` · `event_not_allowed` with `because`: `legal_hold`, `still_frozen`,
 *         `remedies_pending`
 * Audited as `case.close-ordered` and `case.closed`, and `release.expired` for such a proposal.
 */
export async function closeCase(
  tx: Tx,
  ctx: CaseContext,
  caseId: string,
  { outcome, reason }: { outcome: Outcome; reason: string },
): Promise<CaseDoc> {
  const doc = await advance(tx, ctx, await caseForStaff(tx, tx.actor, caseId), { type: 'case.closed', outcome });
  tx.record(caseDecided(doc, 'case.close-ordered', reason, { outcome }));
  for (const approval of await approvalsOfCase(tx, caseId))
    if (approval.state === 'proposed')
      tx.record(releaseExpired(doc, await moveApproval(tx, approval, { state: 'expired', decidedAt: tx.now })));
  return doc;
}
