import type { Failure } from './failures.js';
import type { Account, Effect, Operation, Scope, WithdrawalAddress } from './words.js';

/** What `POST /admin/accounts` takes; whatever is left out is empty, or plausible with `sample`. */
export type NewAccount = Pick<Account, 'email'> &
  Partial<Pick<Account, 'accountId' | 'uid' | 'balances' | 'trades' | 'withdrawals' | 'signIns'>> & {
    apiKeys?: { id: string; label: string; createdAt: string }[];
    sessions?: { id: string; device: string; address: string; createdAt: string }[];
    withdrawalAddresses?: WithdrawalAddress[];
    sample?: boolean;
  };

export interface SimulatorAdmin {
  openAccount(account: NewAccount): Promise<Account>;
  account(accountId: string): Promise<Account>;
  addActivity(
    accountId: string,
    activity: Partial<Pick<Account, 'trades' | 'withdrawals' | 'signIns'>>,
  ): Promise<Account>;
  issueLinkCode(accountId: string, minutes?: number): Promise<{ code: string; expiresAt: string }>;
  /** Whether somebody signed in as the owner could do this now. */
  attempt(accountId: string, scope: Scope): Promise<boolean>;
  /** Replaces all failure switches. */
  fail(...failures: Failure[]): Promise<void>;
  reset(): Promise<void>;
  /** Every effect that was ever applied, in order; of one account when named. */
  ledger(accountId?: string): Promise<Effect[]>;
  operations(): Promise<Operation[]>;
}

/** Works the admin endpoints of a running simulator: for tests, journeys and the demonstration. */
export function simulatorAdmin(url: string): SimulatorAdmin {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${url}/admin${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`simulator: ${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  };
  return {
    openAccount: (account) => call('POST', '/accounts', account),
    account: (accountId) => call('GET', `/accounts/${accountId}`),
    addActivity: (accountId, activity) => call('POST', `/accounts/${accountId}/activity`, activity),
    issueLinkCode: (accountId, minutes) =>
      call('POST', `/accounts/${accountId}/link-codes`, minutes === undefined ? {} : { minutes }),
    attempt: async (accountId, scope) =>
      (await call<{ allowed: boolean }>('POST', `/accounts/${accountId}/attempts`, { scope })).allowed,
    fail: async (...failures) => void (await call('PUT', '/failures', { failures })),
    reset: () => call('DELETE', '/failures'),
    ledger: async (accountId) => {
      const { effects } = await call<{ effects: Effect[] }>('GET', '/ledger');
      return accountId === undefined ? effects : effects.filter((effect) => effect.accountId === accountId);
    },
    operations: async () => (await call<{ operations: Operation[] }>('GET', '/operations')).operations,
  };
}
