import Joi from 'joi';
import type { MadeSupportCode } from './support-code.js';

export const supportCodeBody = Joi.object<{ code: string }>({
  code: Joi.string()
    .pattern(/^\d{8}$/)
    .required()
    .description('The eight digits that were read out'),
});

export const supportCodeReply = Joi.object({
  code: Joi.string().required().description('Eight digits, good once; the one before is void'),
  expiresAt: Joi.string().isoDate().required().description('UTC'),
  use: Joi.object({
    'zh-CN': Joi.string().required().description('Simplified Chinese'),
    en: Joi.string().required().description('English'),
  })
    .required()
    .description('What it is good for, to be shown with it'),
});

export const supportCodeView = ({ code, expiresAt, use }: MadeSupportCode) => ({
  code,
  expiresAt: expiresAt.toISOString(),
  use,
});
