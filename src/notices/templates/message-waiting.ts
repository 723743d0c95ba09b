import Joi from 'joi';
import { caseNumber, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  link?: string;
}

/** Says that there is something to read, never what: the mailbox may be the thief's. */
export const messageWaiting = template<Params>({
  name: 'message-waiting',
  params: Joi.object({ caseNumber: caseNumber.required(), link }),
  text: {
    'zh-CN': (p) => ({
      subject: `案件 ${p.caseNumber} 中有一条给您的消息`,
      body: [
        '工作人员在您的案件中给您写了消息。',
        '为了您的安全，邮件中不写消息的内容。请登录并打开案件阅读，也请在那里回复。',
        p.link && { link: p.link, label: '打开案件' },
      ],
    }),
    en: (p) => ({
      subject: `There is a message for you in case ${p.caseNumber}`,
      body: [
        'Our staff wrote you a message in your case.',
        'For your safety this mail does not say what is in it. Please sign in and open the case to read it, and answer there.',
        p.link && { link: p.link, label: 'Open the case' },
      ],
    }),
  },
});
