import Joi from 'joi';
import { caseNumber, instant, link, yesOrNo } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  /** The secret tracking link. */
  link?: string;
  /** The report was recognised as one about a case that is open already. */
  joined?: boolean;
  nextUpdateBy?: string;
}

export const reportReceived = template<Params>({
  name: 'report-received',
  params: Joi.object({ caseNumber: caseNumber.required(), link, joined: yesOrNo, nextUpdateBy: instant }),
  text: {
    'zh-CN': (p, say) => ({
      subject: `我们已收到您的报告（案件 ${p.caseNumber}）`,
      body: [
        `感谢您告诉我们。您的报告已收到，案件编号是 ${p.caseNumber}，与我们联系时请报这个编号。`,
        p.joined && '这份报告和之前的报告说的是同一件事，已并入同一个案件，您不需要再次提交。',
        p.nextUpdateBy
          ? `我们正在处理，最迟在 ${say.when(p.nextUpdateBy)}之前告诉您进展。`
          : '我们正在处理。一有进展，我们就会写信告诉您。',
        '在此期间，请您：',
        {
          items: [
            '保留聊天记录、截图和转账记录，不要删除；',
            '不要再向对方转账，也不要相信任何“代为追回”的承诺；',
            '不要把密码、验证码或恢复码告诉任何人，包括自称是我们员工的人。',
          ],
        },
        p.link && '您可以通过下面的链接查看进展、补充证据。有这个链接的人就能看到案件，请不要转发：',
        p.link && { link: p.link, label: '查看案件进展' },
      ],
    }),
    en: (p, say) => ({
      subject: `We have received your report (case ${p.caseNumber})`,
      body: [
        `Thank you for telling us. Your report has arrived; the case number is ${p.caseNumber}. Please quote it whenever you contact us.`,
        p.joined &&
          'It is about the same matter as an earlier report, so both are now one case. You do not need to send it again.',
        p.nextUpdateBy
          ? `We are working on it and will tell you more by ${say.when(p.nextUpdateBy)} at the latest.`
          : 'We are working on it and will write to you as soon as there is news.',
        'Until then, please:',
        {
          items: [
            'keep chats, screenshots and records of transfers; do not delete anything;',
            'send nothing more to the other side, and trust nobody who promises to get your money back for a fee;',
            'tell nobody your password, codes or recovery codes, not even somebody who says they work for us.',
          ],
        },
        p.link &&
          'With the link below you can follow the case and add evidence. Whoever has the link can see the case, so please do not pass it on:',
        p.link && { link: p.link, label: 'Follow the case' },
      ],
    }),
  },
});
