import type { Tx } from '../kernel/transact.js';
import { evidenceOfCaseIn, insertCustody } from './store.js';

/**
 * Writes into the custody of all evidence of a case that a legal hold begins or ends.
 *
 * @returns of how many pieces; the caller's audit event says it as `facts.evidence`
 */
export async function holdEvidence(
  tx: Tx,
  caseId: string,
  act: 'held' | 'released-from-hold',
  reason: string,
): Promise<number> {
  const docs = await evidenceOfCaseIn(tx, caseId);
  if (docs.length > 0) insertCustody(tx, docs, act, reason);
  return docs.length;
}
