import Joi from 'joi';
import { SCOPE_NAMES } from '../names.js';
import { caseNumber, codes, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  /** Scopes the exchange confirmed. */
  applied: string[];
  /** Scopes it was asked for and did not confirm. */
  missing: string[];
  link?: string;
}

export const freezePartial = template<Params>({
  name: 'freeze-partial',
  params: Joi.object({
    caseNumber: caseNumber.required(),
    applied: codes.required(),
    missing: codes.min(1).required(),
    link,
  }),
  text: {
    'zh-CN': (p, say) => ({
      subject: `请注意：您的账户只停用了一部分功能（案件 ${p.caseNumber}）`,
      body: [
        '交易所没有执行我们要求的全部限制。以下功能仍然开放：',
        { items: say.names(p.missing, SCOPE_NAMES['zh-CN']) },
        p.applied.length > 0 && '交易所确认停用的是：',
        p.applied.length > 0 && { items: say.names(p.applied, SCOPE_NAMES['zh-CN']) },
        '我们的工作人员已收到警报，正在处理其余部分。交易所一有确认，我们就写信告诉您。',
        '在那之前，请把仍然开放的功能当作有风险：如果您还能登录，请在可信的设备上更换密码，并留意账户动态。',
        p.link && { link: p.link, label: '查看案件进展' },
      ],
    }),
    en: (p, say) => ({
      subject: `Please note: only part of your account is stopped (case ${p.caseNumber})`,
      body: [
        'The exchange did not carry out everything we asked for. These are still open:',
        { items: say.names(p.missing, SCOPE_NAMES.en) },
        p.applied.length > 0 && 'The exchange confirmed that these are stopped:',
        p.applied.length > 0 && { items: say.names(p.applied, SCOPE_NAMES.en) },
        'Our staff have been alerted and are working on the rest. We will write as soon as the exchange confirms it.',
        'Until then, treat what is still open as being at risk: if you can still sign in, change your password from a device you trust, and watch the account.',
        p.link && { link: p.link, label: 'Follow the case' },
      ],
    }),
  },
});
