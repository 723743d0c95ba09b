import { newId } from '../kernel/ids.js';
import type { Tx } from '../kernel/transact.js';
import { previewJob, scanJob } from './ask-scan.js';
import type { EvidenceContext } from './context.js';
import { evidenceReceived } from './events.js';
import type { ReceivedFile } from './intake.js';
import { stayInLimits } from './limits.js';
import { hasPreview } from './previewer.js';
import { insertCustody, insertEvidence } from './store.js';
import type { EvidenceDoc, ScanState } from './words.js';

/**
 * Adds files that lie in the store to a case, each with its custody record.
 *
 * Call inside `keepUpload`, which takes the bytes away again when the transaction fails.
 * @param why stands in the custody record: how the file came here
 * @throws Problem what `stayInLimits` throws
 * Audited as `evidence.received`, once a file.
 */
export async function addEvidence(
  tx: Tx,
  ctx: Pick<EvidenceContext, 'vault' | 'config' | 'scanner'>,
  { caseId, reportId, files, why }: { caseId: string; reportId?: string; files: readonly ReceivedFile[]; why: string },
): Promise<readonly EvidenceDoc[]> {
  if (files.length === 0) return [];
  const bytes = files.reduce((sum, { held }) => sum + held.size, 0);
  await stayInLimits(tx, ctx, caseId, { files: files.length, bytes });
  const docs: EvidenceDoc[] = [];
  for (const file of files) {
    const objectId = await ctx.vault.keep(tx, caseId, file.held); // one by one: the second may be the first once more
    docs.push(record(tx, caseId, reportId, objectId, file, ctx.scanner ? 'pending' : 'not-scanned'));
  }
  insertEvidence(tx, docs);
  for (const doc of docs) insertCustody(tx, [doc], 'received', why, { before: null, after: doc.sha256 });
  for (const doc of docs) {
    tx.record(evidenceReceived(doc));
    const next = ctx.scanner ? scanJob(doc._id) : hasPreview(doc.type) ? previewJob(doc._id) : undefined;
    if (next) tx.enqueue({ ...next, fresh: true });
  }
  return docs;
}

function record(
  tx: Tx,
  caseId: string,
  reportId: string | undefined,
  objectId: string,
  file: ReceivedFile,
  scan: ScanState,
): EvidenceDoc {
  const { charset, activeContent, type } = file.content;
  return {
    _id: newId('evidence'),
    caseId,
    ...(reportId === undefined ? {} : { reportId }),
    objectId,
    original: 'kept',
    sha256: file.held.sha256,
    size: file.held.size,
    name: file.name,
    ...(file.declaredType === undefined ? {} : { declaredType: file.declaredType }),
    type,
    ...(charset === undefined ? {} : { charset }),
    ...(activeContent === undefined ? {} : { activeContent }),
    typeMismatch: file.typeMismatch,
    scan,
    addedBy: { kind: tx.actor.kind, id: tx.actor.id },
    addedAt: tx.now,
  };
}
