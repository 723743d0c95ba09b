import type { Tx } from '../kernel/transact.js';
import * as events from './events.js';
import type { Outcome } from './exchange.js';
import { accountProblem } from './problems.js';
import { type FreezeDoc, readFreeze, replaceFreeze } from './store.js';
import { awaitsAnswer, type Scope } from './words.js';

/**
 * Records what became of a freeze at the exchange.
 *
 * Only the answer to the freeze's present call counts, and only while one is awaited: a late answer never undoes a newer
 * decision, a repeated one changes nothing.
 *
 * @returns the freeze, and whether its state moved; advance the case only when it did
 * @throws Problem `freeze_not_found`
 * Audited, always exactly once: `freeze.confirmed`, `freeze.partial`, `freeze.failed`, `freeze.unconfirmed` or
 * `freeze.answer-set-aside`.
 */
export async function recordFreezeOutcome(
  tx: Tx,
  freezeId: string,
  outcome: Outcome,
): Promise<{ freeze: FreezeDoc; changed: boolean }> {
  const before = await readFreeze(tx, freezeId);
  if (!before) throw accountProblem('freeze_not_found');
  if (outcome.operationId !== before.operationId || !awaitsAnswer(before.state)) {
    tx.record(events.freezeAnswerSetAside(before, outcome));
    return { freeze: before, changed: false };
  }
  const freeze = afterOutcome(before, outcome, tx.now);
  await replaceFreeze(tx, freeze);
  tx.record(eventOf(freeze, outcome));
  return { freeze, changed: freeze.state !== before.state };
}

/** The rule, without a store: what an awaited answer makes of a freeze. */
export function afterOutcome(before: FreezeDoc, outcome: Outcome, now: Date): FreezeDoc {
  const { unconfirmedReason: _reason, refusalCode: _code, ...kept } = before;
  const base = { ...kept, updatedAt: now };
  switch (outcome.state) {
    case 'confirmed':
    case 'partial': {
      const { receipt } = outcome;
      const state = outcome.state === 'confirmed' ? 'active' : 'partial';
      const [applied, missing] = [receipt.applied as Scope[], receipt.missing as Scope[]];
      return { ...base, state, applied, missing, confirmedAt: now, receipt };
    }
    case 'refused':
      // A refusal to do the rest undoes nothing of what an earlier receipt covers.
      return { ...base, state: before.applied.length > 0 ? 'partial' : 'failed', refusalCode: outcome.code };
    case 'unconfirmed':
      return { ...base, state: 'unconfirmed', unconfirmedReason: outcome.reason };
  }
}

function eventOf(freeze: FreezeDoc, outcome: Outcome) {
  switch (outcome.state) {
    case 'confirmed':
      return events.freezeConfirmed(freeze, outcome.receipt);
    case 'partial':
      return events.freezePartial(freeze, outcome.receipt);
    case 'refused':
      return events.freezeFailed(freeze, outcome.code);
    case 'unconfirmed':
      return events.freezeUnconfirmed(freeze, outcome.reason);
  }
}
