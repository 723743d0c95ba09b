import Joi from 'joi';
import { LOCALES, type Locale } from '../kernel/locale.js';
import { routeFor } from '../kernel/route.js';
import { askPasswordReset } from './ask-password-reset.js';
import { changePassword } from './change-password.js';
import type { IdentityContext } from './context.js';
import { typedRecoveryCode } from './factors/schema.js';
import { type NewPassword, resetPassword } from './reset-password.js';
import { emailAddress, signedLinkToken } from './schema.js';
import { PASSWORD_MAX } from './words.js';

const route = routeFor<IdentityContext>();

const password = Joi.string().min(1).max(PASSWORD_MAX);
const newPassword = password.required().description('The new password: at least 12 characters, not a common one');
const NEW_PASSWORD_ERRORS = ['password_too_short', 'password_too_common', 'too_many_requests'] as const;

export const changePasswordRoute = route({
  id: 'changePassword',
  method: 'post',
  path: '/api/me/password',
  tag: 'identity',
  summary:
    'Change the password, with the present one and, where there is a second factor, re-verified; all other sessions end',
  access: 'signed-in',
  stepUp: {
    optional: true, // for those without a second factor
    confirms: () => ({ 'zh-CN': '更改您的登录密码', en: 'change the password you sign in with' }),
  },
  idempotent: true,
  body: Joi.object<{ present: string; password: string }>({
    present: password.required().description('The present password'),
    password: newPassword,
  }),
  errors: ['step_up_required', 'password_refused', 'sign_in_again', ...NEW_PASSWORD_ERRORS],
  handle: (ctx, input) => changePassword(ctx, input, input.body),
});

export const askPasswordResetRoute = route({
  id: 'askPasswordReset',
  method: 'post',
  path: '/api/password-resets',
  tag: 'identity',
  summary: 'Ask for a new password; a mail says how to go on',
  access: 'public',
  idempotent: true,
  body: Joi.object<{ email: string; locale: Locale }>({
    email: emailAddress.required().description('Address one signs in with'),
    locale: Joi.string()
      .valid(...LOCALES)
      .default('zh-CN')
      .description('Language to write in where nobody is known'),
  }),
  status: 202,
  reply: Joi.object({
    next: Joi.string().valid('check-mail').required().description('The same for known and unknown addresses'),
  }),
  errors: ['too_many_requests'],
  handle: (ctx, input) => askPasswordReset(ctx, input, input.body),
});

export const resetPasswordRoute = route({
  id: 'resetPassword',
  method: 'post',
  path: '/api/password-resets/completions',
  tag: 'identity',
  summary: 'Set a new password with the link that was mailed and a second factor; all sessions end',
  access: 'public',
  idempotent: true,
  body: Joi.object<NewPassword>({
    token: signedLinkToken(48).required().description('What stands behind # in the link that was mailed'),
    password: newPassword,
    code: Joi.string()
      .pattern(/^\d{6}$/)
      .description('Six digits of the authenticator: the mailbox alone gets nobody in'),
    recoveryCode: typedRecoveryCode.description('In place of the six digits'),
  }),
  errors: [
    'link_refused',
    'reset_needs_staff',
    'password_refused',
    'code_refused',
    'recovery_code_refused',
    'factor_locked',
    'second_factor_required',
    ...NEW_PASSWORD_ERRORS,
  ],
  handle: (ctx, input) => resetPassword(ctx, input, input.body),
});
