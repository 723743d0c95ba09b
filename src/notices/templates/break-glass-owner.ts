import Joi from 'joi';
import { caseNumber, instant } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  at?: string;
  until?: string;
}

/** To the customer of the case, or the owner of the account it is about. */
export const breakGlassOwner = template<Params>({
  name: 'break-glass-owner',
  params: Joi.object({ caseNumber: caseNumber.required(), at: instant, until: instant }),
  text: {
    'zh-CN': (p, say) => ({
      subject: `您案件的证据正被紧急查看（案件 ${p.caseNumber}）`,
      body: [
        `一名管理员${p.at ? `在 ${say.when(p.at)}` : ''}以紧急方式打开了您案件 ${p.caseNumber} 中的证据${p.until ? `，最迟到 ${say.when(p.until)}结束` : ''}。`,
        '管理员平时不能查看证据。紧急查看需要写明理由并重新验证身份；每一次查看都记录在无法篡改的日志中，由合规人员核查。',
        '您不需要做任何事。如果您认为不妥，请登录后在案件中告诉我们。',
      ],
    }),
    en: (p, say) => ({
      subject: `The evidence of your case is being looked at in an emergency (case ${p.caseNumber})`,
      body: [
        `An administrator opened the evidence of your case ${p.caseNumber} in an emergency${p.at ? ` on ${say.when(p.at)}` : ''}${p.until ? `, until ${say.when(p.until)} at the latest` : ''}.`,
        'Administrators cannot otherwise see evidence. It took a reason and a re-verification, every look is in a log that cannot be rewritten, and compliance checks it.',
        'There is nothing you need to do. If you think it is wrong, sign in and tell us in the case.',
      ],
    }),
  },
});
