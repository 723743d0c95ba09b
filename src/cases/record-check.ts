import { evidenceOfCase } from '../evidence/index.js';
import { readPerson } from '../identity/index.js';
import type { Tx } from '../kernel/transact.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { checkDecided } from './events.js';
import { passIfMet } from './pass-identity.js';
import { caseProblem } from './problems.js';
import { refuseContactPoint } from './start-check.js';
import { decideCheck, readCheck } from './store.js';
import type { CaseDoc, IdentityCheckDoc } from './words.js';

export interface CheckDecision {
  readonly result: 'passed' | 'failed';
  /** For a `document` that passed: what was looked at, evidence of this case. */
  readonly evidenceIds?: readonly string[] | undefined;
  readonly note: string;
}

/**
 * Records how a check ended. When the policy is met by it, the identity is proven in the same act.
 *
 * A contact point that was marked compromised meanwhile no longer passes anybody.
 * @throws Problem `case_not_found` · `own_case` · `check_not_found` · `already_decided` · `evidence_missing` ·
 *         `contact_point_refused` · `event_not_allowed`
 * Audited as `identity-check.passed` or `identity-check.failed`.
 */
export async function recordCheck(
  tx: Tx,
  ctx: CaseContext,
  caseId: string,
  checkId: string,
  decision: CheckDecision,
): Promise<CaseDoc> {
  const doc = await caseForStaff(tx, tx.actor, caseId);
  const check = await readCheck(tx, caseId, checkId);
  if (check.round !== doc.identityRound) throw caseProblem('already_decided');
  if (check.subjectId === tx.actor.id) throw caseProblem('own_case');
  if (decision.result === 'passed') await refuseUngrounded(tx, ctx, doc, check, decision.evidenceIds ?? []);
  const decided = await decideCheck(tx, check, {
    state: decision.result,
    decidedBy: tx.actor.id,
    decidedAt: tx.now,
    note: decision.note,
    ...(decision.evidenceIds && { evidenceIds: [...decision.evidenceIds] }),
  });
  tx.record(checkDecided(doc, decided));
  return passIfMet(tx, ctx, doc);
}

/** A check passes on something: a document that is evidence here, a number that may be called. */
async function refuseUngrounded(
  tx: Tx,
  ctx: CaseContext,
  doc: CaseDoc,
  { method, subjectId, contactPointId }: IdentityCheckDoc,
  evidenceIds: readonly string[],
): Promise<void> {
  if (method === 'callback') {
    const subject = await readPerson(tx, subjectId);
    if (!subject) throw caseProblem('nobody_to_verify');
    refuseContactPoint(ctx, subject, contactPointId, doc);
  }
  if (method === 'document') {
    const known = new Set((await evidenceOfCase(tx, doc._id)).map(({ _id }) => _id));
    if (evidenceIds.length === 0 || !evidenceIds.every((id) => known.has(id))) throw caseProblem('evidence_missing');
  }
}
