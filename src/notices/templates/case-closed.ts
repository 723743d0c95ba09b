import Joi from 'joi';
import { OUTCOME_NAMES } from '../names.js';
import { caseNumber, code, instant, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  outcome: string;
  /** Until then the case can be opened again. */
  reopenUntil?: string;
  link?: string;
}

export const caseClosed = template<Params>({
  name: 'case-closed',
  params: Joi.object({ caseNumber: caseNumber.required(), outcome: code.required(), reopenUntil: instant, link }),
  text: {
    'zh-CN': (p, say) => {
      const outcome = say.names([p.outcome], OUTCOME_NAMES['zh-CN'])[0];
      return {
        subject: `案件 ${p.caseNumber} 已结案`,
        body: [
          `我们已结束案件 ${p.caseNumber} 的处理。${outcome ? `结果：${outcome}。` : ''}`,
          p.reopenUntil
            ? `如果您不同意，或者又发生了新情况，可以在 ${say.when(p.reopenUntil)}之前要求重新处理。`
            : '如果您不同意，或者又发生了新情况，可以在结案后 30 天内要求重新处理。',
          '案件的记录会保留，您可以随时登录查看。',
          p.link && { link: p.link, label: '查看案件' },
        ],
      };
    },
    en: (p, say) => {
      const outcome = say.names([p.outcome], OUTCOME_NAMES.en)[0];
      return {
        subject: `Case ${p.caseNumber} is closed`,
        body: [
          `We have closed case ${p.caseNumber}.${outcome ? ` Its outcome: ${outcome}.` : ''}`,
          p.reopenUntil
            ? `If you do not agree, or if something new happens, you can ask us to open it again until ${say.when(p.reopenUntil)}.`
            : 'If you do not agree, or if something new happens, you can ask us to open it again within 30 days of its closing.',
          'The record of the case is kept; you can sign in and read it at any time.',
          p.link && { link: p.link, label: 'See the case' },
        ],
      };
    },
  },
});
