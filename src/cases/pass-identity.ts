import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import type { CaseContext } from './context.js';
import { definitionOf, gatherFacts } from './facts.js';
import { saveCase } from './store.js';
import type { CaseDoc } from './words.js';

/**
 * Lets the identity pass once the checks recorded so far satisfy the policy of the workflow.
 *
 * The case's version moves either way: of two checks recorded at the same moment the second runs again and sees the first.
 */
export async function passIfMet(tx: Tx, ctx: CaseContext, doc: CaseDoc): Promise<CaseDoc> {
  const { identityMet } = await gatherFacts(tx, doc, definitionOf(ctx, doc), tx.now);
  const inReview = doc.state === 'verify-identity.in-review';
  return identityMet && inReview ? advance(tx, ctx, doc, { type: 'identity.passed' }) : saveCase(tx, doc, doc);
}
