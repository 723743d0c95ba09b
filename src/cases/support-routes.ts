import Joi from 'joi';
import { makeSupportCode, recognise, supportCodeBody, supportCodeReply, supportCodeView } from '../identity/index.js';
import type { Actor } from '../kernel/actor.js';
import type { Where } from '../kernel/mongo.js';
import { type AnyRoute, routeFor } from '../kernel/route.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { subjectOf } from './notify.js';
import { caseProblem } from './problems.js';
import * as shape from './request-shapes.js';
import type { CaseDoc } from './words.js';

const route = routeFor<CaseContext>();

const ON_CASE = {
  method: 'post',
  tag: 'cases',
  access: { permission: 'case.work' },
  idempotent: true,
  params: shape.caseParams,
} as const;

/** How staff and the customer of a case recognise each other on the telephone; verifying who they are is another matter. */
export const supportRoutes: readonly AnyRoute<CaseContext>[] = [
  route({
    ...ON_CASE,
    id: 'makeSupportCode',
    path: '/api/cases/:caseId/support-codes',
    summary: 'A number to read out when you call the customer, who can check that you are staff',
    status: 201,
    reply: supportCodeReply,
    errors: ['case_not_found', 'own_case', 'nobody_to_verify'],
    handle: (ctx, { params, actor, act }) =>
      act(async (tx) => {
        const { doc, personId } = await customerOf(tx, actor, params.caseId);
        const about = { caseId: doc._id, caseNumber: doc.number };
        return supportCodeView(await makeSupportCode(tx, ctx, { speaker: 'staff', personId, about }));
      }),
  }),
  route({
    ...ON_CASE,
    id: 'checkSupportCode',
    path: '/api/cases/:caseId/support-code-checks',
    summary: 'Check the number of a caller: whether they are signed in as the customer of this case',
    body: supportCodeBody,
    reply: Joi.object({
      recognised: Joi.valid(true).required().description('It is; that is no proof of identity'),
    }),
    errors: ['case_not_found', 'own_case', 'nobody_to_verify', 'support_code_refused', 'too_many_requests'],
    handle: async (ctx, input) => {
      const { params, actor, body } = input;
      const { doc, personId } = await customerOf(ctx.db, actor, params.caseId);
      const given = { speaker: 'customer', personId, code: body.code, caseId: doc._id } as const;
      return recognise(ctx, input, given, async () => ({ recognised: true }));
    },
  }),
];

/** @throws Problem `case_not_found` · `own_case` · `nobody_to_verify` (an anonymous reporter has no sign-in) */
async function customerOf(where: Where, actor: Actor, caseId: string): Promise<{ doc: CaseDoc; personId: string }> {
  const doc = await caseForStaff(where, actor, caseId);
  const subject = await subjectOf(where, doc);
  if (!subject) throw caseProblem('nobody_to_verify');
  return { doc, personId: subject._id };
}
