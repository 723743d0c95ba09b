import Joi from 'joi';
import { instant, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  link: string;
  expiresAt?: string;
}

/** The link is half of what a new password takes; the other half is a second factor, which no mail holds. */
export const passwordReset = template<Params>({
  name: 'password-reset',
  params: Joi.object({ link: link.required(), expiresAt: instant }),
  text: {
    'zh-CN': (p, say) => ({
      subject: '为您的账户设置新密码',
      body: [
        '有人要求为您的账户设置新密码，多半就是您。',
        '请打开下面的链接。除了新密码，您还需要身份验证器上的动态验证码，或者一个恢复码：',
        { link: p.link, label: '设置新密码' },
        p.expiresAt && `链接只能使用一次，有效期至 ${say.when(p.expiresAt)}。`,
        '如果这些都没有，请联系我们的工作人员；核实您的身份之后，我们再帮助您登录。',
        '如果不是您要求的，请不要打开链接，也不要把验证码或恢复码告诉任何人：没有它们，密码不会改变。',
      ],
    }),
    en: (p, say) => ({
      subject: 'Set a new password',
      body: [
        'Somebody asked for a new password to your account, most likely you.',
        'Open the link below. Besides the new password you will need a code from your authenticator app, or one of your recovery codes:',
        { link: p.link, label: 'Set a new password' },
        p.expiresAt && `The link works once, until ${say.when(p.expiresAt)}.`,
        'If you have neither, please turn to our staff: they help you to sign in once they know that it is you.',
        'If it was not you, do not open the link and tell nobody a code: without one the password does not change.',
      ],
    }),
  },
});
