import type { Tx } from '../kernel/transact.js';
import { freezeRenewed, freezeRequestedAgain } from './events.js';
import { accountProblem } from './problems.js';
import { operationIdOf } from './request-freeze.js';
import { type FreezeDoc, nextGeneration, readFreeze, replaceFreeze } from './store.js';
import { awaitsAnswer, type FreezeState } from './words.js';

const MAY_ASK_AGAIN: readonly FreezeState[] = ['partial', 'failed', 'unconfirmed'];

/**
 * Asks the exchange anew for all scopes of a freeze that is partial, failed or unconfirmed, as a new decision.
 *
 * @throws Problem `freeze_not_found` · `freeze_state_conflict`
 * Audited as `freeze.requested-again`.
 */
export async function requestFreezeAgain(tx: Tx, freezeId: string): Promise<FreezeDoc> {
  const before = await readFreeze(tx, freezeId);
  if (!before) throw accountProblem('freeze_not_found');
  if (!MAY_ASK_AGAIN.includes(before.state))
    throw accountProblem('freeze_state_conflict', { extra: { state: before.state } });
  const freeze = await underNewGeneration(tx, before);
  tx.record(freezeRequestedAgain(freeze, before));
  return freeze;
}

/**
 * Puts a freeze whose generation the exchange found stale under a new one: another freeze or release of the same account
 * was newer, this one is still wanted.
 *
 * @returns undefined when it is no longer wanted, or was renewed by somebody else already
 * Audited as `freeze.renewed`.
 */
export async function renewFreeze(tx: Tx, freezeId: string, staleOperationId: string): Promise<FreezeDoc | undefined> {
  const before = await readFreeze(tx, freezeId);
  if (!before || !awaitsAnswer(before.state) || before.operationId !== staleOperationId) return undefined;
  const freeze = await underNewGeneration(tx, before);
  tx.record(freezeRenewed(freeze));
  return freeze;
}

async function underNewGeneration(tx: Tx, before: FreezeDoc): Promise<FreezeDoc> {
  const { unconfirmedReason: _reason, refusalCode: _code, ...kept } = before;
  const generation = await nextGeneration(tx, before.accountId);
  const freeze: FreezeDoc = {
    ...kept,
    state: 'requested',
    generation,
    operationId: operationIdOf(before._id, generation),
    updatedAt: tx.now,
  };
  await replaceFreeze(tx, freeze);
  return freeze;
}
