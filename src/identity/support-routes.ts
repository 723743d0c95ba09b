import Joi from 'joi';
import { routeFor } from '../kernel/route.js';
import type { IdentityContext } from './context.js';
import { recognise } from './recognise.js';
import { makeSupportCode } from './support-code.js';
import { supportCodeBody, supportCodeReply, supportCodeView } from './support-schema.js';

const route = routeFor<IdentityContext>();

export const makeSupportCodeRoute = route({
  id: 'makeOwnSupportCode',
  method: 'post',
  path: '/api/me/support-codes',
  tag: 'identity',
  summary: 'A number to read to our staff when you call them, so that they recognise you',
  access: 'signed-in',
  idempotent: true,
  status: 201,
  reply: supportCodeReply,
  handle: (ctx, { actor, act }) =>
    act(async (tx) => supportCodeView(await makeSupportCode(tx, ctx, { speaker: 'customer', personId: actor.id }))),
});

export const checkSupportCodeRoute = route({
  id: 'checkStaffSupportCode',
  method: 'post',
  path: '/api/me/support-code-checks',
  tag: 'identity',
  summary: 'Check the number of somebody who calls in our name: whether they are our staff, and which case it is about',
  access: 'signed-in',
  idempotent: true,
  body: supportCodeBody,
  reply: Joi.object({
    caseNumber: Joi.string().required().description('The case that the call is about'),
  }),
  errors: ['support_code_refused', 'too_many_requests'],
  handle: (ctx, input) => {
    const given = { speaker: 'staff', personId: input.actor.id, code: input.body.code } as const;
    return recognise(ctx, input, given, async (_tx, { caseNumber = '' }) => ({ caseNumber }));
  },
});
