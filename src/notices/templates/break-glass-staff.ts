import Joi from 'joi';
import { caseNumber, instant } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  at?: string;
  until?: string;
}

/** To whoever works, or has worked, on the case. */
export const breakGlassStaff = template<Params>({
  name: 'break-glass-staff',
  params: Joi.object({ caseNumber: caseNumber.required(), at: instant, until: instant }),
  text: {
    'zh-CN': (p, say) => ({
      subject: `案件 ${p.caseNumber} 的证据正被紧急查看`,
      body: [
        `一名管理员${p.at ? `在 ${say.when(p.at)}` : ''}以紧急方式打开了您处理过的案件 ${p.caseNumber} 中的证据${p.until ? `，最迟到 ${say.when(p.until)}结束` : ''}。`,
        '客户和安全值班人员也收到了通知。理由和每一次查看都在审计日志中。',
        '如果您不知道为什么，请马上告诉合规人员。',
      ],
    }),
    en: (p, say) => ({
      subject: `The evidence of case ${p.caseNumber} is being looked at in an emergency`,
      body: [
        `An administrator opened the evidence of case ${p.caseNumber}, which you have worked on, in an emergency${p.at ? ` on ${say.when(p.at)}` : ''}${p.until ? `, until ${say.when(p.until)} at the latest` : ''}.`,
        'The customer and the security desk were told too. The reason and every look are in the audit log.',
        'If you do not know why, tell compliance at once.',
      ],
    }),
  },
});
