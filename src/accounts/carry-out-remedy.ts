import { carryOutCommand, settledOutcome } from './carry-out-command.js';
import type { CarryOutContext } from './context.js';
import type { Outcome } from './exchange.js';
import { accountProblem } from './problems.js';
import { readRemedy } from './store.js';

/**
 * Carries an ordered remedy to the exchange; call it outside any transaction and hand what it returns to
 * `recordRemedyOutcome`. Idempotent: one operation id for ever, read back when it may have been sent before.
 *
 * @throws Problem `remedy_not_found`
 */
export async function carryOutRemedy(
  { db, exchange }: Pick<CarryOutContext, 'db' | 'exchange'>,
  remedyId: string,
  { sentBefore = false }: { sentBefore?: boolean } = {},
): Promise<Outcome> {
  const remedy = await readRemedy(db, remedyId);
  if (!remedy) throw accountProblem('remedy_not_found');
  const { operationId, accountId, kind, caseNumber, state, receipt, refusalCode } = remedy;
  if (state === 'done' && receipt) return settledOutcome(operationId, receipt);
  if (state === 'failed') return { state: 'refused', operationId, code: refusalCode ?? 'refused' };
  return carryOutCommand(exchange, { operationId, accountId, kind, caseNumber }, sentBefore || state === 'unconfirmed');
}
