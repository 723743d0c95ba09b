import { routeFor } from '../kernel/route.js';
import { answerByCode } from './answer-reverification.js';
import { askReverification } from './ask-reverification.js';
import { confirmTotp } from './confirm-totp.js';
import type { IdentityContext } from './context.js';
import { enrolTotp } from './enrol-totp.js';
import { identityProblem } from './problems.js';
import {
  answerReply,
  codeBody,
  confirmTotpReply,
  enrolBody,
  enrolReply,
  meReply,
  reverificationBody,
  reverificationParams,
  reverificationReply,
} from './schema.js';
import { readPerson } from './store.js';
import { meView } from './view.js';

const route = routeFor<IdentityContext>();
const PROOF_ERRORS = ['code_refused', 'factor_locked', 'second_factor_required', 'too_many_requests'] as const;

export const meRoute = route({
  id: 'readMe',
  method: 'get',
  path: '/api/me',
  tag: 'identity',
  summary: 'Who is signed in',
  access: 'first-factor',
  reply: meReply,
  errors: ['person_not_found'],
  handle: async (ctx, { actor, db }) => {
    const person = await readPerson(db, actor.id);
    if (!person) throw identityProblem('person_not_found');
    return meView(person, ctx.clock.now(), ctx.config.identity.factorAgeDays);
  },
});

export const enrolTotpRoute = route({
  id: 'enrolTotp',
  method: 'post',
  path: '/api/me/totp',
  tag: 'identity',
  summary: 'Begin to set up an authenticator as the first second factor, with the password again',
  access: 'first-factor',
  idempotent: true,
  body: enrolBody,
  status: 201,
  reply: enrolReply,
  errors: ['password_refused', 'sign_in_again', 'second_factor_set', 'person_not_found', 'too_many_requests'],
  handle: (ctx, input) => enrolTotp(ctx, input, input.body),
});

export const confirmTotpRoute = route({
  id: 'confirmTotp',
  method: 'post',
  path: '/api/me/totp/confirmation',
  tag: 'identity',
  summary: 'Take the new authenticator into use with a code of it',
  access: 'first-factor',
  idempotent: true,
  body: codeBody,
  reply: confirmTotpReply,
  errors: ['enrolment_not_open', 'code_refused', 'too_many_requests'],
  handle: (ctx, input) => confirmTotp(ctx, input, input.body),
});

export const askReverificationRoute = route({
  id: 'askReverification',
  method: 'post',
  path: '/api/reverifications',
  tag: 'identity',
  summary: 'Ask to be re-verified for exactly one act',
  access: 'signed-in',
  idempotent: true,
  body: reverificationBody,
  status: 201,
  reply: reverificationReply,
  errors: ['not_found', 'not_allowed', 'second_factor_required'],
  handle: (ctx, input) => askReverification(ctx, input, input.body),
});

export const answerReverificationRoute = route({
  id: 'answerReverification',
  method: 'post',
  path: '/api/reverifications/:reverificationId/answers',
  tag: 'identity',
  summary: 'Answer with a code; the reply has the token for the act',
  access: 'signed-in',
  idempotent: true,
  params: reverificationParams,
  body: codeBody,
  reply: answerReply,
  errors: ['reverification_not_found', ...PROOF_ERRORS],
  handle: (ctx, input) => answerByCode(ctx, input, { ...input.params, ...input.body }),
});
