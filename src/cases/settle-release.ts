import { type FreezeDoc, freezesOfCase, holds, openFreezesOfAccount, type Scope } from '../accounts/index.js';
import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import type { CaseContext } from './context.js';
import { approvalsOfCase, moveApproval, readCase, saveCase } from './store.js';
import type { ApprovalDoc, CaseDoc } from './words.js';

/**
 * Takes the case on after the exchange confirmed the release of one of its freezes.
 *
 * Once a release is approved, the last freeze that is on its way makes the case `released`, whatever decided that one, and
 * closes it with the outcome that was approved, unless legal hold stops that. Without an approval, a freeze that expired or
 * a hold that the owner cancelled only changes what is frozen.
 */
export async function settleRelease(tx: Tx, ctx: CaseContext, freeze: FreezeDoc): Promise<void> {
  const doc = await readCase(tx, freeze.caseId);
  const approval = (await approvalsOfCase(tx, doc._id)).find(({ state }) => state === 'approved');
  if (approval) return approvedRelease(tx, ctx, doc, approval);
  if (freeze.refusalCode !== undefined && freeze.applied.length === 0) return; // it never held anything
  const cancelled = freeze.kind === 'hold' && freeze.release?.reason !== 'expired';
  await advance(tx, ctx, doc, { type: cancelled ? 'hold.cancelled' : `${freeze.kind}.expired` });
}

async function approvedRelease(tx: Tx, ctx: CaseContext, doc: CaseDoc, approval: ApprovalDoc): Promise<void> {
  const freezes = await freezesOfCase(tx, doc._id);
  if (freezes.some(isOnItsWay)) {
    await saveCase(tx, doc, doc); // two that are confirmed at the same moment must see each other: the last one tells
    return;
  }
  const scopes = [
    ...new Set(freezes.flatMap(({ release }) => (release?.approvalId === approval._id ? release.scopes : []))),
  ];
  const held = (await openFreezesOfAccount(tx, approval.accountId)).filter(({ state }) => holds(state));
  const remaining = approval.scopes.filter((scope) => held.some((other) => other.scopes.includes(scope as Scope)));
  const released = await advance(tx, ctx, doc, {
    type: 'release.confirmed',
    told: { scopes, remaining, releasedAt: tx.now.toISOString() },
  });
  await moveApproval(tx, approval, { state: 'carried-out' });
  if (released.state === 'resolve.released' && !released.legalHold)
    await advance(tx, ctx, released, { type: 'case.closed', outcome: approval.outcome });
}

/** A hold that was asked for after the approval ends by itself and keeps no case open. */
const isOnItsWay = ({ kind, state }: FreezeDoc): boolean =>
  state === 'release-pending' || (kind === 'freeze' && state !== 'released');
