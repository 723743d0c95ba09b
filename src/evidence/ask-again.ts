import { kernelProblem } from '../kernel/problem.js';
import type { Input } from '../kernel/route.js';
import { askScan, previewJob } from './ask-scan.js';
import type { EvidenceContext } from './context.js';
import { previewAsked } from './derivative-events.js';
import { previewId, readDerivative } from './derivatives.js';
import { mayRedact } from './policy.js';
import { hasPreview } from './previewer.js';
import { evidenceProblem } from './problems.js';
import { refuseQuarantined } from './quarantine.js';
import { evidenceFor } from './show-derivative.js';
import { evidenceView } from './view.js';

type AskInput = Pick<Input<{ caseId: string; evidenceId: string }>, 'params' | 'actor' | 'act'>;

/**
 * Has a piece of evidence scanned once more, on demand.
 *
 * @throws Problem `case_not_found` · `evidence_not_found` · `not_allowed` · `no_scanner`
 * Audited as `evidence.scan-asked`.
 */
export async function askForScan(ctx: EvidenceContext, { params, actor, act }: AskInput) {
  const { doc, grant } = await evidenceFor(ctx, actor, params);
  if (!mayRedact(actor, grant)) throw kernelProblem('not_allowed');
  if (ctx.scanner === undefined) throw evidenceProblem('no_scanner');
  const preview = (await readDerivative(ctx.db, previewId(doc._id))) ?? undefined;
  return act(async (tx) => ({ evidence: evidenceView(await askScan(tx, doc), { preview, facts: true }) }));
}

/**
 * Has a preview made once more that could not be made before: the decoder is there by now, or the machine was busy.
 *
 * @throws Problem `case_not_found` · `evidence_not_found` · `not_allowed` · `evidence_quarantined`
 * Audited as `evidence.preview-asked`. A preview that is there stays.
 */
export async function askForPreview(ctx: EvidenceContext, { params, actor, act }: AskInput) {
  const { doc, grant } = await evidenceFor(ctx, actor, params);
  if (!mayRedact(actor, grant)) throw kernelProblem('not_allowed');
  await refuseQuarantined(ctx, actor, doc);
  const preview = (await readDerivative(ctx.db, previewId(doc._id))) ?? undefined;
  return act(async (tx) => {
    tx.record(previewAsked(doc));
    if (hasPreview(doc.type) && preview?.state !== 'ready') tx.enqueue(previewJob(doc._id));
    return { evidence: evidenceView(doc, { preview, facts: true }) };
  });
}
