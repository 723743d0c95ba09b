import type { Tx } from '../kernel/transact.js';
import { evidenceScanAsked } from './derivative-events.js';
import { setScan } from './scan-store.js';
import type { EvidenceDoc } from './words.js';

/** The job that scans a piece of evidence; while it waits another is not added. */
export const scanJob = (evidenceId: string) => ({
  name: 'scan-evidence',
  payload: { evidenceId },
  key: `scan-evidence:${evidenceId}`,
});

/** The job that makes its preview, once that is allowed. */
export const previewJob = (evidenceId: string) => ({
  name: 'preview-evidence',
  payload: { evidenceId },
  key: `preview-evidence:${evidenceId}`,
});

/**
 * Has a piece of evidence scanned once more because somebody doubts what is known of it: until the answer it is shut. What
 * was found infected stays so until a scanner says otherwise.
 *
 * Audited as `evidence.scan-asked`.
 */
export async function askScan(tx: Tx, doc: EvidenceDoc): Promise<EvidenceDoc> {
  const scan = doc.scan === 'infected' ? 'infected' : 'pending';
  const { trouble: _, ...scanning } = doc.scanning ?? { at: null };
  await setScan(tx, doc._id, scan, scanning);
  tx.record(evidenceScanAsked(doc));
  tx.enqueue(scanJob(doc._id));
  return { ...doc, scan, scanning };
}
