import Joi from 'joi';
import { caseNumber, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  link?: string;
}

/** The exchange answered that it will not freeze, or cannot; the customer must not believe that they are safe. */
export const freezeRefused = template<Params>({
  name: 'freeze-refused',
  params: Joi.object({ caseNumber: caseNumber.required(), link }),
  text: {
    'zh-CN': (p) => ({
      subject: `交易所没有执行停用，请当作账户仍然开放（案件 ${p.caseNumber}）`,
      body: [
        '我们要求交易所停用您账户的高风险功能，交易所答复没有执行。值班人员已收到警报，正在直接与交易所处理。',
        '在收到我们的确认之前，请当作账户仍然开放：如果您还能登录，请在可信的设备上更换密码、结束所有登录，并留意账户动态。',
        '交易所一旦执行，我们立即写信告诉您。',
        p.link && { link: p.link, label: '查看案件进展' },
      ],
    }),
    en: (p) => ({
      subject: `The exchange did not stop your account; act as if it were open (case ${p.caseNumber})`,
      body: [
        'We asked the exchange to stop the dangerous parts of your account, and it answered that it did not. Our staff on duty have been alerted and are dealing with the exchange directly.',
        'Until we confirm it, act as if the account were open: if you can still sign in, change your password and end every session from a device you trust, and watch the account.',
        'We will write the moment the exchange has done it.',
        p.link && { link: p.link, label: 'Follow the case' },
      ],
    }),
  },
});
