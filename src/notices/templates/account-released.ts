import Joi from 'joi';
import { SCOPE_NAMES } from '../names.js';
import { caseNumber, codes, instant, link } from '../params.js';
import { template } from '../words.js';

interface Params {
  caseNumber: string;
  /** What the exchange opened again; less than the freeze held when another case still holds the rest. */
  scopes?: string[];
  /** What this case held and another case still holds. */
  remaining?: string[];
  releasedAt?: string;
  link?: string;
}

export const accountReleased = template<Params>({
  name: 'account-released',
  params: Joi.object({ caseNumber: caseNumber.required(), scopes: codes, remaining: codes, releasedAt: instant, link }),
  text: {
    'zh-CN': (p, say) => {
      const scopes = say.names(p.scopes ?? [], SCOPE_NAMES['zh-CN']);
      const remaining = say.names(p.remaining ?? [], SCOPE_NAMES['zh-CN']);
      return {
        subject:
          remaining.length > 0
            ? `案件 ${p.caseNumber} 对您账户的限制已取消，但另有限制`
            : `您的账户已恢复使用（案件 ${p.caseNumber}）`,
        body: [
          `交易所${p.releasedAt ? `在 ${say.when(p.releasedAt)}` : ''}确认：本案件对您账户的限制已取消。`,
          scopes.length > 0 && '重新开放的功能：',
          scopes.length > 0 && { items: scopes },
          remaining.length > 0 && '由于另一案件，以下功能仍然停用：',
          remaining.length > 0 && { items: remaining },
          '使用之前，请您：',
          {
            items: [
              '更换账户和邮箱的密码；',
              '检查提现地址簿和 API 密钥，删除您不认识的；',
              '检查身份验证器是否只绑定在您自己的设备上。',
            ],
          },
          '如果您发现异常，请立即再次报告。',
          p.link && { link: p.link, label: '查看案件' },
        ],
      };
    },
    en: (p, say) => {
      const scopes = say.names(p.scopes ?? [], SCOPE_NAMES.en);
      const remaining = say.names(p.remaining ?? [], SCOPE_NAMES.en);
      return {
        subject:
          remaining.length > 0
            ? `The restrictions of case ${p.caseNumber} on your account are lifted; others remain`
            : `Your account is open again (case ${p.caseNumber})`,
        body: [
          `The exchange confirmed${p.releasedAt ? ` on ${say.when(p.releasedAt)}` : ''} that the restrictions of this case on your account are lifted.`,
          scopes.length > 0 && 'Open again:',
          scopes.length > 0 && { items: scopes },
          remaining.length > 0 && 'Because of another case, these are still stopped:',
          remaining.length > 0 && { items: remaining },
          'Before you use it, please:',
          {
            items: [
              'change the passwords of the account and of your mailbox;',
              'go through the withdrawal address book and the API keys, and delete what you do not know;',
              'check that your authenticator app is set up on your own devices only.',
            ],
          },
          'If anything looks wrong, report it again at once.',
          p.link && { link: p.link, label: 'See the case' },
        ],
      };
    },
  },
});
