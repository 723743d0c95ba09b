import { can } from '../access/index.js';
import type { CaseAccess } from '../evidence/index.js';
import { isStaff } from '../kernel/actor.js';
import type { Clock } from '../kernel/clock.js';
import { breakGlassFor } from './break-glass.js';
import { maySee, worksOn } from './policy.js';
import { Cases } from './store.js';
import type { CaseDoc } from './words.js';

/**
 * Who gets near the evidence of a case: its customer, staff who work on it, and an admin while a break-glass for it is open.
 * Undefined for everybody else, and for a case that is not there.
 */
export const makeCaseAccess =
  (clock: Clock): CaseAccess =>
  async (db, actor, caseId) => {
    const doc = (await Cases(db).collection.findOne({ _id: caseId as never })) as CaseDoc | null;
    if (!doc) return undefined;
    const { number: caseNumber } = doc;
    if (!isStaff(actor)) return maySee(actor, doc) ? { as: 'owner', caseNumber } : undefined;
    if (maySee(actor, doc) && worksOn(actor, doc)) return { as: 'staff', caseNumber };
    if (!can(actor, 'break-glass.open')) return undefined;
    return (await breakGlassFor(db, actor, caseId, clock.now())) ? { as: 'staff', caseNumber } : undefined;
  };
