import type { Tx } from '../kernel/transact.js';
import { caseForStaff } from './case-for.js';
import { historyEntry, retentionSet } from './events.js';
import { saveCase } from './store.js';
import type { CaseDoc } from './words.js';

/**
 * Says until when the evidence of a case is kept, in place of EVIDENCE_KEEP_DAYS; longer or shorter. An open case keeps it in
 * any case, and so does a legal hold.
 * @throws Problem `case_not_found` · `own_case`
 * Audited as `retention.set`.
 */
export async function setRetention(
  tx: Tx,
  caseId: string,
  { until, reason }: { until: string; reason: string },
): Promise<CaseDoc> {
  const doc = await caseForStaff(tx, tx.actor, caseId);
  const entry = historyEntry(tx.now, tx.actor, 'retention.set', doc.state, doc.state);
  const retention = { until: new Date(until), reason, setBy: tx.actor.id, setAt: tx.now };
  const kept = await saveCase(tx, doc, { ...doc, retention }, entry);
  tx.record(retentionSet(kept, retention.until, reason));
  return kept;
}
