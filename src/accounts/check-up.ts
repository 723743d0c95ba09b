import { type CheckItem, inOrderOfGain, ownFacts, ownItems } from '../identity/index.js';
import type { Actor } from '../kernel/actor.js';
import { Problem } from '../kernel/problem.js';
import type { AccountsContext } from './context.js';
import type { AccountState } from './exchange.js';
import { exchangeItems } from './exchange-items.js';

export const EXCHANGE_WORDS = ['read', 'not-linked', 'unavailable'] as const;

export interface CheckUp {
  readonly asOf: string;
  /** Whether the exchange's own facts are in it; a check-up never calls good what it could not see. */
  readonly exchange: (typeof EXCHANGE_WORDS)[number];
  readonly items: readonly CheckItem[];
}

/**
 * Looks over what a customer's security hangs on, here and at the exchange, and says what to do next: the most gain first.
 *
 * @throws Problem `person_not_found`
 */
export async function checkUp(ctx: AccountsContext, actor: Actor): Promise<CheckUp> {
  const facts = await ownFacts(ctx, actor.id);
  const { accountId } = facts.person;
  const state = accountId === undefined ? 'not-linked' : await stateAt(ctx, accountId);
  const theirs = typeof state === 'string' ? [] : exchangeItems(state, facts.now);
  return {
    asOf: facts.now.toISOString(),
    exchange: typeof state === 'string' ? state : 'read',
    items: inOrderOfGain([...ownItems(facts), ...theirs]),
  };
}

async function stateAt({ exchange }: AccountsContext, accountId: string): Promise<AccountState | 'unavailable'> {
  try {
    return await exchange.accountState(accountId);
  } catch (error) {
    if (error instanceof Problem) return 'unavailable';
    throw error;
  }
}
