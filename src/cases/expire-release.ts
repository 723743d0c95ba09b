import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import type { CaseContext } from './context.js';
import { releaseExpired } from './events.js';
import { moveApproval, readApproval, readCase } from './store.js';

/**
 * Ends a proposal that nobody decided in time; one that was decided stays as it is.
 * @returns whether anything changed
 * Audited as `release.expired`.
 */
export async function expireRelease(tx: Tx, ctx: CaseContext, caseId: string, approvalId: string): Promise<boolean> {
  const approval = await readApproval(tx, caseId, approvalId);
  if (approval.state !== 'proposed' || tx.now < approval.expiresAt) return false;
  const expired = await moveApproval(tx, approval, { state: 'expired', decidedAt: tx.now });
  tx.record(releaseExpired(await advance(tx, ctx, await readCase(tx, caseId), { type: 'release.expired' }), expired));
  return true;
}
