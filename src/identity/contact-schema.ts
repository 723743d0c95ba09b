import Joi from 'joi';
import { contactPointReply, id, password, signedLinkToken } from './schema.js';
import { CONTACT_KINDS, type ContactKind } from './words.js';

const text = Joi.object({
  'zh-CN': Joi.string().required().description('Simplified Chinese'),
  en: Joi.string().required().description('English'),
});

const passwordAgain = password.description('Asked of those who have no second factor to re-verify with');

export const contactPointBody = Joi.object<{ kind: ContactKind; value: string; password?: string }>({
  kind: Joi.string()
    .valid(...CONTACT_KINDS)
    .required()
    .description('Kind'),
  value: Joi.string()
    .pattern(/^(\+[1-9]\d{6,14}|[^\s@]{1,64}@[^\s@]{1,189})$/)
    .max(254)
    .required()
    .description('E.164 with + and country code, or an e-mail address'),
  password: passwordAgain,
});

export const contactPointParams = Joi.object<{ contactPointId: string }>({
  contactPointId: id.required().description('Id of the contact point'),
});

export const contactCodeBody = Joi.object<{ code: string }>({
  code: Joi.string()
    .pattern(/^\d{6}$/)
    .required()
    .description('The six digits of the text message'),
});

export const contactLinkBody = Joi.object<{ token: string }>({
  token: signedLinkToken(48).required().description('What stands behind # in the link that was mailed'), // 36 bytes, base64url
});

export const markedReply = Joi.object({
  contactPoint: contactPointReply.required().description('The contact point as it is now'),
  follows: Joi.array().items(text).required().description('What follows from it at once, to be shown as it is'),
});

export const mailWordBody = Joi.object<{ word: string; password?: string }>({
  word: Joi.string().max(60).required().description('Letters, digits and single spaces; 4 to 30 of them, 2 in Chinese'),
  password: passwordAgain,
});

export const mailWordReply = Joi.object({
  setAt: Joi.string().isoDate().required().description('Since when mails show it, UTC'),
});
