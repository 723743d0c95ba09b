import { isOwnCase } from '../access/index.js';
import { findPersonByAccount } from '../identity/index.js';
import { type Actor, isStaff } from '../kernel/actor.js';
import type { Where } from '../kernel/mongo.js';
import { maySee } from './policy.js';
import { caseProblem } from './problems.js';
import { readCase } from './store.js';
import type { CaseDoc } from './words.js';

/** A case somebody may look at. @throws Problem `case_not_found`, whether it is not theirs or not there */
export async function caseFor(where: Where, actor: Actor, caseId: string): Promise<CaseDoc> {
  const doc = await readCase(where, caseId);
  if (!maySee(actor, doc)) throw caseProblem('case_not_found');
  return doc;
}

/** A case that staff act on. @throws Problem `case_not_found` · `own_case` */
export async function caseForStaff(where: Where, actor: Actor, caseId: string): Promise<CaseDoc> {
  const doc = await caseFor(where, actor, caseId);
  if (!isStaff(actor)) throw caseProblem('case_not_found');
  await refuseOwnCase(where, actor.id, doc);
  return doc;
}

/** @throws Problem `own_case` */
export async function refuseOwnCase(where: Where, personId: string, doc: CaseDoc): Promise<void> {
  if (await isTheirOwnCase(where, personId, doc)) throw caseProblem('own_case');
}

/** Whether somebody is the customer of a case, or owns the account it is about. */
export async function isTheirOwnCase(where: Where, personId: string, doc: CaseDoc): Promise<boolean> {
  const owner = doc.accountId === undefined ? null : await findPersonByAccount(where, doc.accountId);
  return isOwnCase(personId, { customerId: doc.customerId, ownerId: owner?._id });
}
