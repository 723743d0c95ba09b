import Joi from 'joi';
import { type AnyRoute, routeFor } from '../kernel/route.js';
import { type BreakGlass, openBreakGlasses } from './break-glass.js';
import type { CaseContext } from './context.js';
import { caseNumbered, endBreakGlass, openBreakGlass } from './open-break-glass.js';
import { REASON_MAX } from './words.js';

const route = routeFor<CaseContext>();

const instant = Joi.string().isoDate();

const shape = Joi.object({
  breakGlassId: Joi.string().required().description('Id of the break-glass'),
  caseId: Joi.string().required().description('Case whose evidence it opens, to this session'),
  caseNumber: Joi.string().required().description('Number of that case'),
  openedAt: instant.required().description('UTC'),
  expiresAt: instant.required().description('When it closes by itself, UTC'),
});

const openBody = Joi.object<{ caseNumber: string; reason: string }>({
  caseNumber: Joi.string().max(40).required().description('As people say it'),
  reason: Joi.string().min(20).max(REASON_MAX).required().description('Why; in whole sentences'),
});

const glassParams = Joi.object<{ breakGlassId: string }>({
  breakGlassId: Joi.string()
    .pattern(/^glass_[0-9a-f]{24}$/)
    .required()
    .description('Id of the break-glass'),
});

const view = ({ _id, caseId, caseNumber, openedAt, expiresAt }: BreakGlass) => ({
  breakGlassId: _id,
  caseId,
  caseNumber,
  openedAt: openedAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
});

/** The only way of an admin to evidence. */
export const breakGlassRoutes: readonly AnyRoute<CaseContext>[] = [
  route({
    id: 'openBreakGlass',
    method: 'post',
    path: '/api/break-glass',
    tag: 'people',
    summary: 'Open the evidence of one case to an admin for 30 minutes; everybody on the case is told',
    access: { permission: 'break-glass.open' },
    stepUp: {
      subject: async (ctx, { body }) => {
        const { _id: caseId, number: about } = await caseNumbered(ctx.db, body.caseNumber);
        return { caseId, about };
      },
      confirms: ({ about }) => ({
        'zh-CN': `紧急查看案件 ${about} 的证据 30 分钟；案件的所有相关人员都会收到通知`,
        en: `open the evidence of case ${about} in an emergency, for 30 minutes; everybody on the case is told`,
      }),
    },
    idempotent: true,
    body: openBody,
    status: 201,
    reply: shape,
    errors: ['case_not_found', 'own_case', 'break_glass_open', 'step_up_required'],
    handle: (ctx, { body, act }) => act(async (tx) => view(await openBreakGlass(tx, ctx, body))),
  }),
  route({
    id: 'listBreakGlass',
    method: 'get',
    path: '/api/break-glass',
    tag: 'people',
    summary: 'What this session of an admin has opened by break-glass',
    access: { permission: 'break-glass.open' },
    reply: Joi.object({ open: Joi.array().items(shape).required().description('Oldest first') }),
    handle: async (ctx, { actor, db }) => ({
      open: (await openBreakGlasses(db, actor, ctx.clock.now())).map(view),
    }),
  }),
  route({
    id: 'endBreakGlass',
    method: 'delete',
    path: '/api/break-glass/:breakGlassId',
    tag: 'people',
    summary: 'Close a break-glass before its time',
    access: { permission: 'break-glass.open' },
    params: glassParams,
    errors: ['break_glass_not_found'],
    handle: (_ctx, { params, act }) => act((tx) => endBreakGlass(tx, params.breakGlassId)),
  }),
];
