import { accountProblem } from '../accounts/index.js';
import { type AnyRoute, routeFor } from '../kernel/route.js';
import { REFUSALS, shown, staffAct } from './acting.js';
import { addMessage } from './add-message.js';
import { assignCase } from './assign-case.js';
import { caseFor } from './case-for.js';
import type { CaseContext } from './context.js';
import { linkAccountToCase } from './link-account.js';
import * as reply from './reply-shapes.js';
import * as shape from './request-shapes.js';
import { triageCase } from './triage-case.js';
import { messageView } from './view.js';

const route = routeFor<CaseContext>();

/** Everyday work on a case. */
export const workingRoutes: readonly AnyRoute<CaseContext>[] = [
  route({
    ...staffAct,
    id: 'triageCase',
    path: '/api/cases/:caseId/triage',
    summary: 'Say that the report was read and is complete enough to act on',
    access: { permission: 'case.work' },
    body: shape.noteBody,
    errors: REFUSALS,
    handle: async (ctx, { params, body, act }) => act((tx) => shown(tx, ctx, triageCase(tx, ctx, params.caseId, body))),
  }),
  route({
    ...staffAct,
    id: 'assignCase',
    path: '/api/cases/:caseId/assignment',
    summary: 'Give the case to somebody, or to nobody',
    access: { permission: 'case.work' },
    body: shape.assignmentBody,
    errors: ['case_not_found', 'own_case', 'assignee_not_found'],
    handle: async (ctx, { params, body, act }) => act((tx) => shown(tx, ctx, assignCase(tx, params.caseId, body))),
  }),
  route({
    ...staffAct,
    id: 'linkCaseAccount',
    path: '/api/cases/:caseId/account',
    summary: 'Say which account at the exchange the case is about',
    access: { permission: 'case.work' },
    body: shape.accountBody,
    errors: [
      'case_not_found',
      'own_case',
      'account_known',
      'account_of_another',
      'account_unknown',
      'exchange_unavailable',
    ],
    handle: async (ctx, { actor, params, body, act }) => {
      await caseFor(ctx.db, actor, params.caseId);
      const found = await ctx.exchange.findAccount({ uid: body.uid });
      if (!found) throw accountProblem('account_unknown');
      return act((tx) => shown(tx, ctx, linkAccountToCase(tx, params.caseId, found.accountId)));
    },
  }),
  route({
    id: 'addMessage',
    method: 'post',
    path: '/api/cases/:caseId/messages',
    tag: 'cases',
    summary: 'Write to the other side, or a note among staff',
    access: { permission: 'case.read' },
    params: shape.caseParams,
    body: shape.messageBody,
    status: 201,
    reply: reply.messageReply,
    errors: ['case_not_found', 'own_case', 'case_full'],
    idempotent: true,
    handle: async (ctx, { params, body, actor, act }) =>
      act(async (tx) =>
        messageView(
          await addMessage(tx, ctx, params.caseId, body),
          actor.roles.some((role) => role !== 'customer'),
        ),
      ),
  }),
];
