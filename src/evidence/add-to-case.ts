import type { Request, RequestHandler } from 'express';
import type { Actor } from '../kernel/actor.js';
import { SECOND } from '../kernel/clock.js';
import { kernelProblem } from '../kernel/problem.js';
import type { Input } from '../kernel/route.js';
import { addEvidence } from './add-evidence.js';
import type { EvidenceContext } from './context.js';
import { mayAdd, mayOpenCase } from './policy.js';
import { evidenceProblem } from './problems.js';
import { keepUpload } from './uploads.js';
import { evidenceView } from './view.js';

/** When each request was let in. Its files may take an hour to come: then it is asked again whether they may. */
const permittedAt = new WeakMap<Request, number>();
const HOLDS_MS = 5 * SECOND;

/** Turns strangers away before a byte of their files is read. */
export const beforeUpload = (ctx: EvidenceContext): RequestHandler => {
  return async (request: Request, _response, next) => {
    const at = ctx.clock.now().getTime();
    await permitAdding(ctx, request.actor, String(request.params['caseId']));
    permittedAt.set(request, at);
    next();
  };
};

/**
 * Adds the files of the request to a case.
 *
 * @throws Problem `case_not_found` · `not_allowed` · `files_missing` · `evidence_full`
 * Audited as `evidence.received`, once a file.
 */
export async function addToCase(
  ctx: EvidenceContext,
  { params, actor, request, act }: Pick<Input<{ caseId: string }>, 'params' | 'actor' | 'request' | 'act'>,
) {
  if (ctx.clock.now().getTime() - (permittedAt.get(request) ?? 0) > HOLDS_MS)
    await permitAdding(ctx, actor, params.caseId);
  return keepUpload(ctx, request, (files) => {
    if (files.length === 0) throw evidenceProblem('files_missing');
    return act(async (tx) => {
      const docs = await addEvidence(tx, ctx, { caseId: params.caseId, files, why: 'added to the case' });
      return { evidence: docs.map((doc) => evidenceView(doc)) };
    });
  });
}

async function permitAdding(ctx: EvidenceContext, actor: Actor, caseId: string): Promise<void> {
  const grant = await mayOpenCase(ctx.caseAccess, ctx.db, actor, caseId);
  if (!mayAdd(actor, grant)) throw kernelProblem('not_allowed');
}
