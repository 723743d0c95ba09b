import Joi from 'joi';
import { caseNumber, instant, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  /** End of the cooling-off time. */
  notBefore?: string;
  link?: string;
}

export const releaseProposed = template<Params>({
  name: 'release-proposed',
  params: Joi.object({ caseNumber: caseNumber.required(), notBefore: instant, link }),
  text: {
    'zh-CN': (p, say) => ({
      subject: `有工作人员提议恢复您的账户（案件 ${p.caseNumber}）`,
      body: [
        '一位工作人员提议恢复您的账户，还需要另一位工作人员同意。',
        p.notBefore && `最早要到 ${say.when(p.notBefore)}才能同意。留出这段时间，是为了让您来得及提出异议。`,
        '如果一切属实，您不需要做任何事。',
        '如果您认为账户仍有危险，或者并没有人与您联系过，请马上登录，在案件中告诉我们。',
        p.link && { link: p.link, label: '打开案件' },
      ],
    }),
    en: (p, say) => ({
      subject: `It is proposed to open your account again (case ${p.caseNumber})`,
      body: [
        'One member of our staff proposes to open your account again. A second one has to agree.',
        p.notBefore && `They cannot do so before ${say.when(p.notBefore)}. That time is there so that you can object.`,
        'If this is as it should be, there is nothing you have to do.',
        'If you think the account is still in danger, or if nobody was in touch with you, sign in at once and tell us in the case.',
        p.link && { link: p.link, label: 'Open the case' },
      ],
    }),
  },
});
