import Joi from 'joi';
import { caseNumber, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  link?: string;
}

export const identityPassed = template<Params>({
  name: 'identity-passed',
  params: Joi.object({ caseNumber: caseNumber.required(), link }),
  text: {
    'zh-CN': (p) => ({
      subject: `身份核实已通过（案件 ${p.caseNumber}）`,
      body: [
        '谢谢您。我们已确认账户属于您。',
        '接下来，我们会清除入侵者可能留下的东西。账户如果受到限制，还要由两位工作人员先后同意才能恢复。这需要一些时间，是为了保护您；有了进展，我们会写信告诉您。',
        '现在您不需要做任何事。',
        p.link && { link: p.link, label: '查看案件进展' },
      ],
    }),
    en: (p) => ({
      subject: `Your identity is verified (case ${p.caseNumber})`,
      body: [
        'Thank you. We are now sure that the account is yours.',
        'Next, we remove what an intruder may have left behind. If the account is restricted, two members of our staff, one after the other, then have to agree to open it again. That takes time, and it is there to protect you; we will write to you as it goes on.',
        'There is nothing you have to do now.',
        p.link && { link: p.link, label: 'Follow the case' },
      ],
    }),
  },
});
