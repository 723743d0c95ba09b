import type { Actor } from '../kernel/actor.js';
import { pageStaff } from '../kernel/page-staff.js';
import type { EvidenceContext } from './context.js';
import { evidenceIntegrityFailed } from './events.js';
import type { CaseGrant } from './policy.js';
import { insertCustody } from './store.js';
import type { EvidenceDoc } from './words.js';

/**
 * Tells everybody who must know that bytes in the store are not those that were received.
 *
 * @param found SHA-256 of what lies there; null when nothing does
 * Audited as `evidence.integrity-failed`, with a custody event; logged at ERROR; staff are called.
 */
export async function raiseAlarm(
  ctx: EvidenceContext,
  actor: Actor,
  { caseNumber }: CaseGrant,
  doc: EvidenceDoc,
  found: string | null,
): Promise<void> {
  ctx.logger.error('evidence is not what was received', { evidenceId: doc._id, sha256: doc.sha256, found });
  await ctx.transact(actor, async (tx) => {
    await insertCustody(tx, [doc], 'integrity-failed', found === null ? 'object missing' : `found ${found}`);
    tx.record(evidenceIntegrityFailed(doc, found));
    pageStaff(tx, ctx, caseNumber, 'evidence-damaged');
  });
}
