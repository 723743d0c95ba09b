import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { systemActor } from '../kernel/actor.js';
import { newId } from '../kernel/ids.js';
import type { Input } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import type { EvidenceContext } from './context.js';
import { manifestMade } from './events.js';
import { evidenceProblem } from './problems.js';
import { evidenceOfCase, insertCustody } from './store.js';
import { manifestOf } from './write-manifest.js';

type ManifestInput = Pick<
  Input<{ caseId: string }, undefined, { reason: string }>,
  'params' | 'body' | 'actor' | 'act' | 'response'
>;

/**
 * Sends the signed manifest of a case's evidence; no byte of the evidence itself.
 *
 * @throws Problem `case_not_found`, also for a case that never had evidence · `cannot_sign` (its keys are not here)
 * Audited as `evidence.manifest-made`, with a custody event of each piece, before the first line leaves; so it holds its own making.
 */
export async function makeManifest(ctx: EvidenceContext, input: ManifestInput): Promise<void> {
  const { params, body, actor, response } = input;
  const open = await beginManifest(ctx, params.caseId, body.reason);
  const at = await input.act(open.record);
  response.attachment(`${open.caseNumber}.evidence-manifest.txt`).type('text/plain; charset=utf-8');
  await pipeline(Readable.from(open.lines(at, actor)), response).catch((error: unknown) => {
    if (!response.destroyed) throw error; // whoever went away gets no answer
  });
}

/** The same for the command line. Audited in the same way, as the act of `cli`. @returns the text, piece by piece */
export async function manifestCommand(
  ctx: EvidenceContext,
  { caseId, reason }: { caseId: string; reason: string },
): Promise<AsyncGenerator<string>> {
  const actor = systemActor('cli', newId('cli'));
  const open = await beginManifest(ctx, caseId, reason);
  return open.lines(await ctx.transact(actor, open.record), actor);
}

async function beginManifest(ctx: EvidenceContext, caseId: string, reason: string) {
  const docs = await evidenceOfCase(ctx.db, caseId);
  if (docs.length === 0) throw evidenceProblem('case_not_found');
  const caseNumber = await ctx.caseNumber(ctx.db, caseId);
  const keys = await ctx.auditLog.keys();
  if (!keys.canSign) throw evidenceProblem('cannot_sign');
  return {
    caseNumber,
    record: async (tx: Tx): Promise<Date> => {
      insertCustody(tx, docs, 'exported', `manifest: ${reason}`);
      tx.record(manifestMade(caseId, docs.length, reason));
      return tx.now;
    },
    lines: (at: Date, by: { readonly kind: 'person' | 'anonymous' | 'system'; readonly id: string }) =>
      manifestOf(ctx.db, { caseId, caseNumber, docs, keys, by, at, reason }),
  };
}
