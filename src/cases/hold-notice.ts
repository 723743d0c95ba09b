import type { OwnerMessage } from '../accounts/index.js';

/**
 * What the owner of an account reads, through the exchange, when somebody else's report put a hold on withdrawals.
 * No link: the owner goes where they always go.
 *
 * @param days  FACTOR_AGE_DAYS of this installation
 */
export function ownerTexts(caseNumber: string, expiresAt: Date, days: number): OwnerMessage['texts'] {
  const until = `${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return {
    'zh-CN': {
      subject: `您账户的提现被临时限制（案件 ${caseNumber}）`,
      text: `有人报告您的账户有危险，因此提现被临时限制，最迟到 ${until} 自动结束；登录和交易不受影响。如果不是您要求的，请登录 Firebreak 并取消限制，取消时需要用${days > 0 ? `绑定已超过 ${days} 天的` : ''}身份验证器或通行密钥验证。`,
    },
    en: {
      subject: `Withdrawals from your account are on hold (case ${caseNumber})`,
      text: `Somebody reported that your account is in danger, so withdrawals are on hold until ${until} at the latest; signing in and trading go on as before. If you did not ask for this, sign in to Firebreak and cancel the hold; it takes an authenticator or a passkey${days > 0 ? ` that is older than ${days} days` : ''}.`,
    },
  };
}
