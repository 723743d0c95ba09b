import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { caseDecided } from './events.js';
import { saveCase } from './store.js';
import type { CaseDoc } from './words.js';

/**
 * Says that somebody has read the report and it is complete enough to act on; the case becomes theirs if it is nobody's.
 * @throws Problem `case_not_found` · `own_case` · `event_not_allowed`
 * Audited as `case.triaged`.
 */
export async function triageCase(
  tx: Tx,
  ctx: CaseContext,
  caseId: string,
  { note }: { note: string },
): Promise<CaseDoc> {
  const doc = await advance(tx, ctx, await caseForStaff(tx, tx.actor, caseId), { type: 'case.triaged' });
  tx.record(caseDecided(doc, 'case.triaged', note));
  return doc.assignee === undefined ? saveCase(tx, doc, { ...doc, assignee: tx.actor.id }) : doc;
}
