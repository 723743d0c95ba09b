import { firstCappedFreeze, type Scope } from '../accounts/index.js';
import { HOUR } from '../kernel/clock.js';
import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { caseDecided } from './events.js';
import { accountOf, definitionOf } from './facts.js';
import { FREEZE_WINDOW_MS, longestFreezeHours, mayExtend } from './policy.js';
import { caseProblem } from './problems.js';
import type { CaseDoc } from './words.js';

export interface FreezeOrder {
  /** The workflow's own when absent. */
  readonly scopes?: readonly Scope[] | undefined;
  /** The longest the role may when absent. */
  readonly hours?: number | undefined;
  readonly reason: string;
}

/**
 * Freezes the account of a case at the word of staff; agents for a day at most, and all of them together for one day in a
 * week, counted from the first: what goes on longer is an analyst's to decide, in whichever case of the account.
 *
 * The case says frozen only once the exchange has confirmed it; until then it is `requested` or `unconfirmed`.
 * @throws Problem `case_not_found` · `own_case` · `no_account` (link the account first) · `too_long` with `mostHours` ·
 *         `analyst_needed` (the agents' day is over) · `event_not_allowed`
 * Audited as `freeze.ordered`, besides the freeze's own events. Source: docs/decisions/0011-agents-day.md
 */
export async function freezeCase(tx: Tx, ctx: CaseContext, caseId: string, order: FreezeOrder): Promise<CaseDoc> {
  const doc = await caseForStaff(tx, tx.actor, caseId);
  const mostHours = await hoursLeft(tx, ctx, accountOf(doc));
  if (mostHours < 1) throw caseProblem('analyst_needed');
  const hours = order.hours ?? mostHours;
  if (hours > mostHours) throw caseProblem('too_long', { extra: { mostHours } });
  const scopes = order.scopes ?? (definitionOf(ctx, doc).freeze.scopes as readonly Scope[]);
  const next = await advance(tx, ctx, doc, {
    type: 'freeze.requested',
    freeze: { scopes, hours, capped: !mayExtend(tx.actor) },
  });
  tx.record(caseDecided(next, 'freeze.ordered', order.reason, { scopes: [...scopes], hours }));
  return next;
}

async function hoursLeft(tx: Tx, { config }: CaseContext, accountId: string): Promise<number> {
  const most = longestFreezeHours(tx.actor, config);
  if (mayExtend(tx.actor)) return most;
  const first = await firstCappedFreeze(tx, accountId, new Date(tx.now.getTime() - FREEZE_WINDOW_MS));
  return first ? most - Math.ceil((tx.now.getTime() - first.getTime()) / HOUR) : most;
}
