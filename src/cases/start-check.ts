import { contactPointOf, type Person } from '../identity/index.js';
import { newId } from '../kernel/ids.js';
import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { checkStarted } from './events.js';
import { definitionOf } from './facts.js';
import { mayCallBack, methodsOf } from './identity-policy.js';
import { subjectOf } from './notify.js';
import { caseProblem } from './problems.js';
import { insertCheck } from './store.js';
import type { CaseDoc, IdentityCheckDoc } from './words.js';

export interface CheckOrder {
  readonly method: 'document' | 'callback';
  /** For `callback`: whom staff will call. */
  readonly contactPointId?: string | undefined;
}

/**
 * Begins a check of the customer's identity by staff.
 * @throws Problem `case_not_found` · `own_case` · `nobody_to_verify` · `method_not_accepted` · `contact_point_refused` ·
 *         `event_not_allowed`
 * Audited as `identity-check.started`.
 */
export async function startCheck(
  tx: Tx,
  ctx: CaseContext,
  caseId: string,
  { method, contactPointId }: CheckOrder,
): Promise<{ doc: CaseDoc; check: IdentityCheckDoc }> {
  const doc = await caseForStaff(tx, tx.actor, caseId);
  const subject = await subjectOf(tx, doc);
  if (!subject || subject._id === tx.actor.id) throw caseProblem('nobody_to_verify');
  if (!methodsOf(definitionOf(ctx, doc).identity.accept).includes(method)) throw caseProblem('method_not_accepted');
  if (method === 'callback') refuseContactPoint(ctx, subject, contactPointId, doc);

  const next = await advance(tx, ctx, doc, { type: 'identity.check-started' });
  const check: IdentityCheckDoc = {
    _id: newId('check'),
    caseId,
    round: next.identityRound,
    method,
    state: 'started',
    subjectId: subject._id,
    startedBy: tx.actor.id,
    startedAt: tx.now,
    ...(method === 'callback' && contactPointId !== undefined && { contactPointId }),
  };
  await insertCheck(tx, check);
  tx.record(checkStarted(next, check));
  return { doc: next, check };
}

/** @throws Problem `contact_point_refused` */
export function refuseContactPoint(
  { config }: Pick<CaseContext, 'config'>,
  subject: Pick<Person, 'contactPoints'>,
  id: string | undefined,
  doc: CaseDoc,
): void {
  const point = contactPointOf(subject, id ?? '');
  if (!mayCallBack(point, doc, config.identity.factorAgeDays)) throw caseProblem('contact_point_refused');
}
