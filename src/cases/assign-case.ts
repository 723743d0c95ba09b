import { can } from '../access/index.js';
import { readPerson } from '../identity/index.js';
import type { Tx } from '../kernel/transact.js';
import { caseForStaff, refuseOwnCase } from './case-for.js';
import { caseAssigned, historyEntry } from './events.js';
import { caseProblem } from './problems.js';
import { saveCase } from './store.js';
import type { CaseDoc } from './words.js';

/**
 * Gives a case to somebody who works on cases, or to nobody.
 * @param personId  null: nobody
 * @throws Problem `case_not_found` · `own_case` (also when it is the assignee's own) · `assignee_not_found`
 * Audited as `case.assigned`.
 */
export async function assignCase(tx: Tx, caseId: string, { personId }: { personId: string | null }): Promise<CaseDoc> {
  const doc = await caseForStaff(tx, tx.actor, caseId);
  if (personId !== null) {
    const person = await readPerson(tx, personId);
    if (!person || person.suspendedAt || !can({ kind: 'person', roles: person.roles }, 'case.work'))
      throw caseProblem('assignee_not_found');
    await refuseOwnCase(tx, personId, doc);
  }
  const { assignee: before, ...rest } = doc;
  const entry = historyEntry(tx.now, tx.actor, 'case.assigned', doc.state, doc.state);
  const assigned = await saveCase(tx, doc, personId === null ? rest : { ...rest, assignee: personId }, entry);
  tx.record(caseAssigned(assigned, before));
  return assigned;
}
