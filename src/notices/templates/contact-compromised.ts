import Joi from 'joi';
import { caseNumber, instant } from '../params.js';
import { template } from '../words.js';

interface Params {
  kind: 'email' | 'phone';
  caseNumber?: string;
  at?: string;
}

/** Goes to the customer's other contact points; holds no link, since a thief may read it. */
export const contactCompromised = template<Params>({
  name: 'contact-compromised',
  harmless: true,
  params: Joi.object({ kind: Joi.string().valid('email', 'phone').required(), caseNumber, at: instant }),
  text: {
    'zh-CN': (p, say) => {
      const contact = p.kind === 'email' ? '邮箱地址' : '电话号码';
      return {
        subject: `您的一个${contact}不再被信任`,
        body: [
          `您登记的一个${contact}${p.at ? `在 ${say.when(p.at)}` : ''}被标记为可能已落入他人手中${p.caseNumber ? `（案件 ${p.caseNumber}）` : ''}。`,
          '从现在起，它不能用来证明您的身份，我们也不会再向它发送任何链接。',
          '请登录并登记一个新的联系方式。如果您认为标记有误，请在登录后告诉我们。',
        ],
      };
    },
    en: (p, say) => {
      const contact = p.kind === 'email' ? 'An e-mail address' : 'A phone number';
      return {
        subject: 'One of your contact points is no longer trusted',
        body: [
          `${contact} of yours was marked${p.at ? ` on ${say.when(p.at)}` : ''} as possibly being in somebody else's hands${p.caseNumber ? ` (case ${p.caseNumber})` : ''}.`,
          'From now on it cannot prove who you are, and we will send no links to it.',
          'Please sign in and register a new one. If you think the mark is a mistake, tell us after signing in.',
        ],
      };
    },
  },
});
