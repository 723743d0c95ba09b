import { findPersonByAccount, readPerson } from '../identity/index.js';
import type { Tx } from '../kernel/transact.js';
import { caseForStaff } from './case-for.js';
import { accountLinkedToCase, historyEntry } from './events.js';
import { caseProblem } from './problems.js';
import { saveCase } from './store.js';
import type { CaseDoc } from './words.js';

/**
 * Says which account at the exchange a case is about, when its report did not.
 *
 * A customer's case is about their own account: proving who they are must never give back somebody else's.
 * @param accountId  as the exchange named it
 * @throws Problem `case_not_found` · `own_case` · `account_known` (a case never changes its account) ·
 *         `account_of_another`
 * Audited as `case.account-linked`.
 */
export async function linkAccountToCase(tx: Tx, caseId: string, accountId: string): Promise<CaseDoc> {
  const doc = await caseForStaff(tx, tx.actor, caseId);
  if (doc.customerId !== undefined) {
    const own = (await readPerson(tx, doc.customerId))?.accountId;
    const owner = await findPersonByAccount(tx, accountId);
    if ((own ?? accountId) !== accountId || (owner !== null && owner._id !== doc.customerId))
      throw caseProblem('account_of_another');
  }
  return linkAccount(tx, doc, accountId);
}

/** The same for a part of the system that found the account a reporter named; whoever calls has decided that it may. */
export async function linkAccount(tx: Tx, doc: CaseDoc, accountId: string): Promise<CaseDoc> {
  if (doc.accountId !== undefined) throw caseProblem('account_known');
  const entry = historyEntry(tx.now, tx.actor, 'account.linked', doc.state, doc.state);
  const linked = await saveCase(tx, doc, { ...doc, accountId }, entry);
  tx.record(accountLinkedToCase(linked));
  return linked;
}
