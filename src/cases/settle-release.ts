import { type FreezeDoc, freezesOfCase } from '../accounts/index.js';
import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import type { CaseContext } from './context.js';
import { moveApproval, readApproval, readCase } from './store.js';
import type { CaseDoc } from './words.js';

/**
 * Takes the case on after the exchange confirmed the release of one of its freezes.
 *
 * The last freeze of an approved release makes the case `released` and, unless legal hold stops it, closes it with the
 * outcome that was approved. A freeze that expired, or a hold the owner cancelled, only changes what is frozen.
 */
export async function settleRelease(tx: Tx, ctx: CaseContext, freeze: FreezeDoc): Promise<void> {
  const doc = await readCase(tx, freeze.caseId);
  const { reason, approvalId } = freeze.release ?? {};
  if (reason === 'owner_cancelled' || reason === 'withdrawn')
    await advance(tx, ctx, doc, { type: freeze.kind === 'hold' ? 'hold.cancelled' : 'freeze.expired' });
  else if (reason === 'expired') await advance(tx, ctx, doc, { type: `${freeze.kind}.expired` });
  else if (approvalId !== undefined) await approvedRelease(tx, ctx, doc, approvalId);
}

async function approvedRelease(tx: Tx, ctx: CaseContext, doc: CaseDoc, approvalId: string): Promise<void> {
  const freezes = await freezesOfCase(tx, doc._id);
  if (freezes.some(({ state }) => state !== 'released')) return; // the last one tells
  const opened = [
    ...new Set(freezes.flatMap(({ release }) => (release?.approvalId === approvalId ? release.scopes : []))),
  ];
  const released = await advance(tx, ctx, doc, {
    type: 'release.confirmed',
    told: { scopes: opened, releasedAt: tx.now.toISOString() },
  });
  const approval = await readApproval(tx, doc._id, approvalId);
  await moveApproval(tx, approval, { state: 'carried-out' });
  if (released.state === 'resolve.released' && !released.legalHold)
    await advance(tx, ctx, released, { type: 'case.closed', outcome: approval.outcome });
}
