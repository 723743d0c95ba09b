import { systemActor } from '../kernel/actor.js';
import { pageStaff } from '../kernel/page-staff.js';
import { previewJob } from './ask-scan.js';
import type { EvidenceContext } from './context.js';
import { evidenceScanDelayed, evidenceScanned } from './derivative-events.js';
import { previewId, readDerivative } from './derivatives.js';
import { readForWork } from './open-for-work.js';
import { hasPreview } from './previewer.js';
import { isScanDelayed, setScan } from './scan-store.js';
import { ScannerAway, type ScannerTrouble, type Verdict } from './scanner.js';
import { insertCustody } from './store.js';
import type { EvidenceDoc, ScanState } from './words.js';

/**
 * Asks the scanner about a piece of evidence and records its verdict. Without a verdict nothing opens.
 *
 * @throws ScannerAway when it has to be asked again later; the first time staff are called
 * Audited as `evidence.scanned` with a custody event, or once as `evidence.scan-delayed`.
 */
export async function scanEvidence(ctx: EvidenceContext, evidenceId: string, jobId: string): Promise<void> {
  const { scanner } = ctx;
  if (scanner === undefined) return; // what waits goes on waiting
  const actor = systemActor('scanner', jobId);
  const work = await readForWork(ctx, actor, evidenceId);
  if (work === undefined) return;
  const { doc, caseNumber, object } = work;
  const verdict = await scanner
    .scan(object)
    .catch(async (error: unknown) => {
      if (error instanceof ScannerAway) await delay(ctx, doc, caseNumber, error.trouble, jobId);
      throw error;
    })
    .finally(() => work.close());
  await ctx.transact(actor, async (tx) => {
    const scan = verdict.found satisfies ScanState;
    await setScan(tx, doc._id, scan, scanningOf(verdict, tx.now));
    insertCustody(tx, [doc], 'scanned', reasonOf(verdict), { after: doc.sha256 });
    tx.record(evidenceScanned(doc, scan, verdict));
    if (scan === 'infected' && doc.scan !== 'infected') pageStaff(tx, ctx, caseNumber, 'evidence-infected');
    if (scan === 'failed' && doc.scan !== 'failed') pageStaff(tx, ctx, caseNumber, 'evidence-not-scannable');
    if (scan !== 'clean' || !hasPreview(doc.type)) return;
    if ((await readDerivative(tx, previewId(doc._id))) === null) tx.enqueue(previewJob(evidenceId));
  });
}

/** Says at the evidence why it waits, and calls staff when it is the first that does. */
async function delay(
  ctx: EvidenceContext,
  doc: EvidenceDoc,
  caseNumber: string,
  trouble: ScannerTrouble,
  jobId: string,
): Promise<void> {
  if (doc.scanning?.trouble === trouble) return;
  await ctx.transact(systemActor('scanner', jobId), async (tx) => {
    const first = !(await isScanDelayed(tx));
    const { engine, signature, at = null } = doc.scanning ?? {};
    await setScan(tx, doc._id, doc.scan, {
      at,
      trouble,
      ...(engine === undefined ? {} : { engine }),
      ...(signature === undefined ? {} : { signature }),
    });
    tx.record(evidenceScanDelayed(doc, trouble));
    if (first) pageStaff(tx, ctx, caseNumber, 'scanner-away');
  });
}

const scanningOf = (verdict: Verdict, at: Date) => ({
  at,
  engine: verdict.engine,
  ...(verdict.found === 'infected' ? { signature: verdict.signature } : {}),
  ...(verdict.found === 'failed' ? { trouble: verdict.because } : {}),
});

function reasonOf(verdict: Verdict): string {
  if (verdict.found === 'clean') return `clean, by ${verdict.engine}`;
  if (verdict.found === 'infected') return `infected: ${verdict.signature}, by ${verdict.engine}`;
  return `no verdict: ${verdict.because}, by ${verdict.engine}`;
}
