import type { ReportsContext } from './context.js';

interface PlacedHold {
  readonly freezeId: string;
  readonly accountId: string;
  readonly caseNumber: string;
}

/**
 * Tells the owner of an account through every channel of the exchange that a stranger had withdrawals held.
 *
 * Sent again, it arrives once. @throws Problem `exchange_unavailable` (run it again later)
 */
export async function tellOwnerOfHold(
  { exchange, config }: Pick<ReportsContext, 'exchange' | 'config'>,
  { freezeId, accountId, caseNumber }: PlacedHold,
): Promise<void> {
  const hours = config.reports.holdHours;
  await exchange.notifyOwner({
    operationId: `op_owner_told_${freezeId}`,
    accountId,
    texts: {
      'zh-CN': {
        subject: '您账户的提现被临时限制',
        text: `有人在没有登录的情况下报告您的账户有危险（案件 ${caseNumber}）。作为预防，提现最多限制 ${hours} 小时，登录和交易不受影响。如果一切正常，请登录 Firebreak，用绑定已超过 7 天的身份验证器取消限制。`,
      },
      en: {
        subject: 'Withdrawals from your account are on hold',
        text: `Somebody who was not signed in reported that your account is in danger (case ${caseNumber}). As a precaution withdrawals are held for up to ${hours} hours; signing in and trading are not affected. If all is well, sign in to Firebreak and cancel the hold with an authenticator app that was set up more than 7 days ago.`,
      },
    },
  });
}
