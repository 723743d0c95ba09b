import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import type { CaseDoc } from './words.js';

/**
 * Asks the customer to prove who they are; the notice names the checks that the policy knows.
 * @throws Problem `case_not_found` · `own_case` · `event_not_allowed`
 * Audited as `case.advanced`.
 */
export const requestIdentity = async (tx: Tx, ctx: CaseContext, caseId: string): Promise<CaseDoc> =>
  advance(tx, ctx, await caseForStaff(tx, tx.actor, caseId), { type: 'identity.requested' });
