import { systemActor } from '../kernel/actor.js';
import { carryOutCommand, isStale, MOST_RENEWALS, overtaken, settledOutcome, superseded } from './carry-out-command.js';
import type { CarryOutContext } from './context.js';
import type { Outcome } from './exchange.js';
import { accountProblem } from './problems.js';
import { renewFreeze } from './request-freeze-again.js';
import { type FreezeDoc, readFreeze } from './store.js';
import { awaitsAnswer } from './words.js';

/**
 * Carries a requested freeze to the exchange; call it outside any transaction and hand what it returns to
 * `recordFreezeOutcome`.
 *
 * Idempotent: the operation id is stable, an unconfirmed freeze is read back before it is sent again, one that is settled
 * already answers with its stored receipt, one that was released meanwhile with `refused`, `superseded`. When the exchange
 * has seen a newer decision about the account, the freeze moves under a new generation and is sent once more.
 *
 * @param sentBefore  true on every try after the first, so that a try whose end was never recorded is read back too
 * @throws Problem `freeze_not_found`
 * Audited as `freeze.renewed` when it had to move; the outcome itself is audited where it is recorded.
 */
export async function carryOutFreeze(
  ctx: CarryOutContext,
  freezeId: string,
  { sentBefore = false }: { sentBefore?: boolean } = {},
): Promise<Outcome> {
  let freeze: FreezeDoc | null = await readFreeze(ctx.db, freezeId);
  if (!freeze) throw accountProblem('freeze_not_found');
  let readBack = sentBefore || freeze.state === 'unconfirmed';
  for (let renewals = 0; renewals <= MOST_RENEWALS; renewals += 1) {
    if (!awaitsAnswer(freeze.state)) return pastOutcome(freeze);
    const { operationId, accountId, scopes, generation, caseNumber } = freeze;
    const command = { kind: 'freeze', operationId, accountId, scopes, generation, caseNumber } as const;
    const outcome = await carryOutCommand(ctx.exchange, command, readBack);
    if (!isStale(outcome)) return outcome;
    await renew(ctx, freeze);
    freeze = await readFreeze(ctx.db, freezeId);
    if (!freeze) throw accountProblem('freeze_not_found');
    readBack = false;
  }
  return overtaken(freeze.operationId);
}

/** Nothing to record when somebody else was quicker, so the transaction is given up, not committed empty. */
async function renew(ctx: CarryOutContext, { _id, operationId }: FreezeDoc): Promise<void> {
  const notWanted = new Error('the freeze needs no renewal any more');
  const renewed = ctx.transact(systemActor('worker', _id), async (tx) => {
    if (!(await renewFreeze(tx, _id, operationId))) throw notWanted;
  });
  await renewed.catch((error: unknown) => {
    if (error !== notWanted) throw error;
  });
}

function pastOutcome(freeze: FreezeDoc): Outcome {
  const { state, operationId, receipt, refusalCode } = freeze;
  if ((state === 'active' || state === 'partial') && receipt) return settledOutcome(operationId, receipt);
  if (state === 'failed') return { state: 'refused', operationId, code: refusalCode ?? 'refused' };
  return superseded(operationId);
}
