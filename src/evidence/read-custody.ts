import type { Input } from '../kernel/route.js';
import type { EvidenceContext } from './context.js';
import { custodyRead } from './events.js';
import { evidenceProblem } from './problems.js';
import { custodyOf, readEvidence } from './store.js';
import { custodyView } from './view.js';

/**
 * The custody record of one piece of evidence, for compliance; never its bytes.
 *
 * @throws Problem `evidence_not_found`
 * Audited as `custody.read`.
 */
export async function readCustody(ctx: EvidenceContext, caseId: string, evidenceId: string, act: Input['act']) {
  const doc = await readEvidence(ctx.db, caseId, evidenceId);
  if (!doc) throw evidenceProblem('evidence_not_found');
  return act(async (tx) => {
    tx.record(custodyRead(doc));
    return { custody: (await custodyOf(ctx.db, evidenceId)).map(custodyView) };
  });
}
