import type { KeyObject } from 'node:crypto';
import type Joi from 'joi';
import type { AccountState, Activity, Command, Exchange, Outcome, Receipt } from './exchange.js';
import { type Answer, type Call, type ExchangeSettings, exchangeCall, NoAnswer } from './exchange-call.js';
import * as replies from './exchange-replies.js';
import { accountProblem } from './problems.js';
import { answersCommand, introducedKey, isSigned } from './verify-receipt.js';
import type { Scope } from './words.js';

/**
 * The exchange over HTTP: requests signed (RFC 9421), every change under its operation id as idempotency key, every
 * receipt verified before it counts.
 *
 * It never sends anything twice by itself: after `unconfirmed` the caller reads back first.
 */
export function exchangeClient(settings: ExchangeSettings): Exchange {
  const call = exchangeCall(settings);
  const receiptKeyOf = receiptKeys(call, settings.secret);

  const command = async (wanted: Command): Promise<Outcome> => {
    const { operationId, ...payload } = wanted;
    return settle(operationId, async () => {
      const answer = await call('POST', '/v1/operations', payload, operationId);
      return outcomeOf(wanted, answer, receiptKeyOf);
    });
  };

  return {
    freeze: ({ operationId, accountId, scopes, generation, caseNumber }) =>
      command({ kind: 'freeze', operationId, accountId, scopes, generation, caseNumber }),
    release: ({ operationId, accountId, scopes, generation, caseNumber }) =>
      command({ kind: 'release', operationId, accountId, scopes, generation, caseNumber }),
    remedy: ({ operationId, accountId, kind, caseNumber }) => command({ kind, operationId, accountId, caseNumber }),
    readOperation: (wanted) =>
      settle(wanted.operationId, async () => {
        const answer = await call('GET', `/v1/operations/${encodeURIComponent(wanted.operationId)}`);
        return refusalOf(answer) === 'operation_unknown' ? null : outcomeOf(wanted, answer, receiptKeyOf);
      }),
    redeemLinkCode: (code, operationId) =>
      asked(() => call('POST', '/v1/link-codes/redemptions', { code }, operationId), replies.accountRefShape),
    findAccount: async (by) => {
      const found = await reach(() => call('POST', '/v1/accounts/search', by));
      return refusalOf(found) === 'account_unknown' ? null : understood(found, replies.accountRefShape);
    },
    recentActivity: (accountId) =>
      asked<Activity>(
        () => call('GET', `/v1/accounts/${encodeURIComponent(accountId)}/activity`),
        replies.activityShape,
      ),
    accountState: (accountId) =>
      asked<AccountState>(
        () => call('GET', `/v1/accounts/${encodeURIComponent(accountId)}`),
        replies.accountStateShape,
      ),
    notifyOwner: async ({ operationId, accountId, texts }) => {
      const answer = await reach(() => call('POST', '/v1/messages', { accountId, texts }, operationId));
      if (answer.status !== 200) throw readProblem(answer);
    },
  };
}

type ReceiptKeyOf = (keyId: string) => Promise<KeyObject | undefined>;

/** The exchange's receipt keys by id; asked for once, and again when a receipt names one that is not known yet. */
function receiptKeys(call: Call, secret: Uint8Array): ReceiptKeyOf {
  const known = new Map<string, KeyObject>();
  return async (keyId) => {
    const cached = known.get(keyId);
    if (cached) return cached;
    const { body } = await call('GET', '/v1/receipt-key');
    const reply = replies.readReply<{ keyId: string; publicKey: string; introduction: string }>(
      replies.receiptKeyShape,
      body,
    );
    const key = reply && introducedKey(reply, secret);
    if (reply && key) known.set(reply.keyId, key);
    return known.get(keyId);
  };
}

async function outcomeOf(command: Command, answer: Answer, receiptKeyOf: ReceiptKeyOf): Promise<Outcome> {
  const { operationId } = command;
  if (answer.status >= 400) {
    const code = refusalOf(answer);
    // A refusal counts only in the exchange's own words: a gateway's 404 says nothing of what happened behind it.
    return code
      ? { state: 'refused', operationId, code }
      : { state: 'unconfirmed', operationId, reason: 'answer_invalid' };
  }
  const operation = replies.readReply<{ receipt: Receipt }>(replies.operationShape, answer.body);
  if (!operation) return { state: 'unconfirmed', operationId, reason: 'answer_invalid' };
  const { receipt } = operation;
  const key = await receiptKeyOf(receipt.keyId);
  if (!key || !isSigned(receipt, key) || !answersCommand(receipt, command))
    return { state: 'unconfirmed', operationId, reason: 'receipt_invalid' };
  if (receipt.missing.length === 0) return { state: 'confirmed', operationId, receipt };
  const [applied, missing] = [receipt.applied as readonly Scope[], receipt.missing as readonly Scope[]];
  return { state: 'partial', operationId, receipt, applied, missing };
}

/** Turns a missing answer into `unconfirmed`. */
async function settle<T>(operationId: string, work: () => Promise<T>): Promise<T | Outcome> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NoAnswer) return { state: 'unconfirmed', operationId, reason: error.reason };
    throw error;
  }
}

async function asked<T>(work: () => Promise<Answer>, shape: Joi.ObjectSchema): Promise<T> {
  return understood<T>(await reach(work), shape);
}

async function reach(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof NoAnswer ? accountProblem('exchange_unavailable', { cause: error }) : error;
  }
}

function understood<T>(answer: Answer, shape: Joi.ObjectSchema): T {
  const reply = answer.status === 200 ? replies.readReply<T>(shape, answer.body) : undefined;
  if (reply === undefined) throw readProblem(answer);
  return reply;
}

function readProblem(answer: Answer): Error {
  const code = refusalOf(answer);
  if (code === 'account_unknown') return accountProblem('account_unknown');
  if (code === 'link_code_invalid' || code === 'key_reused') return accountProblem('link_code_invalid');
  return accountProblem('exchange_unavailable');
}

const refusalOf = ({ status, body }: Answer): string | undefined =>
  status >= 400 ? replies.readReply<{ code: string }>(replies.problemShape, body)?.code : undefined;
