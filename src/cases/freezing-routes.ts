import { accountVersion } from '../accounts/index.js';
import { type AnyRoute, routeFor } from '../kernel/route.js';
import { onTheAccount, REFUSALS, shown, staffAct } from './acting.js';
import { cancelHold, ownHold } from './cancel-hold.js';
import type { CaseContext } from './context.js';
import { extendFreeze } from './extend-freeze.js';
import { freezeCase } from './freeze-case.js';
import * as shape from './request-shapes.js';
import { retryFreeze } from './retry-freeze.js';
import { waiveFreeze } from './waive-freeze.js';

const route = routeFor<CaseContext>();

/** What freezes an account, and what decides that nothing need be frozen. */
export const freezingRoutes: readonly AnyRoute<CaseContext>[] = [
  route({
    ...staffAct,
    id: 'freezeAccount',
    path: '/api/cases/:caseId/freezes',
    summary: 'Freeze the account; an agent for a day at most',
    access: { permission: 'case.freeze' },
    body: shape.freezeBody,
    status: 202,
    errors: [...REFUSALS, 'no_account', 'too_long', 'analyst_needed'],
    stepUp: {
      ...onTheAccount,
      confirms: ({ about, body: { hours } }) =>
        hours === undefined
          ? { 'zh-CN': `冻结案件 ${about} 的账户`, en: `freeze the account of case ${about}` }
          : {
              'zh-CN': `冻结案件 ${about} 的账户 ${hours} 小时`,
              en: `freeze the account of case ${about} for ${hours} hours`,
            },
    },
    handle: async (ctx, { params, body, act }) => act((tx) => shown(tx, ctx, freezeCase(tx, ctx, params.caseId, body))),
  }),
  route({
    ...staffAct,
    id: 'retryFreeze',
    path: '/api/cases/:caseId/freezes/:freezeId/retries',
    summary: 'Ask the exchange anew for a freeze that is partial, failed or unconfirmed',
    access: { permission: 'case.freeze' },
    params: shape.freezeParams,
    status: 202,
    errors: [...REFUSALS, 'freeze_not_in_case', 'freeze_state_conflict', 'step_up_required'],
    stepUp: {
      ...onTheAccount,
      confirms: ({ about }) => ({
        'zh-CN': `再次要求交易所冻结案件 ${about} 的账户`,
        en: `ask the exchange again to freeze the account of case ${about}`,
      }),
    },
    handle: async (ctx, { params, act }) =>
      act((tx) => shown(tx, ctx, retryFreeze(tx, ctx, params.caseId, params.freezeId))),
  }),
  route({
    ...staffAct,
    id: 'extendFreeze',
    path: '/api/cases/:caseId/freezes/:freezeId/extensions',
    summary: 'Keep a freeze for longer',
    access: { permission: 'freeze.extend' },
    params: shape.freezeParams,
    body: shape.extensionBody,
    errors: ['case_not_found', 'own_case', 'freeze_not_in_case', 'too_long', 'freeze_state_conflict'],
    stepUp: {
      ...onTheAccount,
      confirms: ({ about, body }) => ({
        'zh-CN': `案件 ${about} 的账户从现在起再冻结 ${body.hours} 小时`,
        en: `keep the account of case ${about} frozen for ${body.hours} hours from now`,
      }),
    },
    handle: async (ctx, { params, body, act }) =>
      act((tx) => shown(tx, ctx, extendFreeze(tx, ctx, params.caseId, params.freezeId, body))),
  }),
  route({
    ...staffAct,
    id: 'waiveFreeze',
    path: '/api/cases/:caseId/freeze-waiver',
    summary: 'Decide that no freeze, or no more of one, is needed',
    access: { permission: 'case.freeze' },
    body: shape.reasonBody,
    errors: REFUSALS,
    handle: async (ctx, { params, body, act }) =>
      act((tx) => shown(tx, ctx, waiveFreeze(tx, ctx, params.caseId, body))),
  }),
  route({
    id: 'cancelHold',
    method: 'post',
    path: '/api/holds/:freezeId/cancellation',
    tag: 'cases',
    summary: 'End a hold on the own account, re-verified with a factor that is old enough (FACTOR_AGE_DAYS)',
    access: 'signed-in',
    params: shape.holdParams,
    status: 204,
    errors: ['hold_not_found', 'factor_too_young'],
    stepUp: {
      subject: async (ctx, { params, actor }) => {
        const { hold } = await ownHold(ctx.db, actor, params.freezeId);
        const { caseNumber: about, accountId } = hold;
        return { about, accountId, accountVersion: await accountVersion(ctx.db, accountId) };
      },
      confirms: ({ about }) => ({
        'zh-CN': `取消案件 ${about} 对您账户提现的临时限制`,
        en: `end the hold on withdrawals from your account (case ${about})`,
      }),
    },
    idempotent: true,
    handle: async (ctx, { params, act }) => act((tx, proof) => cancelHold(tx, ctx, params.freezeId, proof)),
  }),
];
