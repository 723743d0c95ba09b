import Joi from 'joi';
import { oldFactor } from '../names.js';
import { caseNumber, days, instant, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  expiresAt?: string;
  factorAgeDays: number;
  link?: string;
}

/** To the owner of an account that somebody else reported; how to cancel is the protection against a malicious report. */
export const holdPlaced = template<Params>({
  name: 'hold-placed',
  params: Joi.object({ caseNumber: caseNumber.required(), expiresAt: instant, factorAgeDays: days.required(), link }),
  text: {
    'zh-CN': (p, say) => ({
      subject: `您账户的提现被临时限制（案件 ${p.caseNumber}）`,
      body: [
        '有人报告您的账户有危险。作为预防，提现已被临时限制。登录和交易不受影响。',
        p.expiresAt
          ? `如果没有人采取进一步措施，限制会在 ${say.when(p.expiresAt)}自动结束。`
          : '如果没有人采取进一步措施，限制会很快自动结束。',
        '如果账户确实有危险：请登录并亲自提交报告，我们会采取更完整的保护措施。',
        `如果这不是您要求的，而且一切正常：请登录并取消限制。取消时需要用${oldFactor(p.factorAgeDays)['zh-CN']}验证；没有的话，工作人员会帮助您。`,
        p.link && { link: p.link, label: '登录' },
      ],
    }),
    en: (p, say) => ({
      subject: `Withdrawals from your account are on hold (case ${p.caseNumber})`,
      body: [
        'Somebody reported that your account is in danger. As a precaution withdrawals are on hold for a short time. Signing in and trading are not affected.',
        p.expiresAt
          ? `If nobody takes it further, the hold ends by itself on ${say.when(p.expiresAt)}.`
          : 'If nobody takes it further, the hold soon ends by itself.',
        'If the account really is in danger: sign in and report it yourself, and we will protect it more fully.',
        `If you did not ask for this and all is well: sign in and cancel the hold. You will need ${oldFactor(p.factorAgeDays).en}; if you have none, our staff will help you.`,
        p.link && { link: p.link, label: 'Sign in' },
      ],
    }),
  },
});
