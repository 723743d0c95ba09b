import { linkAccount } from '../identity/index.js';
import { routeFor } from '../kernel/route.js';
import { checkUp } from './check-up.js';
import type { AccountsContext } from './context.js';
import { limitLinking } from './limit-linking.js';
import { ownAccount } from './own-account.js';
import { redeemLinkCode } from './redeem-link-code.js';
import { accountReply, activityReply, checkUpReply, linkBody, linkReply } from './schema.js';
import { accountView, activityView } from './view.js';

const route = routeFor<AccountsContext>();

export const linkAccountRoute = route({
  id: 'linkAccount',
  method: 'post',
  path: '/api/account/link',
  tag: 'account',
  summary: 'Link the exchange account that a link code stands for, for good',
  access: 'signed-in',
  before: [limitLinking],
  body: linkBody,
  reply: linkReply,
  errors: ['link_code_invalid', 'account_linked', 'exchange_unavailable'],
  idempotent: true,
  handle: async (ctx, { body, actor, act }) => {
    const { accountId, uid } = await redeemLinkCode(ctx, actor, body.linkCode);
    return act(async (tx) => {
      await linkAccount(tx, actor.id, accountId);
      return { accountId, uid };
    });
  },
});

export const showAccountRoute = route({
  id: 'showAccount',
  method: 'get',
  path: '/api/account',
  tag: 'account',
  summary: 'The own exchange account, as the exchange has it now',
  access: 'signed-in',
  reply: accountReply,
  errors: ['account_not_linked', 'account_unknown', 'exchange_unavailable'],
  handle: async (ctx, { actor }) => accountView(await ctx.exchange.accountState(await ownAccount(ctx, actor))),
});

export const listActivityRoute = route({
  id: 'listAccountActivity',
  method: 'get',
  path: '/api/account/activity',
  tag: 'account',
  summary: 'Recent trades, withdrawals and sign-ins of the own exchange account',
  access: 'signed-in',
  reply: activityReply,
  errors: ['account_not_linked', 'account_unknown', 'exchange_unavailable'],
  handle: async (ctx, { actor }) => activityView(await ctx.exchange.recentActivity(await ownAccount(ctx, actor))),
});

export const checkUpRoute = route({
  id: 'checkUp',
  method: 'get',
  path: '/api/me/check-up',
  tag: 'account',
  summary: 'What the own security hangs on, here and at the exchange, and what to do next',
  access: 'signed-in',
  reply: checkUpReply,
  errors: ['person_not_found'],
  handle: async (ctx, { actor }) => checkUp(ctx, actor),
});

export const accountRoutes = [linkAccountRoute, showAccountRoute, listActivityRoute, checkUpRoute];
