import { isDuplicate } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { caseReopened } from './events.js';
import { findOpenCase, openKeyOf } from './find-open-case.js';
import { caseProblem } from './problems.js';
import { saveCase } from './store.js';
import type { CaseDoc } from './words.js';

/**
 * Opens a closed case again, within 30 days; the identity has to be proven anew.
 * @throws Problem `case_not_found` · `own_case` · `another_case_open` (go on there) · `event_not_allowed`
 * Audited as `case.reopened`.
 */
export async function reopenCase(
  tx: Tx,
  ctx: CaseContext,
  caseId: string,
  { reason }: { reason: string },
): Promise<CaseDoc> {
  const doc = await caseForStaff(tx, tx.actor, caseId);
  const reporter = { customerId: doc.customerId, contactHash: doc.reporter.contactHash };
  if (await findOpenCase(tx, { kind: doc.kind, ...reporter })) throw caseProblem('another_case_open');
  const opened = await advance(tx, ctx, doc, { type: 'case.reopened' });
  tx.record(caseReopened(opened, reason));
  const openKey = openKeyOf(doc.kind, reporter);
  if (openKey === undefined) return opened;
  return saveCase(tx, opened, { ...opened, openKey }).catch((error: unknown) => {
    throw isDuplicate(error) ? caseProblem('another_case_open', { cause: error }) : error;
  });
}
