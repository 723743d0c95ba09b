import { routeFor } from '../../kernel/route.js';
import { answerByRecoveryCode } from '../answer-reverification.js';
import type { IdentityContext } from '../context.js';
import { deliverSession } from '../deliver-session.js';
import { answerReply, enrolReply, reverificationParams, sessionReply } from '../schema.js';
import { passWithRecoveryCode } from './pass-with-recovery-code.js';
import { renewRecoveryCodes } from './renew-recovery-codes.js';
import { replaceTotp } from './replace-totp.js';
import { recoveryAnswerBody, recoveryCodesReply, recoverySignInBody } from './schema.js';

const route = routeFor<IdentityContext>();
const RECOVERY_ERRORS = ['recovery_code_refused', 'too_many_requests'] as const;

export const replaceTotpRoute = route({
  id: 'replaceTotp',
  method: 'post',
  path: '/api/me/totp/replacements',
  tag: 'identity',
  summary: 'Begin to set up another authenticator; the present one counts until a code of the new one is confirmed',
  access: 'signed-in',
  stepUp: {
    confirms: () => ({
      'zh-CN': '为您的账号设置新的身份验证器，并替换现有的（如有）',
      en: 'set up a new authenticator, which takes the place of any you have',
    }),
  },
  idempotent: true,
  status: 201,
  reply: enrolReply,
  errors: ['younger_factor', 'person_not_found'],
  handle: (ctx, input) => replaceTotp(ctx, input),
});

export const renewRecoveryCodesRoute = route({
  id: 'renewRecoveryCodes',
  method: 'post',
  path: '/api/me/recovery-codes',
  tag: 'identity',
  summary: 'Make ten new recovery codes; those before are void',
  access: 'signed-in',
  stepUp: {
    confirms: () => ({
      'zh-CN': '生成十个新的恢复码，原有的恢复码立即作废',
      en: 'make ten new recovery codes, which voids those you have',
    }),
  },
  idempotent: true,
  status: 201,
  reply: recoveryCodesReply,
  errors: ['younger_factor', 'person_not_found'],
  handle: (ctx, { act }) => act((tx, proof) => renewRecoveryCodes(tx, ctx, proof)),
});

export const recoverySignInRoute = route({
  id: 'passRecoveryCode',
  method: 'post',
  path: '/api/sessions/recovery-code',
  tag: 'identity',
  summary: 'Finish signing in with a recovery code in place of the second factor',
  access: 'public',
  idempotent: true,
  body: recoverySignInBody,
  reply: sessionReply,
  errors: ['ticket_refused', ...RECOVERY_ERRORS],
  handle: (ctx, input) => deliverSession(ctx, input, () => passWithRecoveryCode(ctx, input, input.body)),
});

export const answerByRecoveryCodeRoute = route({
  id: 'answerReverificationByRecoveryCode',
  method: 'post',
  path: '/api/reverifications/:reverificationId/recovery-code-answers',
  tag: 'identity',
  summary: 'Answer with a recovery code, which is used up',
  access: 'signed-in',
  idempotent: true,
  params: reverificationParams,
  body: recoveryAnswerBody,
  reply: answerReply,
  errors: ['reverification_not_found', ...RECOVERY_ERRORS],
  handle: (ctx, input) => answerByRecoveryCode(ctx, input, { ...input.params, ...input.body }),
});
