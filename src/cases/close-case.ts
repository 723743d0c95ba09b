import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { caseDecided } from './events.js';
import type { CaseDoc, Outcome } from './words.js';

/**
 * Closes a case with an outcome. Nothing may still be frozen by it or under way, and legal hold stops it.
 * @throws Problem `case_not_found` · `own_case` · `event_not_allowed` with `because`: `legal_hold`, `still_frozen`,
 *         `remedies_pending`
 * Audited as `case.close-ordered` and `case.closed`.
 */
export async function closeCase(
  tx: Tx,
  ctx: CaseContext,
  caseId: string,
  { outcome, reason }: { outcome: Outcome; reason: string },
): Promise<CaseDoc> {
  const doc = await advance(tx, ctx, await caseForStaff(tx, tx.actor, caseId), { type: 'case.closed', outcome });
  tx.record(caseDecided(doc, 'case.close-ordered', reason, { outcome }));
  return doc;
}
