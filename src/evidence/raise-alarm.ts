import type { Actor } from '../kernel/actor.js';
import { pageStaff } from '../kernel/page-staff.js';
import type { EvidenceContext } from './context.js';
import { evidenceIntegrityFailed, type Failure } from './events.js';
import { markObject } from './objects.js';
import { evidenceProblem } from './problems.js';
import { evidenceOfObject, insertCustody, setOriginal } from './store.js';
import type { EvidenceDoc } from './words.js';

/**
 * Tells everybody who must know that bytes in the store are not those that were received, and says so at every piece of
 * evidence that stands on them.
 *
 * @param caseNumber who is called reads it; the id of the case where nobody knows the number
 * @throws Problem `original_erased` when it was this very moment
 * Audited as `evidence.integrity-failed`, with a custody event; logged at ERROR; staff are called.
 */
export async function raiseAlarm(
  ctx: Pick<EvidenceContext, 'db' | 'logger' | 'transact' | 'config'>,
  actor: Actor,
  caseNumber: string,
  { objectId, sha256 }: Pick<EvidenceDoc, 'objectId' | 'sha256'>,
  failure: Failure,
): Promise<void> {
  if (keptOf(await evidenceOfObject(ctx.db, objectId)).length === 0) return; // erased while it was read
  ctx.logger.error('evidence is not what was received', { objectId, sha256, ...failure });
  const reason = failure.found === null ? failure.because : `found ${failure.found}`;
  await ctx.transact(actor, async (tx) => {
    const docs = keptOf(await evidenceOfObject(tx, objectId));
    if (docs.length === 0) throw evidenceProblem('original_erased');
    insertCustody(tx, docs, 'integrity-failed', reason, { after: failure.found });
    await markObject(tx, objectId, { joinable: false });
    await setOriginal(tx, objectId, failure.because === 'missing' ? 'missing' : 'damaged');
    for (const doc of docs) tx.record(evidenceIntegrityFailed(doc, failure));
    pageStaff(tx, ctx, caseNumber, 'evidence-damaged');
  });
}

const keptOf = (docs: readonly EvidenceDoc[]) => docs.filter(({ original }) => original !== 'erased');
