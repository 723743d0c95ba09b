import type { Actor } from '../kernel/actor.js';
import { newId } from '../kernel/ids.js';
import { kernelProblem } from '../kernel/problem.js';
import type { Input } from '../kernel/route.js';
import type { EvidenceContext } from './context.js';
import { redactionAsked } from './derivative-events.js';
import { redactionView } from './derivative-view.js';
import { type DerivativeDoc, readDerivative, redactionsOf, saveDerivative } from './derivatives.js';
import { mayRedact } from './policy.js';
import type { Region } from './previewer/words.js';
import { isShownAsImage } from './previewer.js';
import { evidenceProblem } from './problems.js';
import { refuseQuarantined } from './quarantine.js';
import { bytesOf, evidenceFor, noteView, sendImage } from './show-derivative.js';
import { stayInPreviewQuota } from './view-quota.js';
import type { EvidenceDoc } from './words.js';

const MAX_PER_EVIDENCE = 50;

type Named = { readonly caseId: string; readonly evidenceId: string };
type RedactionNamed = Named & { readonly redactionId: string };

/** Redactions are for staff who work on the case; nobody else learns that there are any. */
export async function evidenceForStaff(ctx: EvidenceContext, actor: Actor, params: Named): Promise<EvidenceDoc> {
  const { doc, grant } = await evidenceFor(ctx, actor, params);
  if (!mayRedact(actor, grant)) throw kernelProblem('not_allowed');
  return doc;
}

/**
 * Has a copy made in which regions of the picture are black. The original stays as it is.
 *
 * @param regions in fractions of the upright picture, as its preview shows it; of a PDF the first page, of a video the first
 *        frame
 * @throws Problem `case_not_found` · `evidence_not_found` · `evidence_quarantined` · `not_a_picture` · `redactions_full`
 * Audited as `evidence.redaction-asked`; made by a job, audited as `evidence.redacted`.
 */
export async function redactEvidence(
  ctx: EvidenceContext,
  {
    params,
    body,
    actor,
    act,
  }: Pick<Input<Named, undefined, { regions: Region[]; reason: string }>, 'params' | 'body' | 'actor' | 'act'>,
) {
  const doc = await evidenceForStaff(ctx, actor, params);
  await refuseQuarantined(ctx, actor, doc);
  if (!isShownAsImage(doc.type)) throw evidenceProblem('not_a_picture');
  return act(async (tx) => {
    if ((await redactionsOf(tx, doc._id)).length >= MAX_PER_EVIDENCE) throw evidenceProblem('redactions_full');
    const redaction: DerivativeDoc = {
      _id: newId('redaction'),
      kind: 'redaction',
      evidenceId: doc._id,
      caseId: doc.caseId,
      state: 'waiting',
      regions: body.regions,
      reason: body.reason,
      madeBy: { kind: tx.actor.kind, id: tx.actor.id },
      at: tx.now,
    };
    await saveDerivative(tx, redaction);
    tx.record(redactionAsked(doc, redaction));
    tx.enqueue({ name: 'redact-evidence', payload: { redactionId: redaction._id } });
    return redactionView(redaction);
  });
}

/** The redactions of a piece of evidence. @throws Problem `case_not_found` · `evidence_not_found` */
export async function listRedactions(ctx: EvidenceContext, actor: Actor, params: Named) {
  const doc = await evidenceForStaff(ctx, actor, params);
  return { redactions: (await redactionsOf(ctx.db, doc._id)).map(redactionView) };
}

/**
 * Shows a redaction to staff, who look at it before it is given away.
 *
 * @throws Problem as `showPreviewImage`, and `redaction_not_found`
 * Audited as `evidence.viewed`, with a custody event.
 */
export async function showRedaction(
  ctx: EvidenceContext,
  { params, actor, act, response }: Pick<Input<RedactionNamed>, 'params' | 'actor' | 'act' | 'response'>,
): Promise<void> {
  const doc = await evidenceForStaff(ctx, actor, params);
  await refuseQuarantined(ctx, actor, doc);
  const redaction = await readyRedaction(ctx, doc, params.redactionId);
  await stayInPreviewQuota(ctx, actor, doc);
  const bytes = await bytesOf(ctx, actor, doc, redaction);
  await act(async (tx) => noteView(tx, doc, redaction));
  sendImage(response, bytes);
}

/** @throws Problem `redaction_not_found` · `preview_missing` with `because` */
export async function readyRedaction(ctx: EvidenceContext, doc: EvidenceDoc, id: string): Promise<DerivativeDoc> {
  const redaction = await readDerivative(ctx.db, id);
  if (redaction?.kind !== 'redaction' || redaction.evidenceId !== doc._id) throw evidenceProblem('redaction_not_found');
  if (redaction.state !== 'ready')
    throw evidenceProblem('preview_missing', { extra: { because: redaction.because ?? null } });
  return redaction;
}
