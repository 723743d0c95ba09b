import type { Actor } from '../kernel/actor.js';
import { systemActor } from '../kernel/actor.js';
import { HOUR, MINUTE } from '../kernel/clock.js';
import { newId } from '../kernel/ids.js';
import type { Recurring } from '../kernel/jobs.js';
import { jobFor } from '../kernel/jobs.js';
import { Problem } from '../kernel/problem.js';
import { addEvidence } from './add-evidence.js';
import type { EvidenceContext } from './context.js';
import { uploadEnded, uploadFinished } from './events.js';
import { ContentInspector } from './inspect-content.js';
import type { ReceivedFile } from './intake.js';
import { readObject } from './objects.js';
import { evidenceProblem } from './problems.js';
import { changeUpload, expiredUploads, type ResumableDoc, readUpload } from './resumable.js';
import { dropPieces, endUpload } from './resumable-acts.js';
import type { HeldObject } from './vault.js';
import { contradicts } from './words.js';

const job = jobFor<EvidenceContext>();

/** Makes one piece of evidence of an upload whose pieces are all here. Begun again, it starts over. */
export const finishUpload = job({
  name: 'finish-upload',
  attempts: 10,
  backoff: [2_000, 30_000, 5 * MINUTE, HOUR],
  handle: async (ctx, payload, { jobId }) => {
    const upload = await readUpload(ctx.db, String(payload['uploadId']));
    if (upload?.state !== 'checking') return;
    const actor: Actor = { ...upload.by, roles: [], requestId: jobId };
    try {
      await becomeEvidence(ctx, actor, upload);
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500 || error.code === 'conflict') throw error;
      await ctx.transact(actor, async (tx) => {
        if (await changeUpload(tx, upload, { state: 'refused', because: error.code, parts: [] }))
          await dropPieces(tx, upload);
        tx.record(uploadEnded(upload, error.code));
      });
    }
  },
});

async function becomeEvidence(ctx: EvidenceContext, actor: Actor, upload: ResumableDoc): Promise<void> {
  const inspector = new ContentInspector();
  const held = await ctx.vault.hold(joined(ctx, upload), (chunk) => inspector.push(chunk));
  try {
    const file = await described(upload, held, inspector);
    await ctx.transact(actor, async (tx) => {
      const [doc] = await addEvidence(tx, ctx, { caseId: upload.caseId, files: [file], why: 'sent in pieces' });
      if (!doc || !(await changeUpload(tx, upload, { state: 'done', evidenceId: doc._id, parts: [] })))
        throw evidenceProblem('piece_out_of_place');
      await dropPieces(tx, upload);
      tx.record(uploadFinished(upload, doc));
    });
    await ctx.vault.settle(held);
  } catch (error) {
    await ctx.vault.discard(held, actor);
    throw error;
  }
}

async function* joined(ctx: EvidenceContext, { parts }: ResumableDoc): AsyncGenerator<Uint8Array> {
  for (const id of parts) {
    const object = await readObject(ctx.db, id);
    if (!object) throw new Error('a piece of an upload is gone');
    yield* (await ctx.vault.open(object)).bytes;
  }
}

async function described(
  { name, declaredType = '', size }: ResumableDoc,
  held: HeldObject,
  inspector: ContentInspector,
): Promise<ReceivedFile> {
  const content = await inspector.conclude();
  if (content === undefined) throw evidenceProblem('file_type_not_allowed');
  if (held.size !== size) throw new Error('the pieces are not the whole');
  return {
    held,
    name,
    declaredType: declaredType === '' ? undefined : declaredType,
    content,
    typeMismatch: contradicts(declaredType, content),
  };
}

const AT_ONCE = 100;

/** Takes away uploads that were abandoned, and what finished ones said of themselves. */
export const expireUploads: Recurring<EvidenceContext> = {
  name: 'expire-uploads',
  everyMs: 10 * MINUTE,
  handle: async (ctx) => {
    const actor = systemActor('sweep', newId('sweep'));
    const gone = await expiredUploads(ctx.db, ctx.clock.now(), AT_ONCE);
    for (const upload of gone.filter(({ state }) => state !== 'checking'))
      await endUpload(ctx, actor, upload, upload.state === 'receiving' ? 'abandoned' : 'over');
  },
};
