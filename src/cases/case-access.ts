import type { CaseAccess } from '../evidence/index.js';
import { isStaff } from '../kernel/actor.js';
import { maySee, worksOn } from './policy.js';
import { Cases } from './store.js';
import type { CaseDoc } from './words.js';

/**
 * Who gets near the evidence of a case: its customer, and staff who work on it. Undefined for everybody else, and for a
 * case that is not there.
 */
export const caseAccess: CaseAccess = async (db, actor, caseId) => {
  const doc = await Cases(db).findOne({ _id: caseId }).lean<CaseDoc>().exec();
  if (!doc || !maySee(actor, doc)) return undefined;
  if (!isStaff(actor)) return { as: 'owner', caseNumber: doc.number };
  return worksOn(actor, doc) ? { as: 'staff', caseNumber: doc.number } : undefined;
};
