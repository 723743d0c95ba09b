import { type Invitation, voidFactors } from '../identity/index.js';
import type { Tx } from '../kernel/transact.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { factorResetRefused, factorsResetInCase } from './events.js';
import { checksOfRound, definitionOf, gatherFacts } from './facts.js';
import { subjectOf } from './notify.js';
import { proposalRefusal } from './policy.js';
import { caseProblem } from './problems.js';

/**
 * Voids every second factor of a customer who has lost all of them and every recovery code. Their identity is proven in this
 * case, by other staff: whoever proved it could make a stranger into the customer alone.
 *
 * @returns what the one-time set-up link is made of, good for 24 h; whoever resets hands it over. It opens with the present
 *          password only, which staff do not know.
 * @throws Problem `case_not_found` · `own_case` · `nobody_to_verify` · `identity_not_proven` · `own_verification` (another
 *         analyst must do it) · `not_set_up`
 * Audited as `case.factors-reset` and `person.factors-reset`, or `case.factor-reset-refused`. The customer is told everywhere.
 */
export async function resetCustomerFactors(
  tx: Tx,
  ctx: CaseContext,
  caseId: string,
  { reason }: { reason: string },
): Promise<Invitation> {
  const doc = await caseForStaff(tx, tx.actor, caseId);
  const customer = await subjectOf(tx, doc);
  if (!customer) throw caseProblem('nobody_to_verify');
  const { identityMet } = await gatherFacts(tx, doc, definitionOf(ctx, doc), tx.now);
  if (!identityMet || doc.closedAt) throw caseProblem('identity_not_proven');
  const refusal = proposalRefusal(tx.actor.id, await checksOfRound(tx, doc));
  if (refusal) {
    await ctx.transact(tx.actor, async (own) => own.record(factorResetRefused(doc, refusal)));
    throw caseProblem(refusal);
  }
  tx.record(factorsResetInCase(doc, customer._id));
  return voidFactors(tx, customer, reason);
}
