import { addAmount } from './amount.js';
import type {
  Account,
  Effect,
  FrozenScope,
  LinkCode,
  Operation,
  OwnerMessage,
  SignIn,
  Trade,
  Withdrawal,
} from './words.js';

export interface State {
  accounts: Map<string, Account>;
  linkCodes: Map<string, LinkCode>;
  operations: Map<string, Operation>;
  ledger: Effect[];
}

/** A fact, complete in itself: folding the journal over an empty state gives the same state again. */
export type Fact =
  | { type: 'account_opened'; account: Account }
  | { type: 'activity_added'; accountId: string; trades: Trade[]; withdrawals: Withdrawal[]; signIns: SignIn[] }
  | { type: 'link_code_issued'; linkCode: LinkCode }
  | {
      type: 'operation_committed';
      operation: Operation;
      accountId: string;
      generation?: number;
      effects: Effect[];
      frozen?: FrozenScope;
      message?: OwnerMessage;
    };

export const emptyState = (): State => ({
  accounts: new Map(),
  linkCodes: new Map(),
  operations: new Map(),
  ledger: [],
});

/** Applies one fact; the only place where the exchange's state changes. */
export function apply(state: State, fact: Fact): void {
  switch (fact.type) {
    case 'account_opened':
      state.accounts.set(fact.account.accountId, fact.account);
      return;
    case 'activity_added': {
      const account = accountIn(state, fact.accountId);
      account.trades.push(...fact.trades);
      account.withdrawals.push(...fact.withdrawals);
      account.signIns.push(...fact.signIns);
      return;
    }
    case 'link_code_issued':
      state.linkCodes.set(fact.linkCode.code, fact.linkCode);
      return;
    case 'operation_committed': {
      const account = accountIn(state, fact.accountId);
      state.operations.set(fact.operation.operationId, fact.operation);
      if (fact.generation !== undefined) account.generation = Math.max(account.generation, fact.generation);
      if (fact.message) account.messages.push(fact.message);
      for (const effect of fact.effects) {
        state.ledger.push(effect);
        take(state, account, effect, fact.frozen);
      }
    }
  }
}

function take(state: State, account: Account, effect: Effect, frozen: FrozenScope | undefined): void {
  const withdrawal = () => account.withdrawals.find((one) => one.id === effect.subject);
  switch (effect.effect) {
    case 'scope_frozen':
      if (frozen) account.frozen[effect.subject as keyof Account['frozen']] = frozen;
      return;
    case 'scope_released':
      delete account.frozen[effect.subject as keyof Account['frozen']];
      return;
    case 'withdrawal_held':
      setStatus(withdrawal(), 'held');
      return;
    case 'withdrawal_resumed':
      setStatus(withdrawal(), 'pending');
      return;
    case 'withdrawal_cancelled': {
      const cancelled = withdrawal();
      setStatus(cancelled, 'cancelled');
      if (cancelled) account.balances = addAmount(account.balances, cancelled.amount);
      return;
    }
    case 'session_revoked':
      revoke(account.sessions, effect);
      return;
    case 'api_key_revoked':
      revoke(account.apiKeys, effect);
      return;
    case 'link_code_redeemed': {
      const linkCode = state.linkCodes.get(effect.subject);
      if (linkCode) linkCode.redeemedBy = effect.operationId;
      return;
    }
    case 'owner_notified':
      return;
  }
}

function setStatus(withdrawal: Withdrawal | undefined, status: Withdrawal['status']): void {
  if (withdrawal) withdrawal.status = status;
}

function revoke(list: { id: string; revokedAt: string | null }[], effect: Effect): void {
  const found = list.find((one) => one.id === effect.subject);
  if (found) found.revokedAt = effect.at;
}

function accountIn(state: State, accountId: string): Account {
  const account = state.accounts.get(accountId);
  if (!account) throw new Error(`the journal names an account that was never opened: ${accountId}`);
  return account;
}
