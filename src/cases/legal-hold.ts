import { holdEvidence } from '../evidence/index.js';
import type { Tx } from '../kernel/transact.js';
import { caseForStaff } from './case-for.js';
import { historyEntry, legalHoldLifted, legalHoldSet } from './events.js';
import { caseProblem } from './problems.js';
import { saveCase } from './store.js';
import type { CaseDoc } from './words.js';

/**
 * Puts a case under legal hold: in whatever state, it is neither closed nor deleted until the hold is lifted, and its evidence does not expire.
 * @throws Problem `case_not_found` · `own_case` · `legal_hold_set`
 * Audited as `legal-hold.set`, with a custody event of each piece of evidence.
 */
export async function setLegalHold(tx: Tx, caseId: string, { reason }: { reason: string }): Promise<CaseDoc> {
  const doc = await caseForStaff(tx, tx.actor, caseId);
  if (doc.legalHold) throw caseProblem('legal_hold_set');
  const entry = historyEntry(tx.now, tx.actor, 'legal-hold.set', doc.state, doc.state);
  const held = await saveCase(tx, doc, { ...doc, legalHold: { reason, setBy: tx.actor.id, setAt: tx.now } }, entry);
  tx.record(legalHoldSet(held, reason, await holdEvidence(tx, caseId, 'held', reason)));
  return held;
}

/**
 * Lifts the legal hold of a case.
 * @throws Problem `case_not_found` · `own_case` · `legal_hold_missing`
 * Audited as `legal-hold.lifted`, with a custody event of each piece of evidence.
 */
export async function liftLegalHold(tx: Tx, caseId: string, { reason }: { reason: string }): Promise<CaseDoc> {
  const { legalHold, ...doc } = await caseForStaff(tx, tx.actor, caseId);
  if (!legalHold) throw caseProblem('legal_hold_missing');
  const entry = historyEntry(tx.now, tx.actor, 'legal-hold.lifted', doc.state, doc.state);
  const lifted = await saveCase(tx, { ...doc, legalHold }, doc, entry);
  tx.record(legalHoldLifted(lifted, reason, await holdEvidence(tx, caseId, 'released-from-hold', reason)));
  return lifted;
}
