import type { Input } from '../kernel/route.js';
import type { EvidenceContext } from './context.js';
import { evidenceShared } from './derivative-events.js';
import { attachment } from './file-name.js';
import { refuseQuarantined } from './quarantine.js';
import { evidenceForStaff, readyRedaction } from './redact-evidence.js';
import { bytesOf } from './show-derivative.js';
import { insertCustody } from './store.js';
import { stayInQuota } from './view-quota.js';

type ShareInput = Pick<
  Input<{ caseId: string; evidenceId: string; redactionId: string }, undefined, { recipient: string; reason: string }>,
  'params' | 'body' | 'actor' | 'act' | 'response'
>;

/**
 * Gives a redaction out of our hands: whoever carries it away says to whom it goes and why, each time anew.
 *
 * The record is committed before the first byte leaves, and the bytes were checked whole before that.
 * @throws Problem `case_not_found` · `evidence_not_found` · `redaction_not_found` · `preview_missing` ·
 *         `evidence_quarantined` · `step_up_required` · `view_quota_reached` · `preview_damaged`
 * Audited as `evidence.shared`, with a custody event that names recipient and reason.
 */
export async function shareRedaction(ctx: EvidenceContext, { params, body, actor, act, response }: ShareInput) {
  const doc = await evidenceForStaff(ctx, actor, params);
  await refuseQuarantined(ctx, actor, doc);
  const redaction = await readyRedaction(ctx, doc, params.redactionId);
  await stayInQuota(ctx, actor, doc);
  const bytes = await bytesOf(ctx, actor, doc, redaction);
  await act(async (tx) => {
    const reason = `redaction ${redaction._id} to ${body.recipient}: ${body.reason}`;
    insertCustody(tx, [doc], 'shared', reason, { after: redaction.sha256 ?? null });
    tx.record(evidenceShared(doc, redaction, body));
  });
  response.set({
    'Content-Type': 'application/octet-stream',
    'Content-Length': String(bytes.length),
    'Content-Disposition': attachment(`${redaction._id}.jpg`), // the sender's name for the file may name people
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Repr-Digest': `sha-256=:${Buffer.from(String(redaction.sha256), 'hex').toString('base64')}:`, // RFC 9530
  });
  response.end(bytes);
}
