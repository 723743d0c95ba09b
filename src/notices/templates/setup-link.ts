import Joi from 'joi';
import { instant, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  link: string;
  expiresAt?: string;
}

export const setupLink = template<Params>({
  name: 'setup-link',
  params: Joi.object({ link: link.required(), expiresAt: instant }),
  text: {
    'zh-CN': (p, say) => ({
      subject: '请设置您的工作账户',
      body: [
        '管理员为您建立了一个工作账户。',
        '请打开下面的链接，设置密码并绑定身份验证器：',
        { link: p.link, label: '设置账户' },
        p.expiresAt && `链接只能使用一次，有效期至 ${say.when(p.expiresAt)}。`,
        '如果您没有在等这封邮件，请不要打开链接，并告诉您的管理员。',
      ],
    }),
    en: (p, say) => ({
      subject: 'Set up your staff account',
      body: [
        'An administrator has made a staff account for you.',
        'Open the link below to choose a password and set up your authenticator app:',
        { link: p.link, label: 'Set up the account' },
        p.expiresAt && `The link works once, until ${say.when(p.expiresAt)}.`,
        'If you were not expecting this mail, do not open the link, and tell your administrator.',
      ],
    }),
  },
});
