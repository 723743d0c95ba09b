import { restoreContactPoint as restore } from '../identity/index.js';
import type { Tx } from '../kernel/transact.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { checksOfRound, definitionOf, gatherFacts } from './facts.js';
import { subjectOf } from './notify.js';
import { proposalRefusal } from './policy.js';
import { caseProblem } from './problems.js';

/**
 * Takes the mark of a compromised contact point back, once the identity of its owner is proven in this case by other staff, and
 * by no check through a marked one.
 * @throws Problem `case_not_found` · `own_case` · `nobody_to_verify` · `identity_not_proven` · `own_verification` (another
 *         analyst must do it) · `contact_point_not_found` · `contact_point_trusted`
 * Audited as `contact-point.restored`.
 */
export async function restoreContactPoint(
  tx: Tx,
  ctx: CaseContext,
  { caseId, contactPointId }: { caseId: string; contactPointId: string },
  { reason }: { reason: string },
): Promise<void> {
  const doc = await caseForStaff(tx, tx.actor, caseId);
  const subject = await subjectOf(tx, doc);
  if (!subject) throw caseProblem('nobody_to_verify');
  const { identityMet } = await gatherFacts(tx, doc, definitionOf(ctx, doc), tx.now);
  if (!identityMet || doc.closedAt) throw caseProblem('identity_not_proven');
  const refusal = proposalRefusal(tx.actor.id, await checksOfRound(tx, doc));
  if (refusal) throw caseProblem(refusal);
  await restore(tx, subject._id, contactPointId, { caseId, reason });
}
