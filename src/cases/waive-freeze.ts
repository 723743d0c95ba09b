import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { caseDecided } from './events.js';
import type { CaseDoc } from './words.js';

/**
 * Decides that the account needs no freeze, or no more than what is frozen, and goes on to the identity.
 * @throws Problem `case_not_found` · `own_case` · `event_not_allowed`
 * Audited as `freeze.waived`.
 */
export async function waiveFreeze(
  tx: Tx,
  ctx: CaseContext,
  caseId: string,
  { reason }: { reason: string },
): Promise<CaseDoc> {
  const doc = await advance(tx, ctx, await caseForStaff(tx, tx.actor, caseId), { type: 'freeze.waived' });
  tx.record(caseDecided(doc, 'freeze.waived', reason));
  return doc;
}
