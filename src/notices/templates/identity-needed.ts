import Joi from 'joi';
import { checkNames } from '../names.js';
import { caseNumber, codes, days, instant, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  /** Every check that the policy of the case accepts; which combination is enough, the page of the case says. */
  checks?: string[];
  factorAgeDays: number;
  dueBy?: string;
  link?: string;
}

export const identityNeeded = template<Params>({
  name: 'identity-needed',
  params: Joi.object({
    caseNumber: caseNumber.required(),
    checks: codes,
    factorAgeDays: days.required(),
    dueBy: instant,
    link,
  }),
  text: {
    'zh-CN': (p, say) => {
      const checks = say.names(p.checks ?? [], checkNames(p.factorAgeDays)['zh-CN']);
      return {
        subject: `请证明账户属于您（案件 ${p.caseNumber}）`,
        body: [
          '在继续处理之前，我们必须确认账户确实属于您，这样别人就无法冒充您把它要走。',
          checks.length > 0 ? '案件页面会写明需要其中哪几项：' : '请登录并打开案件，那里写明了我们需要什么。',
          checks.length > 0 && { items: checks },
          p.dueBy && `请在 ${say.when(p.dueBy)}之前完成。`,
          '请只在登录之后的案件页面中提交。我们绝不会请您把证件或验证码寄到邮箱。',
          p.link && { link: p.link, label: '打开案件' },
        ],
      };
    },
    en: (p, say) => {
      const checks = say.names(p.checks ?? [], checkNames(p.factorAgeDays).en);
      return {
        subject: `Please show that the account is yours (case ${p.caseNumber})`,
        body: [
          'Before we go on, we must be sure that the account is yours, so that nobody else can claim it in your name.',
          checks.length > 0
            ? 'The page of the case says which of these we need:'
            : 'Please sign in and open the case; it says what we need.',
          checks.length > 0 && { items: checks },
          p.dueBy && `Please do this by ${say.when(p.dueBy)}.`,
          'Send it only on the page of the case, after signing in. We never ask you to mail documents or codes.',
          p.link && { link: p.link, label: 'Open the case' },
        ],
      };
    },
  },
});
