import type { Actor } from '../kernel/actor.js';
import type { Input } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import type { EvidenceContext } from './context.js';
import { derivativeDamaged, evidenceViewed } from './derivative-events.js';
import { type DerivativeDoc, previewId, readDerivative } from './derivatives.js';
import { ObjectMissing } from './object-store.js';
import { readObject } from './objects.js';
import { type CaseGrant, mayOpenCase, maySee } from './policy.js';
import type { ArchiveContent, MailContent, TextContent } from './previewer/words.js';
import { evidenceProblem } from './problems.js';
import { refuseQuarantined } from './quarantine.js';
import { insertCustody, readEvidence } from './store.js';
import { ObjectDamaged, ObjectErased } from './vault.js';
import { stayInPreviewQuota } from './view-quota.js';
import type { EvidenceDoc } from './words.js';

type ShowInput = Pick<Input<{ caseId: string; evidenceId: string }>, 'params' | 'actor' | 'act' | 'response'>;

/** Somebody who may look at a piece of evidence now, and what stands between. */
export async function evidenceFor(
  ctx: EvidenceContext,
  actor: Actor,
  params: { readonly caseId: string; readonly evidenceId: string },
): Promise<{ readonly doc: EvidenceDoc; readonly grant: CaseGrant }> {
  const grant = await mayOpenCase(ctx.caseAccess, ctx.db, actor, params.caseId);
  const doc = await readEvidence(ctx.db, params.caseId, params.evidenceId);
  if (!doc || !maySee(actor, grant, doc)) throw evidenceProblem('evidence_not_found');
  return { doc, grant };
}

/**
 * Shows the preview of a picture, a page or a video: a JPEG of ours, never a byte of the original.
 *
 * @throws Problem `case_not_found` · `evidence_not_found` · `evidence_quarantined` · `preview_missing` with `because` ·
 *         `view_quota_reached` (staff) · `preview_damaged` (staff were alarmed)
 * Audited as `evidence.viewed`, with a custody event.
 */
export async function showPreviewImage(ctx: EvidenceContext, { params, actor, act, response }: ShowInput) {
  const { doc, grant } = await evidenceFor(ctx, actor, params);
  const preview = await previewFor(ctx, actor, doc, ['image']);
  if (grant.as === 'staff') await stayInPreviewQuota(ctx, actor, doc);
  const bytes = await bytesOf(ctx, actor, doc, preview);
  await act(async (tx) => noteView(tx, doc, preview));
  sendImage(response, bytes);
}

/** Shows the preview of a text, a mail or an archive. As `showPreviewImage`. */
export async function showPreviewContent(ctx: EvidenceContext, { params, actor, act }: ShowInput) {
  const { doc, grant } = await evidenceFor(ctx, actor, params);
  const preview = await previewFor(ctx, actor, doc, ['text', 'mail', 'archive']);
  if (grant.as === 'staff') await stayInPreviewQuota(ctx, actor, doc);
  const bytes = await bytesOf(ctx, actor, doc, preview);
  return act(async (tx) => {
    await noteView(tx, doc, preview);
    const content = JSON.parse(bytes.toString('utf8')) as MailContent | ArchiveContent | TextContent;
    return { text: null, mail: null, archive: null, [String(preview.form)]: content };
  });
}

async function previewFor(ctx: EvidenceContext, actor: Actor, doc: EvidenceDoc, forms: readonly string[]) {
  await refuseQuarantined(ctx, actor, doc);
  const preview = await readDerivative(ctx.db, previewId(doc._id));
  if (preview?.state !== 'ready' || !forms.includes(String(preview.form)))
    throw evidenceProblem('preview_missing', { extra: { because: preview?.because ?? null } });
  return preview;
}

/** Records that somebody saw it. */
export async function noteView(tx: Tx, doc: EvidenceDoc, shown: DerivativeDoc): Promise<void> {
  insertCustody(tx, [doc], 'viewed', shown.kind === 'preview' ? 'preview' : `redaction ${shown._id}`);
  tx.record(evidenceViewed(doc, shown));
}

/**
 * The bytes of a derivative, checked whole before any of them is used.
 * @throws Problem `preview_damaged`, audited as `evidence.derivative-damaged`
 */
export async function bytesOf(
  ctx: EvidenceContext,
  actor: Actor,
  doc: EvidenceDoc,
  derivative: DerivativeDoc,
): Promise<Buffer> {
  try {
    const object = await readObject(ctx.db, String(derivative.objectId));
    if (!object) throw new ObjectMissing(String(derivative.objectId));
    const opened = await ctx.vault.open(object);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of opened.bytes) chunks.push(chunk);
    } finally {
      opened.close();
    }
    return Buffer.concat(chunks);
  } catch (cause) {
    if (cause instanceof ObjectErased) throw evidenceProblem('original_erased', { cause });
    if (!(cause instanceof ObjectDamaged || cause instanceof ObjectMissing)) throw cause;
    ctx.logger.error('a derivative is not what was made', { derivativeId: derivative._id, evidenceId: doc._id });
    await ctx.transact(actor, async (tx) => tx.record(derivativeDamaged(doc, derivative)));
    throw evidenceProblem('preview_damaged', { cause });
  }
}

/** A picture that we drew, and headers under which even another file would do nothing. */
export function sendImage(response: ShowInput['response'], bytes: Buffer): void {
  response.set({
    'Content-Type': 'image/jpeg',
    'Content-Length': String(bytes.length),
    'Content-Disposition': 'inline; filename="preview.jpg"',
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
  response.end(bytes);
}
