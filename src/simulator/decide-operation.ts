import type { Decision, Exchange } from './exchange.js';
import { newReceiptId } from './exchange.js';
import { Refusal } from './refusal.js';
import { type Account, type OperationKind, SCOPES, type Scope } from './words.js';

export interface Command {
  operationId: string;
  kind: OperationKind;
  accountId: string;
  caseNumber: string;
  scopes?: Scope[];
  generation?: number;
}

type Effects = Decision['effects'];

/**
 * Decides what a command does to an account.
 *
 * Freezes and releases carry a generation: one lower than the account has seen is an old decision on its way late, and is
 * refused. `failing` names scopes that a failure switch makes fail.
 *
 * @throws Refusal `account_unknown` · `stale_generation` · `scopes_unavailable` (every scope failed)
 */
export function decideOperation(exchange: Exchange, command: Command, failing: readonly Scope[]): Decision {
  const account = exchange.account(command.accountId);
  const { generation } = command;
  if (generation !== undefined && generation < account.generation) throw new Refusal('stale_generation');
  const { effects, applied, missing } = perform(account, command, failing);
  const confirmedAt = exchange.now().toISOString();
  const receipt = exchange.receiptKey.sign({
    receiptId: newReceiptId(),
    operationId: command.operationId,
    kind: command.kind,
    accountId: command.accountId,
    caseNumber: command.caseNumber,
    generation: generation ?? account.generation,
    applied,
    missing,
    confirmedAt,
  });
  return {
    accountId: command.accountId,
    effects,
    answer: { operationId: command.operationId, state: missing.length > 0 ? 'partial' : 'confirmed', receipt },
    ...(generation === undefined ? {} : { generation }),
    ...(command.kind === 'freeze'
      ? { frozen: { since: confirmedAt, operationId: command.operationId, caseNumber: command.caseNumber } }
      : {}),
  };
}

interface Performed {
  effects: Effects;
  applied: string[];
  missing: string[];
}

function perform(account: Account, command: Command, failing: readonly Scope[]): Performed {
  switch (command.kind) {
    case 'freeze':
    case 'release': {
      const scopes = SCOPES.filter((scope) => command.scopes?.includes(scope));
      const applied = scopes.filter((scope) => !failing.includes(scope));
      if (scopes.length > 0 && applied.length === 0) throw new Refusal('scopes_unavailable');
      const effects = command.kind === 'freeze' ? freeze(account, applied) : release(account, applied);
      return { effects, applied, missing: scopes.filter((scope) => failing.includes(scope)) };
    }
    case 'revoke_sessions':
      return done(revocable('session_revoked', account.sessions));
    case 'revoke_api_keys':
      return done(revocable('api_key_revoked', account.apiKeys));
    case 'cancel_pending_withdrawals':
      return done(
        account.withdrawals
          .filter(({ status }) => status === 'pending' || status === 'held')
          .map(({ id }) => ({ effect: 'withdrawal_cancelled', subject: id })),
      );
  }
}

const done = (effects: Effects): Performed => ({
  effects,
  applied: effects.map(({ subject }) => subject),
  missing: [],
});

const revocable = (
  effect: 'session_revoked' | 'api_key_revoked',
  list: { id: string; revokedAt: string | null }[],
): Effects => list.filter(({ revokedAt }) => revokedAt === null).map(({ id }) => ({ effect, subject: id }));

/** Frozen withdrawals hold what is on its way: it neither leaves nor is lost, for a freeze must be reversible. */
function freeze(account: Account, scopes: readonly Scope[]): Effects {
  const fresh = scopes.filter((scope) => account.frozen[scope] === undefined);
  const effects: Effects = fresh.map((scope) => ({ effect: 'scope_frozen', subject: scope }));
  if (scopes.includes('crypto_withdrawal')) effects.push(...moved(account, 'pending', 'withdrawal_held'));
  if (scopes.includes('sessions')) effects.push(...revocable('session_revoked', account.sessions));
  return effects;
}

function release(account: Account, scopes: readonly Scope[]): Effects {
  const frozen = scopes.filter((scope) => account.frozen[scope] !== undefined);
  const effects: Effects = frozen.map((scope) => ({ effect: 'scope_released', subject: scope }));
  if (scopes.includes('crypto_withdrawal')) effects.push(...moved(account, 'held', 'withdrawal_resumed'));
  return effects;
}

const moved = (account: Account, from: 'pending' | 'held', effect: 'withdrawal_held' | 'withdrawal_resumed'): Effects =>
  account.withdrawals.filter(({ status }) => status === from).map(({ id }) => ({ effect, subject: id }));
