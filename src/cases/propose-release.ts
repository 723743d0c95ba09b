import { newId } from '../kernel/ids.js';
import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { releaseProposed } from './events.js';
import { accountOf, checksOfRound, inForce } from './facts.js';
import { coolingOff, proposalRefusal } from './policy.js';
import { caseProblem } from './problems.js';
import { refuseAndRecord } from './refuse-and-record.js';
import { insertApproval } from './store.js';
import type { ApprovalDoc, CaseDoc, Outcome } from './words.js';

export interface ReleaseProposal {
  /** Exactly the scopes this case holds: proposer and approver name what they open. */
  readonly scopes: readonly string[];
  /** How the case will end once the account is released. */
  readonly outcome: Outcome;
  readonly reason: string;
}

/**
 * Proposes to release the account of a case; an approver who neither proposed nor verified must confirm, after the
 * cooling-off time, in which the customer is told.
 *
 * @returns the case and the approval; `coolingOffUntil` and `expiresAt` in UTC
 * @throws Problem `case_not_found` · `own_case` · `own_verification` (another analyst must propose) · `scopes_differ` with
 *         `held` · `event_not_allowed` (identity not proven, a remedy under way, nothing frozen)
 * Audited as `release.proposed`, or `release.refused-to-person`. Source: product.md, "an insider releases an account"
 */
export async function proposeRelease(
  tx: Tx,
  ctx: CaseContext,
  caseId: string,
  { scopes, outcome, reason }: ReleaseProposal,
): Promise<{ doc: CaseDoc; approval: ApprovalDoc }> {
  const doc = await caseForStaff(tx, tx.actor, caseId);
  const refusal = proposalRefusal(tx.actor.id, await checksOfRound(tx, doc));
  if (refusal) await refuseAndRecord(ctx, tx.actor, doc, 'propose', refusal);

  const approval: ApprovalDoc = {
    _id: newId('approval'),
    caseId,
    accountId: accountOf(doc),
    scopes: [...scopes].toSorted(),
    outcome,
    reason,
    state: 'proposed',
    round: doc.identityRound,
    proposedBy: tx.actor.id,
    proposedAt: tx.now,
    ...coolingOff(tx.now, ctx.config),
  };
  const next = await advance(tx, ctx, doc, {
    type: 'release.proposed',
    told: { notBefore: approval.coolingOffUntil.toISOString() },
  });
  const held = await heldScopes(tx, caseId);
  if (held.join() !== approval.scopes.join()) throw caseProblem('scopes_differ', { extra: { held } });
  await insertApproval(tx, approval);
  tx.record(releaseProposed(next, approval));
  tx.enqueue({ name: 'expire-release', payload: { caseId, approvalId: approval._id }, runAt: approval.expiresAt });
  return { doc: next, approval };
}

/** Every scope that a freeze or hold of this case asked for and may still hold, sorted. */
export async function heldScopes(tx: Tx, caseId: string): Promise<string[]> {
  return [...new Set((await inForce(tx, caseId)).flatMap(({ scopes }): readonly string[] => scopes))].toSorted();
}
