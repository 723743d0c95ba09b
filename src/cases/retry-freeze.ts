import { freezesOfCase } from '../accounts/index.js';
import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { caseProblem } from './problems.js';
import type { CaseDoc } from './words.js';

/**
 * Asks the exchange anew for a freeze that is partial, failed or unconfirmed.
 * @throws Problem `case_not_found` · `own_case` · `freeze_not_in_case` · `freeze_state_conflict` · `event_not_allowed`
 * Audited as `freeze.requested-again`.
 */
export async function retryFreeze(tx: Tx, ctx: CaseContext, caseId: string, freezeId: string): Promise<CaseDoc> {
  const doc = await caseForStaff(tx, tx.actor, caseId);
  const freezes = await freezesOfCase(tx, caseId);
  if (!freezes.some(({ _id, kind }) => _id === freezeId && kind === 'freeze')) throw caseProblem('freeze_not_in_case');
  return advance(tx, ctx, doc, { type: 'freeze.requested', again: freezeId });
}
