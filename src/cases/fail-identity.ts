import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { caseDecided } from './events.js';
import type { CaseDoc } from './words.js';

/**
 * Decides that whoever is there is not proven to be the customer. What was passed in this round counts no more; the account
 * stays as it is, and a new round may begin.
 * @throws Problem `case_not_found` · `own_case` · `event_not_allowed`
 * Audited as `identity.failed`.
 */
export async function failIdentity(
  tx: Tx,
  ctx: CaseContext,
  caseId: string,
  { reason }: { reason: string },
): Promise<CaseDoc> {
  const doc = await advance(tx, ctx, await caseForStaff(tx, tx.actor, caseId), { type: 'identity.failed' });
  tx.record(caseDecided(doc, 'identity.failed', reason));
  return doc;
}
