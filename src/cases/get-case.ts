import { type Actor, isStaff } from '../kernel/actor.js';
import type { Where } from '../kernel/mongo.js';
import { actsOf } from './acts.js';
import { caseFile } from './case-file.js';
import { caseFor } from './case-for.js';
import type { CaseContext } from './context.js';
import { noteView } from './note-view.js';
import { type CaseView, caseView, type OwnCaseView, ownCaseView } from './view.js';
import type { CaseDoc } from './words.js';

/**
 * One case: all of it for staff, their own view for its customer.
 * @throws Problem `case_not_found`
 * Audited as `case.viewed` when staff who do not work on it look.
 */
export async function getCase(ctx: CaseContext, actor: Actor, caseId: string): Promise<CaseView | OwnCaseView> {
  const doc = await caseFor(ctx.db, actor, caseId);
  await noteView(ctx, actor, doc);
  return showCase(ctx.db, ctx, actor, doc);
}

/** The reply to an act: the case as the act left it, seen from inside its transaction. */
export async function showCase(
  where: Where,
  ctx: CaseContext,
  actor: Actor,
  doc: CaseDoc,
): Promise<CaseView | OwnCaseView> {
  const file = await caseFile(where, ctx, doc);
  return isStaff(actor) ? caseView(file, await actsOf(where, ctx, actor, file)) : ownCaseView(file);
}
