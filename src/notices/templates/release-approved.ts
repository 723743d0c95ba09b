import Joi from 'joi';
import { caseNumber, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  link?: string;
}

export const releaseApproved = template<Params>({
  name: 'release-approved',
  params: Joi.object({ caseNumber: caseNumber.required(), link }),
  text: {
    'zh-CN': (p) => ({
      subject: `恢复账户的提议已获同意（案件 ${p.caseNumber}）`,
      body: [
        '第二位工作人员已同意恢复您的账户，我们已请交易所取消限制。',
        '交易所确认之后，我们会再写信告诉您；在那之前，限制仍然有效。',
        '如果您认为账户仍有危险，请马上登录，在案件中告诉我们。',
        p.link && { link: p.link, label: '打开案件' },
      ],
    }),
    en: (p) => ({
      subject: `Opening your account again was approved (case ${p.caseNumber})`,
      body: [
        'A second member of our staff agreed to open your account again, and we asked the exchange to lift the restrictions.',
        'We will write again when the exchange has confirmed it. Until then the restrictions still apply.',
        'If you think the account is still in danger, sign in at once and tell us in the case.',
        p.link && { link: p.link, label: 'Open the case' },
      ],
    }),
  },
});
