import type { Tx } from '../kernel/transact.js';
import { releaseRenewed, releaseRequested } from './events.js';
import { accountProblem } from './problems.js';
import { operationIdOf } from './request-freeze.js';
import {
  type FreezeDoc,
  freezesOfCase,
  nextGeneration,
  openFreezesOfAccount,
  type Release,
  readFreeze,
  replaceFreeze,
} from './store.js';
import { type ReleaseReason, releasableScopes } from './words.js';

/** Of one freeze, or of all of a case; by an approval of two people, or for a reason that needs none. */
export type ReleaseRequest = ({ readonly freezeId: string } | { readonly caseId: string }) &
  ({ readonly approvalId: string } | { readonly reason: Exclude<ReleaseReason, 'approved'> });

/**
 * Decides to release freezes; the account stays frozen until the exchange has confirmed, and in every scope that another
 * freeze still holds.
 *
 * Whether it may be released is the caller's to decide. A failed freeze is released too: it may have left scopes frozen
 * that an older release spared for it. What is being released or released already is returned as it is.
 *
 * @returns the freezes, for each of which the caller enqueues what carries it out
 * @throws Problem `freeze_not_found`
 * Audited as `release.requested`, once for each freeze that was not on its way already.
 */
export async function requestRelease(tx: Tx, request: ReleaseRequest): Promise<FreezeDoc[]> {
  const freezes = await wanted(tx, request);
  const released: FreezeDoc[] = [];
  for (const before of freezes) released.push(await decideRelease(tx, before, request));
  return released;
}

async function wanted(tx: Tx, request: ReleaseRequest): Promise<FreezeDoc[]> {
  if ('caseId' in request) return freezesOfCase(tx, request.caseId);
  const freeze = await readFreeze(tx, request.freezeId);
  if (!freeze) throw accountProblem('freeze_not_found');
  return [freeze];
}

async function decideRelease(tx: Tx, before: FreezeDoc, request: ReleaseRequest): Promise<FreezeDoc> {
  if (before.state === 'release-pending' || before.state === 'released') return before;
  const release: Release = {
    ...('approvalId' in request ? { reason: 'approved', approvalId: request.approvalId } : { reason: request.reason }),
    requestedAt: tx.now,
    requestedBy: tx.actor.id,
    ...(await call(tx, before)),
  };
  const freeze: FreezeDoc = { ...before, state: 'release-pending', release, updatedAt: tx.now };
  await replaceFreeze(tx, freeze);
  tx.record(releaseRequested(freeze, release, before));
  return freeze;
}

/**
 * Puts a release under a new generation, with the scopes that nobody else holds now: the exchange had seen a newer
 * decision, or did only a part of it.
 *
 * @returns undefined when it is over, or was renewed by somebody else already
 * Audited as `release.renewed`.
 */
export async function renewRelease(tx: Tx, freezeId: string, oldOperationId: string): Promise<FreezeDoc | undefined> {
  const before = await readFreeze(tx, freezeId);
  if (before?.state !== 'release-pending' || before.release?.operationId !== oldOperationId) return undefined;
  const release: Release = { ...before.release, ...(await call(tx, before)) };
  const freeze: FreezeDoc = { ...before, release, updatedAt: tx.now };
  await replaceFreeze(tx, freeze);
  tx.record(releaseRenewed(freeze, release));
  return freeze;
}

/** Counts the decision first: from there on no other decision about the account commits beside this one. */
async function call(tx: Tx, freeze: FreezeDoc): Promise<Pick<Release, 'generation' | 'operationId' | 'scopes'>> {
  const generation = await nextGeneration(tx, freeze.accountId);
  const scopes = releasableScopes(freeze, await openFreezesOfAccount(tx, freeze.accountId));
  return { generation, operationId: operationIdOf(freeze._id, generation), scopes };
}
