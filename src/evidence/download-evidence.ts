import type { Response } from 'express';
import type { Actor } from '../kernel/actor.js';
import type { Input } from '../kernel/route.js';
import type { EvidenceContext } from './context.js';
import { evidenceDelivered, evidenceDownloaded } from './events.js';
import { attachment } from './file-name.js';
import { failedExit, openOriginal } from './open-original.js';
import { type CaseGrant, mayOpenCase, maySee } from './policy.js';
import { evidenceProblem } from './problems.js';
import { refuseQuarantined } from './quarantine.js';
import { sendVerified } from './send-verified.js';
import { insertCustody, readEvidence } from './store.js';
import { ObjectDamaged } from './vault.js';
import { stayInQuota } from './view-quota.js';
import type { EvidenceDoc } from './words.js';

type DownloadInput = Pick<
  Input<{ caseId: string; evidenceId: string }, undefined, { reason?: string | undefined }>,
  'params' | 'body' | 'actor' | 'act' | 'reverified' | 'response'
>;

/**
 * Sends the original, byte for byte, re-hashed on its way out.
 *
 * The custody event is committed before the first byte leaves. Bytes that are not those received are never sent whole.
 * @throws Problem `case_not_found` · `evidence_not_found` · `evidence_quarantined` · `step_up_required` (staff re-verify for each original) ·
 *         `reason_missing` (staff say why) · `view_quota_reached` (staff wait: `Retry-After`) ·
 *         `original_missing` and `original_damaged` (staff were alarmed) · `original_key_lost` · `original_erased`
 * Audited as `evidence.downloaded` and, once all was sent, `evidence.delivered`; or `evidence.view-refused`; on a mismatch `evidence.integrity-failed` follows.
 */
export async function downloadEvidence(ctx: EvidenceContext, input: DownloadInput): Promise<void> {
  const { params, actor, response } = input;
  const grant = await mayOpenCase(ctx.caseAccess, ctx.db, actor, params.caseId);
  const doc = await readEvidence(ctx.db, params.caseId, params.evidenceId);
  if (!doc || !maySee(actor, grant, doc)) throw evidenceProblem('evidence_not_found');
  await refuseQuarantined(ctx, actor, doc);
  const reason = reasonFor(ctx, grant, input);
  if (grant.as === 'staff') await stayInQuota(ctx, actor, doc);
  const object = await openOriginal(ctx, actor, grant.caseNumber, doc);
  try {
    await input.act(async (tx) => {
      insertCustody(tx, [doc], 'downloaded', reason);
      tx.record(evidenceDownloaded(doc, reason));
    });
    response.set(headersOf(doc));
    if (await sendVerified(response, object)) await delivered(ctx, actor, doc, reason);
  } catch (error) {
    if (!(error instanceof ObjectDamaged)) throw error;
    await refuse(ctx, actor, grant, doc, error, response);
  } finally {
    object.close();
  }
}

/** A fact of its own: a download that was begun may have been cut. */
const delivered = (ctx: EvidenceContext, actor: Actor, doc: EvidenceDoc, reason: string): Promise<void> =>
  ctx.transact(actor, async (tx) => {
    tx.mayWait(); // all was sent
    insertCustody(tx, [doc], 'delivered', reason, { after: doc.sha256 });
    tx.record(evidenceDelivered(doc));
  });

function reasonFor(ctx: EvidenceContext, grant: CaseGrant, { body, reverified }: DownloadInput): string {
  if (grant.as === 'owner') return body.reason ?? 'own upload';
  if (!reverified) throw ctx.stepUp.demand();
  if (body.reason === undefined) throw evidenceProblem('reason_missing');
  return body.reason;
}

/** Either nothing was sent yet, and a problem can be; or the connection is cut before the last byte. */
async function refuse(
  ctx: EvidenceContext,
  actor: Actor,
  grant: CaseGrant,
  doc: EvidenceDoc,
  cause: ObjectDamaged,
  response: Response,
): Promise<void> {
  if (response.headersSent) response.destroy();
  const problem = await failedExit(ctx, actor, grant.caseNumber, doc, cause);
  if (response.headersSent) return;
  for (const name of Object.keys(headersOf(doc))) response.removeHeader(name);
  throw problem;
}

/** Nothing may make a browser show, run, keep or share what somebody else sent us. */
const headersOf = (doc: EvidenceDoc): Record<string, string> => ({
  'Content-Type': 'application/octet-stream',
  'Content-Length': String(doc.size),
  'Content-Disposition': attachment(doc.name),
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Repr-Digest': `sha-256=:${Buffer.from(doc.sha256, 'hex').toString('base64')}:`, // RFC 9530
});
