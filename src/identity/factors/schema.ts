import Joi from 'joi';
import { REFRESH_IN, type RefreshIn } from '../view.js';

export const typedRecoveryCode = Joi.string().pattern(/^[0-9A-Za-z][0-9A-Za-z -]{22,38}$/);

const recoveryCode = typedRecoveryCode.required().description('One of the ten; gaps and small letters are all one');

export const recoverySignInBody = Joi.object<{ ticket: string; recoveryCode: string; refreshIn: RefreshIn }>({
  ticket: Joi.string()
    .pattern(/^[\w.-]+$/)
    .max(2_048)
    .required()
    .description('From the first step'),
  recoveryCode,
  refreshIn: Joi.string()
    .valid(...REFRESH_IN)
    .default('cookie')
    .description('Where the refresh token goes: a cookie that scripts cannot read, or the body'),
});

export const recoveryAnswerBody = Joi.object<{ recoveryCode: string }>({ recoveryCode });

export const recoveryCodesReply = Joi.object({
  recoveryCodes: Joi.array().items(Joi.string()).required().description('Ten recovery codes, shown this once'),
  issuedAt: Joi.string().isoDate().required().description('UTC'),
});
