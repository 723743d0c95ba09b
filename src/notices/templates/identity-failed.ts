import Joi from 'joi';
import { caseNumber, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  link?: string;
}

/** Says nothing of which check failed or why: the reader may be the thief. */
export const identityFailed = template<Params>({
  name: 'identity-failed',
  params: Joi.object({ caseNumber: caseNumber.required(), link }),
  text: {
    'zh-CN': (p) => ({
      subject: `我们还无法确认您的身份（案件 ${p.caseNumber}）`,
      body: [
        '根据收到的材料，我们还无法确认账户属于您，所以账户的状态保持不变。',
        '如果您是账户的主人，请登录并打开案件，那里写明了还可以用什么方式证明，也可以在那里给我们留言。',
        p.link && { link: p.link, label: '打开案件' },
      ],
    }),
    en: (p) => ({
      subject: `We could not verify your identity yet (case ${p.caseNumber})`,
      body: [
        'From what we received we cannot yet be sure that the account is yours, so it stays as it is.',
        'If you are the owner, please sign in and open the case. It says in which other ways you can show it, and you can write to us there.',
        p.link && { link: p.link, label: 'Open the case' },
      ],
    }),
  },
});
