import type { Exchange, Outcome } from './exchange.js';
import { accountProblem } from './problems.js';

const unconfirmed = async ({ operationId }: { operationId: string }): Promise<Outcome> => ({
  state: 'unconfirmed',
  operationId,
  reason: 'not_configured',
});

const unavailable = async (): Promise<never> => {
  throw accountProblem('exchange_unavailable', { detail: 'No exchange is configured.' });
};

/** Stands where no exchange is configured: freezes stay unconfirmed, in front of staff, and nothing is ever *frozen*. */
export const noExchange: Exchange = {
  freeze: unconfirmed,
  release: unconfirmed,
  remedy: unconfirmed,
  readOperation: unconfirmed,
  redeemLinkCode: unavailable,
  findAccount: unavailable,
  recentActivity: unavailable,
  accountState: unavailable,
  notifyOwner: unavailable,
};
