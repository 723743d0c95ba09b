import { randomBytes } from 'node:crypto';
import express, { type Router } from 'express';
import type { Exchange } from './exchange.js';
import type { Failure } from './failures.js';
import { issueLinkCode } from './link-codes.js';
import { Refusal } from './refusal.js';
import { sampleActivity } from './sample-activity.js';
import { activityShape, attemptShape, failuresShape, linkCodeShape, openAccountShape, read } from './shapes.js';
import type { Account, ApiKey, Scope, Session, WithdrawalAddress } from './words.js';

type Activity = Pick<Account, 'trades' | 'withdrawals' | 'signIns'>;
type OpenAccount = Activity & {
  accountId?: string;
  uid?: string;
  email: string;
  balances: Account['balances'];
  apiKeys: Omit<ApiKey, 'revokedAt'>[];
  sessions: Omit<Session, 'revokedAt'>[];
  withdrawalAddresses: WithdrawalAddress[];
  sample: boolean;
};

const LOOPBACK = /^(::ffff:)?127\.|^::1$/;
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * The puppeteer's door: opens accounts, makes things happen to them, sets failure switches, reads the ledger.
 *
 * Only for programs on the same machine. JSON bodies and a loopback Host are demanded, so that no web page in a browser on
 * that machine can reach it (a cross-site JSON request needs a preflight, which is never answered).
 */
export function adminApi(exchange: Exchange): Router {
  const router = express.Router();
  router.use((request, _response, next) => {
    const near = LOOPBACK.test(request.socket.remoteAddress ?? '') && LOOPBACK_HOST.test(request.get('host') ?? '');
    if (!near || (request.method === 'POST' && !request.is('json'))) throw new Refusal('not_loopback');
    next();
  });
  router.use(express.json({ limit: '1mb' }));
  router.post('/accounts', (request, response) => {
    const account = newAccount(read<OpenAccount>(openAccountShape, request.body), exchange.now());
    if (exchange.state.accounts.has(account.accountId)) throw new Refusal('account_exists');
    exchange.commit({ type: 'account_opened', account });
    response.status(201).json(account);
  });
  router.get('/accounts/:accountId', (request, response) => {
    response.json(exchange.account(request.params.accountId));
  });
  router.post('/accounts/:accountId/activity', (request, response) => {
    const { accountId } = exchange.account(request.params.accountId);
    exchange.commit({ type: 'activity_added', accountId, ...read<Activity>(activityShape, request.body) });
    response.status(201).json(exchange.account(accountId));
  });
  router.post('/accounts/:accountId/link-codes', (request, response) => {
    const { minutes } = read<{ minutes: number }>(linkCodeShape, request.body);
    const { code, expiresAt } = issueLinkCode(exchange, request.params.accountId, minutes);
    response.status(201).json({ code, expiresAt });
  });
  // Whether somebody signed in as the owner could do this now: shows what a freeze stops.
  router.post('/accounts/:accountId/attempts', (request, response) => {
    const { scope } = read<{ scope: Scope }>(attemptShape, request.body);
    response.json({ scope, allowed: exchange.account(request.params.accountId).frozen[scope] === undefined });
  });
  router.get('/ledger', (_request, response) => {
    response.json({ effects: exchange.state.ledger });
  });
  router.get('/operations', (_request, response) => {
    response.json({ operations: [...exchange.state.operations.values()] });
  });
  router
    .route('/failures')
    .get((_request, response) => {
      response.json({ failures: exchange.failures.list() });
    })
    .put((request, response) => {
      const { failures } = read<{ failures: Failure[] }>(failuresShape, request.body);
      exchange.failures.set(failures);
      response.json({ failures });
    })
    .delete((_request, response) => {
      exchange.failures.set([]);
      response.status(204).end();
    });
  return router;
}

function newAccount(wanted: OpenAccount, now: Date): Account {
  const accountId = wanted.accountId ?? `acct-${randomBytes(8).toString('hex')}`;
  const live = <T>(list: readonly T[]) => list.map((one) => ({ ...one, revokedAt: null }));
  const sample = wanted.sample ? sampleActivity(accountId, now) : undefined;
  const or = <T>(given: T[], otherwise: T[] | undefined) => (given.length > 0 ? given : (otherwise ?? []));
  return {
    accountId,
    uid: wanted.uid ?? `${randomBytes(4).readUInt32BE()}`,
    email: wanted.email,
    generation: 0,
    frozen: {},
    messages: [],
    balances: or(wanted.balances, sample?.balances),
    trades: or(wanted.trades, sample?.trades),
    withdrawals: or(wanted.withdrawals, sample?.withdrawals),
    signIns: or(wanted.signIns, sample?.signIns),
    apiKeys: or(live(wanted.apiKeys), sample?.apiKeys),
    sessions: or(live(wanted.sessions), sample?.sessions),
    withdrawalAddresses: or(wanted.withdrawalAddresses, sample?.withdrawalAddresses),
  };
}
