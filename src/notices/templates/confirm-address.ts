import Joi from 'joi';
import { instant, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  link: string;
  expiresAt?: string;
}

export const confirmAddress = template<Params>({
  name: 'confirm-address',
  params: Joi.object({ link: link.required(), expiresAt: instant }),
  text: {
    'zh-CN': (p, say) => ({
      subject: '请确认您的邮箱地址',
      body: [
        '有人用这个邮箱地址注册了账户，多半就是您。',
        '请打开下面的链接，确认这个地址属于您：',
        { link: p.link, label: '确认邮箱地址' },
        p.expiresAt && `链接只能使用一次，有效期至 ${say.when(p.expiresAt)}。`,
        '如果不是您注册的，请不要打开链接，也不需要做任何事：没有确认，注册就不会生效。',
      ],
    }),
    en: (p, say) => ({
      subject: 'Please confirm your e-mail address',
      body: [
        'Somebody registered with this e-mail address, most likely you.',
        'Open the link below to confirm that the address is yours:',
        { link: p.link, label: 'Confirm the address' },
        p.expiresAt && `The link works once, until ${say.when(p.expiresAt)}.`,
        'If it was not you, do not open the link. There is nothing else to do: unless it is confirmed, the registration has no effect.',
      ],
    }),
  },
});
