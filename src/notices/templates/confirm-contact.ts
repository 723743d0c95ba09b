import Joi from 'joi';
import { instant, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  link: string;
  expiresAt?: string;
}

export const confirmContact = template<Params>({
  name: 'confirm-contact',
  params: Joi.object({ link: link.required(), expiresAt: instant }),
  text: {
    'zh-CN': (p, say) => ({
      subject: '请确认这个邮箱地址',
      body: [
        '有人把这个邮箱地址添加为其账户的联系方式，多半就是您。',
        '请打开下面的链接并按下按钮，确认这个邮箱由您使用：',
        { link: p.link, label: '确认这个地址' },
        p.expiresAt && `链接只能使用一次，有效期至 ${say.when(p.expiresAt)}。`,
        '如果不是您添加的，请不要打开链接，也不需要做任何事：没有确认，它就不会收到任何通知。',
      ],
    }),
    en: (p, say) => ({
      subject: 'Please confirm this e-mail address',
      body: [
        'Somebody added this e-mail address to how they can be reached, most likely you.',
        'Open the link below and press the button to confirm that this mailbox is yours:',
        { link: p.link, label: 'Confirm the address' },
        p.expiresAt && `The link works once, until ${say.when(p.expiresAt)}.`,
        'If it was not you, do not open the link. There is nothing else to do: unless it is confirmed, it receives nothing.',
      ],
    }),
  },
});
