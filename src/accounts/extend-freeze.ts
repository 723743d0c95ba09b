import type { Tx } from '../kernel/transact.js';
import { freezeExtended } from './events.js';
import { accountProblem } from './problems.js';
import { type FreezeDoc, readFreeze, replaceFreeze } from './store.js';
import { holds } from './words.js';

/**
 * Moves the expiry of a freeze later; never earlier, for that would be a release by one person.
 *
 * @throws Problem `freeze_not_found` · `freeze_state_conflict` (it is over, or being released, or would end earlier)
 * Audited as `freeze.extended`.
 */
export async function extendFreeze(tx: Tx, freezeId: string, expiresAt: Date): Promise<FreezeDoc> {
  const before = await readFreeze(tx, freezeId);
  if (!before) throw accountProblem('freeze_not_found');
  if (!holds(before.state) || expiresAt <= before.expiresAt)
    throw accountProblem('freeze_state_conflict', {
      extra: { state: before.state, expiresAt: before.expiresAt.toISOString() },
    });
  const freeze = { ...before, expiresAt, updatedAt: tx.now };
  await replaceFreeze(tx, freeze);
  tx.record(freezeExtended(freeze, before));
  return freeze;
}
