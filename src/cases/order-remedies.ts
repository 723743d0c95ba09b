import type { RemedyKind } from '../accounts/index.js';
import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import type { CaseDoc } from './words.js';

/**
 * Orders remedies at the exchange: ending sessions and keys, cancelling withdrawals that have not left.
 * @throws Problem `case_not_found` · `own_case` · `event_not_allowed` · `remedy_under_way` (the same one is not done yet)
 * Audited by each remedy's own events.
 */
export const orderRemedies = async (
  tx: Tx,
  ctx: CaseContext,
  caseId: string,
  { kinds }: { kinds: readonly RemedyKind[] },
): Promise<CaseDoc> =>
  advance(tx, ctx, await caseForStaff(tx, tx.actor, caseId), { type: 'remedy.ordered', remedies: kinds });
