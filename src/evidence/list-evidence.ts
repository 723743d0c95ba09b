import type { Actor } from '../kernel/actor.js';
import type { Input } from '../kernel/route.js';
import type { EvidenceContext } from './context.js';
import { previewsOf } from './derivatives.js';
import { evidenceListed } from './events.js';
import { mayOpenCase, maySee } from './policy.js';
import { evidenceOfCase, insertCustody } from './store.js';
import { evidenceView } from './view.js';

/**
 * Lists a case's evidence: all of it for whoever works on the case, the own uploads for its owner.
 *
 * @throws Problem `case_not_found`
 * Staff's looking is a custody event of each piece, audited as `evidence.listed`; owners look at their own unrecorded.
 */
export async function listEvidence(ctx: EvidenceContext, actor: Actor, caseId: string, act: Input['act']) {
  const grant = await mayOpenCase(ctx.caseAccess, ctx.db, actor, caseId);
  const docs = (await evidenceOfCase(ctx.db, caseId)).filter((doc) => maySee(actor, grant, doc));
  const previews = await previewsOf(ctx.db, caseId);
  const facts = grant.as === 'staff';
  const reply = { evidence: docs.map((doc) => evidenceView(doc, { preview: previews.get(doc._id), facts })) };
  if (grant.as === 'owner' || docs.length === 0) return reply;
  return act(async (tx) => {
    insertCustody(tx, docs, 'listed', 'case opened');
    tx.record(evidenceListed(caseId, docs.length));
    return reply;
  });
}
