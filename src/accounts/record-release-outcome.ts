import type { Tx } from '../kernel/transact.js';
import * as events from './events.js';
import type { Outcome } from './exchange.js';
import { accountProblem } from './problems.js';
import { renewRelease } from './request-release.js';
import { type FreezeDoc, type Release, readFreeze, replaceFreeze } from './store.js';

/**
 * Records what became of a release at the exchange.
 *
 * Only the exchange's receipt for every scope makes a freeze `released`; anything else leaves it `release-pending`, to be
 * tried again (after a partial release as a new call for all of it). While the returned freeze is `release-pending`, the
 * job that carries it out has to come back.
 *
 * @returns the freeze, and whether its state moved
 * @throws Problem `freeze_not_found`
 * Audited as `release.confirmed`, `release.partial` (and `release.renewed`), `release.refused`, `release.unconfirmed` or
 * `freeze.answer-set-aside`.
 */
export async function recordReleaseOutcome(
  tx: Tx,
  freezeId: string,
  outcome: Outcome,
): Promise<{ freeze: FreezeDoc; changed: boolean }> {
  const before = await readFreeze(tx, freezeId);
  if (!before) throw accountProblem('freeze_not_found');
  if (before.state !== 'release-pending' || before.release?.operationId !== outcome.operationId) {
    tx.record(events.freezeAnswerSetAside(before, outcome));
    return { freeze: before, changed: false };
  }
  const { unsettled: _unsettled, unsettledBecause: _because, ...release } = before.release;
  if (outcome.state === 'confirmed') return { freeze: await released(tx, before, release, outcome), changed: true };
  const freeze = await unsettled(tx, before, { ...release, unsettled: outcome.state, unsettledBecause: why(outcome) });
  const renewed = outcome.state === 'partial' ? await renewRelease(tx, freezeId, outcome.operationId) : undefined;
  return { freeze: renewed ?? freeze, changed: false };
}

async function released(
  tx: Tx,
  before: FreezeDoc,
  release: Release,
  { receipt }: Extract<Outcome, { state: 'confirmed' }>,
): Promise<FreezeDoc> {
  const done = { ...release, receipt };
  const freeze: FreezeDoc = { ...before, state: 'released', release: done, releasedAt: tx.now, updatedAt: tx.now };
  await replaceFreeze(tx, freeze);
  tx.record(events.releaseConfirmed(freeze, done, receipt));
  return freeze;
}

async function unsettled(tx: Tx, before: FreezeDoc, release: Release): Promise<FreezeDoc> {
  const freeze: FreezeDoc = { ...before, release, updatedAt: tx.now };
  await replaceFreeze(tx, freeze);
  tx.record(events.releaseUnsettled(freeze, release));
  return freeze;
}

function why(outcome: Exclude<Outcome, { state: 'confirmed' }>): string {
  if (outcome.state === 'partial') return outcome.missing.join(' ');
  return outcome.state === 'refused' ? outcome.code : outcome.reason;
}
