import { systemActor } from '../kernel/actor.js';
import type { EvidenceContext } from './context.js';
import { evidencePreviewed, evidenceRedacted } from './derivative-events.js';
import { type DerivativeDoc, previewId, readDerivative, saveDerivative } from './derivatives.js';
import { stampIntact } from './objects.js';
import { readForWork } from './open-for-work.js';
import { hasPreview, type Preview, type PreviewOf } from './previewer.js';
import { evidenceProblem } from './problems.js';
import { mayLeave } from './quarantine.js';
import { scratchFile } from './scratch-file.js';
import { insertCustody, readEvidenceById } from './store.js';
import type { EvidenceDoc } from './words.js';

/**
 * Makes what people see in place of an original. A file that breaks the previewer has no preview, and that is all.
 *
 * @throws Problem `original_erased` when it is by now, and what is made of it must not outlive it
 * Audited as `evidence.previewed`, with a custody event when there is one.
 */
export async function makePreview(ctx: EvidenceContext, evidenceId: string, jobId: string): Promise<void> {
  const doc = await readEvidenceById(ctx.db, evidenceId);
  if (!doc || !hasPreview(doc.type) || !mayLeave(doc, ctx.scanner !== undefined)) return;
  const there = await readDerivative(ctx.db, previewId(evidenceId));
  const actor = systemActor('previewer', jobId);
  if (there?.state === 'ready') return;
  await make(ctx, jobId, doc, there, {}, (at) => ({
    _id: previewId(evidenceId),
    kind: 'preview',
    evidenceId,
    caseId: doc.caseId,
    state: 'waiting',
    madeBy: { kind: actor.kind, id: actor.id },
    at,
  }));
}

/** Makes a redaction that somebody asked for. Audited as `evidence.redacted`, with a custody event when there is one. */
export async function makeRedaction(ctx: EvidenceContext, redactionId: string, jobId: string): Promise<void> {
  const asked = await readDerivative(ctx.db, redactionId);
  if (asked?.state !== 'waiting') return;
  const doc = await readEvidenceById(ctx.db, asked.evidenceId);
  if (!doc || !mayLeave(doc, ctx.scanner !== undefined)) return;
  await make(ctx, jobId, doc, asked, { redact: asked.regions ?? [] }, () => asked);
}

/** Another run of the same job, whose lease was taken for lost, came first. */
class MadeMeanwhile extends Error {}

async function make(
  ctx: EvidenceContext,
  jobId: string,
  doc: EvidenceDoc,
  there: DerivativeDoc | null,
  how: Pick<PreviewOf, 'redact'>,
  begin: (at: Date) => DerivativeDoc,
): Promise<void> {
  const actor = systemActor('previewer', jobId);
  ctx.previewer.expect(doc.type);
  const opened = await readForWork(ctx, actor, doc._id);
  if (opened === undefined) return;
  const file = await scratchFile(opened.object.bytes, opened.object.giveBack).finally(() => opened.close());
  const of = { type: doc.type, ...(doc.charset === undefined ? {} : { charset: doc.charset }), ...how };
  const result = await ctx.previewer.preview(file, of).finally(() => file.close());
  const held = 'made' in result ? await ctx.vault.hold(only(result.bytes)) : undefined;
  try {
    await ctx.transact(actor, async (tx) => {
      if (!(await stampIntact(tx, doc.objectId))) throw evidenceProblem('original_erased');
      const derivativeId = there?._id ?? previewId(doc._id);
      if (!isSame(await readDerivative(tx, derivativeId), there)) throw new MadeMeanwhile();
      const objectId = held && (await ctx.vault.keep(tx, doc.caseId, held, 'derivative'));
      const kept = objectId ? { objectId, sha256: held.sha256, size: held.size } : {};
      const derivative = { ...begin(tx.now), ...kept, ...outcome(result) };
      await saveDerivative(tx, derivative);
      const redacted = derivative.kind === 'redaction';
      tx.record(redacted ? evidenceRedacted(doc, derivative) : evidencePreviewed(doc, derivative));
      if (derivative.state !== 'ready') return;
      const reason = redacted ? `for ${derivative.madeBy.id}: ${derivative.reason ?? ''}` : `as ${derivative.form}`;
      insertCustody(tx, [doc], redacted ? 'redacted' : 'previewed', reason, { after: doc.sha256 });
    });
  } catch (error) {
    if (held) await ctx.vault.discard(held, actor);
    if (error instanceof MadeMeanwhile) return;
    throw error;
  }
  if (held) await ctx.vault.settle(held);
}

const isSame = (one: DerivativeDoc | null, other: DerivativeDoc | null): boolean =>
  one?.state === other?.state && one?.at.getTime() === other?.at.getTime();

const outcome = (result: Preview): Pick<DerivativeDoc, 'state' | 'form' | 'facts' | 'because'> =>
  'made' in result
    ? { state: 'ready', form: result.made, facts: result.facts }
    : { state: 'failed', because: result.failed };

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
