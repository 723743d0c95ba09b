import { createHash, randomUUID } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type Failures, failureSwitches } from './failures.js';
import type { Journal } from './journal.js';
import { type ReceiptKey, receiptKey } from './receipt-key.js';
import { Refusal } from './refusal.js';
import { apply, emptyState, type Fact, type State } from './state.js';
import type { Account, Call, Effect, EffectName, FrozenScope, OwnerMessage } from './words.js';

/** The exchange itself, without HTTP: what its two doors (signed and admin) work on. */
export interface Exchange {
  readonly state: State;
  readonly failures: Failures;
  readonly receiptKey: ReceiptKey;
  now(): Date;
  account(accountId: string): Account;
  commit(fact: Fact): void;
}

export function openExchange(
  secret: Uint8Array,
  journalOf: (replay: (fact: Fact) => void) => Journal,
): Exchange & { close(): void } {
  const state = emptyState();
  const journal = journalOf((fact) => apply(state, fact));
  return {
    state,
    failures: failureSwitches(),
    receiptKey: receiptKey(secret),
    now: () => new Date(),
    account: (accountId) => {
      const account = state.accounts.get(accountId);
      if (!account) throw new Refusal('account_unknown');
      return account;
    },
    commit: (fact) => {
      journal.append(fact);
      // What was written is applied as it would be read back: nothing in memory shares a reference with the caller.
      apply(state, JSON.parse(JSON.stringify(fact)) as Fact);
    },
    close: () => journal.close(),
  };
}

export interface Decision {
  accountId: string;
  effects: { effect: EffectName; subject: string }[];
  answer: Record<string, unknown>;
  generation?: number;
  frozen?: FrozenScope;
  message?: OwnerMessage;
}

/**
 * Does one operation once. The first call with an id decides and commits in one step; every later call with the same
 * payload gets the first answer.
 *
 * @throws Refusal `key_reused` when the id came with another payload before · whatever `decide` refuses (nothing is kept)
 */
export function once(
  exchange: Exchange,
  { operationId, call, payload }: { operationId: string; call: Call; payload: unknown },
  decide: () => Decision,
): Record<string, unknown> {
  const fingerprint = createHash('sha256')
    .update(canonicalize({ call, payload }) ?? '')
    .digest('hex');
  const known = exchange.state.operations.get(operationId);
  if (known && known.fingerprint !== fingerprint) throw new Refusal('key_reused');
  if (known) return known.answer;
  const { accountId, effects, answer, ...rest } = decide();
  const at = exchange.now().toISOString();
  const first = exchange.state.ledger.length + 1;
  const done: Effect[] = effects.map((one, index) => ({ sequence: first + index, at, operationId, accountId, ...one }));
  const operation = { operationId, call, fingerprint, committedAt: at, answer };
  exchange.commit({ type: 'operation_committed', operation, accountId, effects: done, ...rest });
  return answer;
}

export const newReceiptId = (): string => `rcpt_${randomUUID()}`;
