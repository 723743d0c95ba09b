import Joi from 'joi';
import { instant } from '../params.js';
import { template } from '../words.js';

interface Params {
  at?: string;
}

/**
 * Goes to an address that nobody signs in with, and to one that is in somebody else's hands, in the same words: whoever
 * reads it learns nothing.
 */
export const passwordResetImpossible = template<Params>({
  name: 'password-reset-impossible',
  harmless: true,
  params: Joi.object({ at: instant }),
  text: {
    'zh-CN': (p, say) => ({
      subject: '无法通过这个邮箱设置新密码',
      body: [
        `有人${p.at ? `在 ${say.when(p.at)}` : ''}要求为这个邮箱地址设置新密码。`,
        '通过这个地址不能设置新密码：它不是登录用的地址，或者我们不再向它发送链接。',
        '如果是您本人：请换用您登录时使用的地址，或者联系我们的工作人员。',
        '如果不是您：不需要做任何事。',
      ],
    }),
    en: (p, say) => ({
      subject: 'No new password by way of this address',
      body: [
        `Somebody asked for a new password with this e-mail address${p.at ? ` on ${say.when(p.at)}` : ''}.`,
        'It cannot be set by way of this address: nobody signs in with it, or we do not send links to it any more.',
        'If it was you, use the address you sign in with, or turn to our staff.',
        'If it was not you, there is nothing you need to do.',
      ],
    }),
  },
});
