import type { Response } from 'express';
import type { Actor } from '../kernel/actor.js';
import type { Input } from '../kernel/route.js';
import type { EvidenceContext } from './context.js';
import { evidenceDownloaded } from './events.js';
import { attachment } from './file-name.js';
import { ObjectMissing } from './object-store.js';
import { type CaseGrant, mayOpenCase, maySee } from './policy.js';
import { evidenceProblem } from './problems.js';
import { raiseAlarm } from './raise-alarm.js';
import { sendVerified } from './send-verified.js';
import { insertCustody, readEvidence } from './store.js';
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
 * @throws Problem `case_not_found` · `evidence_not_found` · `step_up_required` (staff re-verify for each original) ·
 *         `reason_missing` (staff say why) · `view_quota_reached` (staff wait: `Retry-After`) · `original_missing` and `original_damaged` (staff were alarmed)
 * Audited as `evidence.downloaded`, or `evidence.view-refused`; on a mismatch `evidence.integrity-failed` follows.
 */
export async function downloadEvidence(ctx: EvidenceContext, input: DownloadInput): Promise<void> {
  const { params, actor, response } = input;
  const grant = await mayOpenCase(ctx.caseAccess, ctx.db, actor, params.caseId);
  const doc = await readEvidence(ctx.db, params.caseId, params.evidenceId);
  if (!doc || !maySee(actor, grant, doc)) throw evidenceProblem('evidence_not_found');
  const reason = reasonFor(ctx, grant, input);
  if (grant.as === 'staff') await stayInQuota(ctx, actor, doc);
  const object = await openObject(ctx, actor, grant, doc);
  try {
    await input.act(async (tx) => {
      await insertCustody(tx, [doc], 'downloaded', reason);
      tx.record(evidenceDownloaded(doc, reason));
    });
    response.set(headersOf(doc));
    const found = await sendVerified(response, object, doc);
    if (found !== doc.sha256) await refuse(ctx, actor, grant, doc, found, response);
  } finally {
    object.bytes.destroy();
  }
}

function reasonFor(ctx: EvidenceContext, grant: CaseGrant, { body, reverified }: DownloadInput): string {
  if (grant.as === 'owner') return body.reason ?? 'own upload';
  if (!reverified) throw ctx.stepUp.demand();
  if (body.reason === undefined) throw evidenceProblem('reason_missing');
  return body.reason;
}

async function openObject(ctx: EvidenceContext, actor: Actor, grant: CaseGrant, doc: EvidenceDoc) {
  try {
    return await ctx.objects.open(doc.sha256);
  } catch (cause) {
    if (!(cause instanceof ObjectMissing)) throw cause;
    await raiseAlarm(ctx, actor, grant, doc, null);
    throw evidenceProblem('original_missing', { cause });
  }
}

/** Either nothing was sent yet, and a problem can be; or the connection is cut before the last byte. */
async function refuse(
  ctx: EvidenceContext,
  actor: Actor,
  grant: CaseGrant,
  doc: EvidenceDoc,
  found: string,
  response: Response,
): Promise<void> {
  if (response.headersSent) response.destroy();
  await raiseAlarm(ctx, actor, grant, doc, found);
  if (response.headersSent) return;
  for (const name of Object.keys(headersOf(doc))) response.removeHeader(name);
  throw evidenceProblem('original_damaged');
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
