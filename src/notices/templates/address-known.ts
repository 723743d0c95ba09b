import Joi from 'joi';
import { instant } from '../params.js';
import { template } from '../words.js';

interface Params {
  at?: string;
}

/** Goes to the address itself, so that the page that was asked can answer the same for known and unknown addresses. */
export const addressKnown = template<Params>({
  name: 'address-known',
  params: Joi.object({ at: instant }),
  text: {
    'zh-CN': (p, say) => ({
      subject: '有人尝试用您的邮箱地址注册',
      body: [
        `有人${p.at ? `在 ${say.when(p.at)}` : ''}尝试用这个邮箱地址注册，而这个地址早已注册过。`,
        '您的账户没有任何变化，对方也无从得知这个地址是否已注册。',
        '如果是您本人：您已经有账户了，请直接用原来的密码登录。',
        '如果不是您：不需要做任何事。',
      ],
    }),
    en: (p, say) => ({
      subject: 'Somebody tried to register with your e-mail address',
      body: [
        `Somebody tried to register with this e-mail address${p.at ? ` on ${say.when(p.at)}` : ''}. It is registered already.`,
        'Nothing about your account was changed, and whoever tried was not told that the address is known.',
        'If it was you: you have an account already. Sign in with the password you chose.',
        'If it was not you: there is nothing you need to do.',
      ],
    }),
  },
});
