import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { releaseApproved } from './events.js';
import { checksOfRound } from './facts.js';
import { approvalRefusal } from './policy.js';
import { caseProblem } from './problems.js';
import { heldScopes } from './propose-release.js';
import { refuseAndRecord } from './refuse-and-record.js';
import { moveApproval, readApproval } from './store.js';
import type { CaseDoc } from './words.js';

/**
 * Approves a proposed release as the second person; the exchange is asked to release, and its confirmation closes the case.
 * Of two approvals at once exactly one wins.
 *
 * @throws Problem `case_not_found` · `own_case` · `approval_not_found` · `already_decided` · `own_proposal` ·
 *         `own_verification` (of the proposer too: decline, and another analyst proposes) · `cooling_off` with `until`
 *         (wait) · `proposal_expired` (propose again) · `scopes_differ` with `held` (more was frozen since: decline and
 *         propose again) · `event_not_allowed`
 * Audited as `release.approved`, or `release.refused-to-person`.
 */
export async function approveRelease(tx: Tx, ctx: CaseContext, caseId: string, approvalId: string): Promise<CaseDoc> {
  const doc = await caseForStaff(tx, tx.actor, caseId);
  const approval = await readApproval(tx, caseId, approvalId);
  const refusal = approvalRefusal(tx.actor.id, approval, await checksOfRound(tx, doc), tx.now);
  if (refusal === 'cooling_off')
    throw caseProblem(refusal, { extra: { until: approval.coolingOffUntil.toISOString() } });
  if (refusal === 'own_proposal' || refusal === 'own_verification')
    await refuseAndRecord(ctx, tx.actor, doc, 'approve', refusal);
  if (refusal) throw caseProblem(refusal);
  const held = await heldScopes(tx, caseId);
  if (!held.every((scope) => approval.scopes.includes(scope))) throw caseProblem('scopes_differ', { extra: { held } });

  const approved = await moveApproval(tx, approval, { state: 'approved', decidedBy: tx.actor.id, decidedAt: tx.now });
  const next = await advance(tx, ctx, doc, { type: 'release.approved', approvalId });
  tx.record(releaseApproved(next, approved));
  return next;
}
