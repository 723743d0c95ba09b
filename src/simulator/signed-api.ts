import { setTimeout as delay } from 'node:timers/promises';
import express, { type Request, type Response, type Router } from 'express';
import { type Command, decideOperation } from './decide-operation.js';
import { type Exchange, once } from './exchange.js';
import type { Failure } from './failures.js';
import { redeemLinkCode } from './link-codes.js';
import { Refusal } from './refusal.js';
import { refusedSignature, type SignatureCheck } from './request-signature.js';
import { commandShape, messageShape, operationIdShape, read, redemptionShape, searchShape } from './shapes.js';
import type { Account, Call, OwnerMessage } from './words.js';
import { SCOPES } from './words.js';

/** Latest entries of each list that an answer carries. */
const RECENT = 100;

/** The door for the exchange's partner: every request signed, every change under an idempotency key. */
export function signedApi(exchange: Exchange, check: SignatureCheck): Router {
  const router = express.Router();
  router.use(express.raw({ type: () => true, limit: '64kb' }));
  router.use((request, _response, next) => {
    const why = refusedSignature(request, bytesOf(request), check);
    if (why) throw new Refusal('unauthorized', why);
    next();
  });
  router.get('/receipt-key', (_request, response) => {
    const { keyId, publicKey, introduction } = exchange.receiptKey;
    response.json({ keyId, publicKey, introduction });
  });
  router.post('/operations', async (request, response) => {
    const operationId = read<string>(operationIdShape, request.get('idempotency-key'));
    const payload = read<Omit<Command, 'operationId'>>(commandShape, bodyOf(request));
    await answered(exchange, payload.kind, response, (failure) =>
      once(exchange, { operationId, call: payload.kind, payload }, () =>
        decideOperation(
          exchange,
          { operationId, ...payload },
          failure?.fail === 'partial' ? (failure.scopes ?? []) : [],
        ),
      ),
    );
  });
  router.get('/operations/:operationId', async (request, response) => {
    await answered(exchange, 'read_operation', response, () => {
      const found = exchange.state.operations.get(request.params.operationId);
      if (!found) throw new Refusal('operation_unknown');
      return found.answer;
    });
  });
  router.post('/accounts/search', async (request, response) => {
    const wanted = read<{ email?: string; uid?: string }>(searchShape, bodyOf(request));
    await answered(exchange, 'find_account', response, () => {
      for (const { accountId, uid, email } of exchange.state.accounts.values())
        if (uid === wanted.uid || email.toLowerCase() === wanted.email?.toLowerCase()) return { accountId, uid };
      throw new Refusal('account_unknown');
    });
  });
  router.get('/accounts/:accountId', async (request, response) => {
    await answered(exchange, 'read_account', response, () => stateOf(exchange.account(request.params.accountId)));
  });
  router.get('/accounts/:accountId/activity', async (request, response) => {
    await answered(exchange, 'read_activity', response, () => activityOf(exchange.account(request.params.accountId)));
  });
  router.post('/link-codes/redemptions', async (request, response) => {
    const operationId = read<string>(operationIdShape, request.get('idempotency-key'));
    const payload = read<{ code: string }>(redemptionShape, bodyOf(request));
    await answered(exchange, 'redeem_link_code', response, () =>
      once(exchange, { operationId, call: 'redeem_link_code', payload }, () => redeemLinkCode(exchange, payload.code)),
    );
  });
  router.post('/messages', async (request, response) => {
    const operationId = read<string>(operationIdShape, request.get('idempotency-key'));
    const payload = read<{ accountId: string; texts: OwnerMessage['texts'] }>(messageShape, bodyOf(request));
    await answered(exchange, 'notify_owner', response, () =>
      once(exchange, { operationId, call: 'notify_owner', payload }, () => ({
        accountId: exchange.account(payload.accountId).accountId,
        effects: [{ effect: 'owner_notified', subject: operationId }],
        message: { at: exchange.now().toISOString(), operationId, texts: payload.texts },
        answer: { operationId, state: 'confirmed' },
      })),
    );
  });
  return router;
}

/** Does the work and answers, as well as the failure switches let it. */
async function answered(
  exchange: Exchange,
  call: Call,
  response: Response,
  work: (failure: Failure | undefined) => Record<string, unknown>,
): Promise<void> {
  const failure = exchange.failures.next(call);
  if (failure?.fail === 'slow') await delay(failure.ms ?? 1_000, undefined, { ref: false });
  if (failure?.fail === 'timeout_before_commit') return; // the answer never comes; the client or `stop` ends the socket
  if (failure?.fail === 'drop') return void response.socket?.destroy();
  if (failure?.fail === 'error_500') throw new Refusal('internal');
  const answer = work(failure);
  if (failure?.fail === 'timeout_after_commit') return;
  if (failure?.fail === 'drop_after_commit') return void response.socket?.destroy();
  if (failure?.fail === 'error_500_after_commit') throw new Refusal('internal');
  response.json(answer);
}

const bytesOf = (request: Request): Buffer => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));

function bodyOf(request: Request): unknown {
  try {
    return JSON.parse(bytesOf(request).toString('utf8'));
  } catch {
    throw new Refusal('invalid_request', 'body: json');
  }
}

const stateOf = (account: Account): Record<string, unknown> => ({
  accountId: account.accountId,
  uid: account.uid,
  generation: account.generation,
  balances: account.balances,
  scopes: SCOPES.map((scope) => ({ scope, frozen: account.frozen[scope] !== undefined, ...account.frozen[scope] })),
  apiKeys: account.apiKeys,
  sessions: account.sessions,
  withdrawalAddresses: account.withdrawalAddresses ?? [], // a journal from before there were any
});

const activityOf = ({ trades, withdrawals, signIns }: Account): Record<string, unknown> => ({
  trades: recent(trades),
  withdrawals: recent(withdrawals),
  signIns: recent(signIns),
});

const recent = <T extends { time: string }>(list: readonly T[]): T[] =>
  list.toSorted((a, b) => (a.time < b.time ? 1 : -1)).slice(0, RECENT);
