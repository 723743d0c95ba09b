import Joi from 'joi';
import { caseNumber, instant, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  requestedAt?: string;
  link?: string;
}

export const freezeUnconfirmed = template<Params>({
  name: 'freeze-unconfirmed',
  params: Joi.object({ caseNumber: caseNumber.required(), requestedAt: instant, link }),
  text: {
    'zh-CN': (p, say) => ({
      subject: `我们正在等待交易所确认（案件 ${p.caseNumber}）`,
      body: [
        `我们${p.requestedAt ? `在 ${say.when(p.requestedAt)}` : ''}要求交易所停用您账户的高风险功能，交易所还没有确认。`,
        '也就是说，账户现在可能仍然开放，也可能已经停用。我们正在反复向交易所核对，值班人员也已收到警报。',
        '交易所一旦确认，我们立即写信告诉您。在收到那封信之前，请当作账户仍然开放：如果您还能登录，请在可信的设备上更换密码，并留意账户动态。',
        p.link && { link: p.link, label: '查看案件进展' },
      ],
    }),
    en: (p, say) => ({
      subject: `We are waiting for the exchange to confirm (case ${p.caseNumber})`,
      body: [
        `We asked the exchange${p.requestedAt ? ` on ${say.when(p.requestedAt)}` : ''} to stop the dangerous parts of your account. The exchange has not confirmed it yet.`,
        'So the account may still be open, or it may be stopped already. We keep asking the exchange, and our staff on duty have been alerted.',
        'We will write the moment it is confirmed. Until you have that mail, act as if the account were open: if you can still sign in, change your password from a device you trust, and watch the account.',
        p.link && { link: p.link, label: 'Follow the case' },
      ],
    }),
  },
});
