import Joi from 'joi';
import { SCOPE_NAMES } from '../names.js';
import { caseNumber, codes, instant, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  /** What the exchange confirmed, never what was merely asked for. */
  scopes: string[];
  confirmedAt?: string;
  expiresAt?: string;
  link?: string;
}

/** The only mail that says frozen: it is sent on the exchange's receipt. */
export const freezeConfirmed = template<Params>({
  name: 'freeze-confirmed',
  params: Joi.object({
    caseNumber: caseNumber.required(),
    scopes: codes.min(1).required(),
    confirmedAt: instant,
    expiresAt: instant,
    link,
  }),
  text: {
    'zh-CN': (p, say) => ({
      subject: `您的账户已冻结（案件 ${p.caseNumber}）`,
      body: [
        `交易所${p.confirmedAt ? `在 ${say.when(p.confirmedAt)}` : ''}确认：您的账户已冻结，以下功能现已停用：`,
        { items: say.names(p.scopes, SCOPE_NAMES['zh-CN']) },
        '充值不受影响。',
        p.expiresAt && `这次冻结有效至 ${say.when(p.expiresAt)}；如果延长，新的期限会写在案件页面上。`,
        '接下来，我们需要核实账户确实属于您。需要您做什么，我们会另外写信说明；在那之前，您不需要做任何事。',
        '如果您没有要求冻结账户，请登录后在案件中告诉我们。',
        p.link && { link: p.link, label: '查看案件进展' },
      ],
    }),
    en: (p, say) => ({
      subject: `Your account is frozen (case ${p.caseNumber})`,
      body: [
        `The exchange confirmed${p.confirmedAt ? ` on ${say.when(p.confirmedAt)}` : ''} that your account is frozen. These are stopped now:`,
        { items: say.names(p.scopes, SCOPE_NAMES.en) },
        'Deposits still work.',
        p.expiresAt &&
          `The freeze holds until ${say.when(p.expiresAt)}; if it is extended, the page of the case says until when.`,
        'Next, we need to make sure that the account is yours. We will write to you about what we need; until then there is nothing you have to do.',
        'If you did not ask for this, sign in and tell us in the case.',
        p.link && { link: p.link, label: 'Follow the case' },
      ],
    }),
  },
});
