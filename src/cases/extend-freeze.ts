import { extendFreeze as extend } from '../accounts/index.js';
import { HOUR } from '../kernel/clock.js';
import type { Tx } from '../kernel/transact.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { caseDecided, historyEntry } from './events.js';
import { inForce } from './facts.js';
import { longestFreezeHours } from './policy.js';
import { caseProblem } from './problems.js';
import { saveCase } from './store.js';
import type { CaseDoc } from './words.js';

/**
 * Keeps a freeze of this case for longer, counted from now.
 * @throws Problem `case_not_found` · `own_case` · `freeze_not_in_case` · `too_long` with `mostHours` ·
 *         `freeze_state_conflict` (it would end earlier, or is being released)
 * Audited as `freeze.extended` by the account, and with the reason as `freeze.extension-ordered`.
 */
export async function extendFreeze(
  tx: Tx,
  ctx: CaseContext,
  caseId: string,
  freezeId: string,
  { hours, reason }: { hours: number; reason: string },
): Promise<CaseDoc> {
  const doc = await caseForStaff(tx, tx.actor, caseId);
  const freeze = (await inForce(tx, caseId)).find(({ _id, kind }) => _id === freezeId && kind === 'freeze');
  if (!freeze) throw caseProblem('freeze_not_in_case');
  const mostHours = longestFreezeHours(tx.actor, ctx.config);
  if (hours > mostHours) throw caseProblem('too_long', { extra: { mostHours } });
  await extend(tx, freezeId, new Date(tx.now.getTime() + hours * HOUR));
  tx.record(caseDecided(doc, 'freeze.extension-ordered', reason, { freezeId, hours }));
  return saveCase(tx, doc, doc, historyEntry(tx.now, tx.actor, 'freeze.extended', doc.state, doc.state));
}
