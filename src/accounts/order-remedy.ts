import { newId } from '../kernel/ids.js';
import type { Tx } from '../kernel/transact.js';
import { remedyOrdered } from './events.js';
import { accountProblem } from './problems.js';
import { insertRemedy, type RemedyDoc, remediesOfCase } from './store.js';
import type { RemedyKind } from './words.js';

export interface RemedyOrder {
  readonly caseId: string;
  readonly caseNumber: string;
  readonly accountId: string;
  readonly kind: RemedyKind;
}

/**
 * Orders a remedy at the exchange: ends what the thief may have left behind. The caller enqueues what carries it out.
 *
 * @throws Problem `remedy_under_way` (the same kind is ordered in this case and not settled yet)
 * Audited as `remedy.ordered`.
 */
export async function orderRemedy(tx: Tx, { caseId, caseNumber, accountId, kind }: RemedyOrder): Promise<RemedyDoc> {
  const others = await remediesOfCase(tx, caseId);
  if (others.some((one) => one.kind === kind && (one.state === 'ordered' || one.state === 'unconfirmed')))
    throw accountProblem('remedy_under_way');
  const _id = newId('remedy');
  const remedy: RemedyDoc = {
    _id,
    caseId,
    caseNumber,
    accountId,
    kind,
    state: 'ordered',
    operationId: `op_${_id}`,
    orderedAt: tx.now,
    orderedBy: tx.actor.id,
    ended: [],
    updatedAt: tx.now,
  };
  await insertRemedy(tx, remedy);
  tx.record(remedyOrdered(remedy));
  return remedy;
}
