import Joi from 'joi';
import { PAGE_REASONS } from '../names.js';
import { caseNumber, code, instant, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  reason: string;
  at?: string;
  link?: string;
}

export const staffPage = template<Params>({
  name: 'staff-page',
  params: Joi.object({ caseNumber: caseNumber.required(), reason: code.required(), at: instant, link }),
  text: {
    'zh-CN': (p, say) => ({
      subject: `请立即处理：案件 ${p.caseNumber}`,
      body: [
        say.names([p.reason], PAGE_REASONS['zh-CN'])[0] ?? `案件需要人工处理（${p.reason}）。`,
        p.at && `发生时间：${say.when(p.at)}。`,
        '请现在打开案件，在交易所核对账户的实际状态，再决定下一步。',
        p.link && { link: p.link, label: '打开案件' },
      ],
    }),
    en: (p, say) => ({
      subject: `Act now: case ${p.caseNumber}`,
      body: [
        say.names([p.reason], PAGE_REASONS.en)[0] ?? `The case needs a person (${p.reason}).`,
        p.at && `It happened on ${say.when(p.at)}.`,
        'Please open the case now, check at the exchange what state the account is really in, and decide the next step.',
        p.link && { link: p.link, label: 'Open the case' },
      ],
    }),
  },
});
