import Joi from 'joi';
import { CHANGE_NAMES } from '../names.js';
import { code, instant, link, yesOrNo } from '../params.js';
import { template } from '../words.js';

interface Params {
  change: string;
  at?: string;
  /** There is an account at the exchange whose withdrawals the link can have held. */
  holds?: boolean;
  link?: string;
}

/** To every other contact point. The link restricts and never opens anything, so it may go where a thief might read. */
export const securityChange = template<Params>({
  name: 'security-change',
  harmless: true,
  params: Joi.object({ change: code.required(), at: instant, holds: yesOrNo, link }),
  text: {
    'zh-CN': (p, say) => ({
      subject: '您的账户安全设置有变动',
      body: [
        `${p.at ? `${say.when(p.at)}，` : ''}您的账户有以下变动：${say.names([p.change], CHANGE_NAMES['zh-CN'])[0] ?? '安全设置已更改'}。`,
        '如果是您本人操作，不需要做任何事。',
        p.link &&
          `如果不是您：请打开下面的链接并按下按钮。我们会立即结束所有登录${p.holds ? '，请求交易所暂停提现' : ''}，并由工作人员处理。不需要登录，链接只能使用一次，七天内有效。`,
        p.link && { link: p.link, label: '不是我操作的' },
        !p.link && '如果不是您：请像平常一样登录并提交报告，或不登录提交报告，我们会马上处理。',
      ],
    }),
    en: (p, say) => ({
      subject: 'A security setting of your account was changed',
      body: [
        `This happened to your account${p.at ? ` on ${say.when(p.at)}` : ''}: ${say.names([p.change], CHANGE_NAMES.en)[0] ?? 'a security setting was changed'}.`,
        'If it was you, there is nothing to do.',
        p.link &&
          `If it was not you: open the link below and press the button. We end every session at once${p.holds ? ', ask the exchange to hold withdrawals' : ''}, and our staff take over. You need not sign in; the link works once, within a week.`,
        p.link && { link: p.link, label: 'This was not me' },
        !p.link &&
          'If it was not you: sign in the way you always do and report it, or report it without signing in, and we act at once.',
      ],
    }),
  },
});
