import type { Tx } from '../kernel/transact.js';
import * as events from './events.js';
import type { Outcome } from './exchange.js';
import { accountProblem } from './problems.js';
import { type RemedyDoc, readRemedy, replaceRemedy } from './store.js';

/**
 * Records what became of a remedy; once it is done or failed, no later answer changes it. One of which the exchange did only
 * a part has failed: it can be ordered again.
 *
 * @returns the remedy, and whether its state moved
 * @throws Problem `remedy_not_found`
 * Audited as `remedy.done`, `remedy.partial`, `remedy.failed`, `remedy.unconfirmed` or `remedy.answer-set-aside`.
 */
export async function recordRemedyOutcome(
  tx: Tx,
  remedyId: string,
  outcome: Outcome,
): Promise<{ remedy: RemedyDoc; changed: boolean }> {
  const before = await readRemedy(tx, remedyId);
  if (!before) throw accountProblem('remedy_not_found');
  if (before.state === 'done' || before.state === 'failed' || outcome.operationId !== before.operationId) {
    tx.record(events.remedyAnswerSetAside(before, outcome));
    return { remedy: before, changed: false };
  }
  const { unconfirmedReason: _reason, ...kept } = before;
  const remedy = settle({ ...kept, updatedAt: tx.now }, outcome, tx);
  await replaceRemedy(tx, remedy);
  return { remedy, changed: remedy.state !== before.state };
}

function settle(base: RemedyDoc, outcome: Outcome, tx: Tx): RemedyDoc {
  if (outcome.state === 'refused') {
    const failed: RemedyDoc = { ...base, state: 'failed', refusalCode: outcome.code };
    tx.record(events.remedyFailed(failed, outcome.code));
    return failed;
  }
  if (outcome.state === 'unconfirmed') {
    const unconfirmed: RemedyDoc = { ...base, state: 'unconfirmed', unconfirmedReason: outcome.reason };
    tx.record(events.remedyUnconfirmed(unconfirmed, outcome.reason));
    return unconfirmed;
  }
  const { receipt } = outcome;
  if (outcome.state === 'partial') {
    const partly: RemedyDoc = {
      ...base,
      state: 'failed',
      refusalCode: 'partly_done',
      ended: [...receipt.applied],
      receipt,
    };
    tx.record(events.remedyPartial(partly, receipt));
    return partly;
  }
  const done: RemedyDoc = { ...base, state: 'done', ended: [...receipt.applied], doneAt: tx.now, receipt };
  tx.record(events.remedyDone(done, receipt));
  return done;
}
