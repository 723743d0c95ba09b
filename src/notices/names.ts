import type { Locale } from '../kernel/locale.js';

type Names = Readonly<Record<Locale, Readonly<Record<string, string>>>>;

/** Freeze scopes as customers read them. */
export const SCOPE_NAMES: Names = {
  'zh-CN': {
    crypto_withdrawal: '数字资产提现',
    fiat_withdrawal: '法币提现',
    internal_transfer: '站内转账',
    trading: '交易',
    api_keys: 'API 密钥',
    sessions: '已登录的设备',
    sign_in: '登录',
    security_settings: '安全设置',
    address_book: '提现地址簿',
  },
  en: {
    crypto_withdrawal: 'withdrawals of digital assets',
    fiat_withdrawal: 'withdrawals of money',
    internal_transfer: 'transfers inside the exchange',
    trading: 'trading',
    api_keys: 'API keys',
    sessions: 'signed-in devices',
    sign_in: 'signing in',
    security_settings: 'security settings',
    address_book: 'the withdrawal address book',
  },
};

/**
 * Checks of identity that a customer takes part in.
 *
 * @param days that a factor or a number must be old, as this installation has it; with 0 any age will do
 */
export const checkNames = (days: number): Names => ({
  'zh-CN': {
    authenticator: `身份验证器的动态验证码，或通行密钥${days > 0 ? `（绑定已超过 ${days} 天的）` : ''}`,
    document: '身份证件的照片，由我们的工作人员审核',
    callback: `我们按事发之前就已登记${days > 0 ? `、并且登记已超过 ${days} 天` : ''}的电话号码给您回电`,
  },
  en: {
    authenticator: `a code from your authenticator app, or your passkey${days > 0 ? `, set up more than ${inDays(days)} ago` : ''}`,
    document: 'a photo of your identity document, which our staff review',
    callback: `a call from us to a telephone number that was on file before the incident${days > 0 ? `, and for more than ${inDays(days)}` : ''}`,
  },
});

const inDays = (days: number): string => (days === 1 ? 'a day' : `${days} days`);

/** How old the factor must be that lifts a hold. */
export const oldFactor = (days: number): Readonly<Record<Locale, string>> => ({
  'zh-CN': days > 0 ? `绑定已超过 ${days} 天的身份验证器或通行密钥` : '身份验证器或通行密钥',
  en: `an authenticator app or a passkey${days > 0 ? ` that was set up more than ${inDays(days)} ago` : ''}`,
});

/** How a case ended. */
export const OUTCOME_NAMES: Names = {
  'zh-CN': {
    recovered: '损失已全部追回',
    'partly-recovered': '损失已部分追回',
    'no-loss': '没有造成损失',
    'false-report': '经核实，报告的情况没有发生',
    'malicious-report': '经核实，这份报告并非出于善意',
    'verification-failed': '未能核实身份',
    duplicate: '与另一案件重复，由那个案件继续处理',
    withdrawn: '报告已撤回',
  },
  en: {
    recovered: 'the loss was recovered in full',
    'partly-recovered': 'part of the loss was recovered',
    'no-loss': 'there was no loss',
    'false-report': 'we found that what was reported did not happen',
    'malicious-report': 'we found that the report was not made in good faith',
    'verification-failed': 'the identity could not be verified',
    duplicate: 'it is the same as another case, which goes on',
    withdrawn: 'the report was withdrawn',
  },
};

/** Why staff are called. */
export const PAGE_REASONS: Names = {
  'zh-CN': {
    'freeze-unconfirmed': '交易所没有确认冻结请求，账户可能仍然开放。',
    'freeze-partial': '交易所只执行了部分冻结范围。',
    'freeze-failed': '冻结没有执行，请当作账户仍然开放。',
    'freeze-expired': '冻结到期，账户已不受限制，而案件还没有解决。',
    'hold-placed': '有人报告这个账户有危险，提现已被临时限制，请在限制结束之前决定下一步。',
    'hold-unconfirmed': '交易所没有确认临时限制提现，提现可能仍然开放。',
    'hold-partial': '交易所只执行了临时限制的一部分。',
    'hold-failed': '临时限制提现没有执行，请当作提现仍然开放。',
    'hold-expired': '临时限制提现已到期，提现重新开放。',
    'break-glass': '一名管理员以紧急方式打开了这个案件的证据，请核查理由。',
    'change-disowned':
      '有人通过通知中的链接声明，账户的一项安全变动不是客户本人操作；账户可能已被他人控制，请立即查看。',
    'owner-not-told': '提现已被临时限制，但交易所没有收下给账户主人的通知，请用其他方式告知账户主人。',
    'release-unconfirmed': '交易所没有确认解除限制，账户可能仍受限制。',
    'release-partial': '交易所只解除了部分限制。',
    'release-failed': '解除限制没有执行，请当作账户仍受限制。',
    'report-during-release': '账户等待恢复期间，客户通过二次验证又提交了报告；请先阅读报告，再决定是否恢复账户。',
    'release-expired': '恢复账户的提议没有人决定，已经过期。',
    'remedy-unconfirmed': '交易所没有确认补救措施。',
    'remedy-partial': '交易所只执行了部分补救措施。',
    'remedy-failed': '补救措施没有执行。',
    'customer-unreachable': '客户没有可用的可信邮箱，我们的通知无法送达，请用其他方式联系客户。',
    'evidence-damaged': '存储中的一份证据不是当初收到的内容，或已经丢失；请保留现场，不要改动存储，并核对保管记录。',
    'evidence-infected': '病毒扫描在一份证据中发现了恶意软件；该证据已被隔离，任何人都不能打开或预览。',
    'evidence-not-scannable': '病毒扫描程序无法判断一份证据是否安全（例如文件过大）；在得到结论之前它不能被打开。',
    'scanner-away': '病毒扫描程序没有应答；新收到的证据在扫描恢复之前不能打开，系统会自动重试。',
  },
  en: {
    'freeze-unconfirmed': 'The exchange did not confirm a freeze; the account may still be open.',
    'freeze-partial': 'The exchange carried out only part of a freeze.',
    'freeze-failed': 'A freeze was not carried out; treat the account as open.',
    'freeze-expired':
      'A freeze has run out and nothing restricts the account any more, while the case is not resolved.',
    'hold-placed':
      'Somebody reported that this account is in danger, and withdrawals are on hold; decide what to do before the hold ends.',
    'hold-unconfirmed': 'The exchange did not confirm a hold on withdrawals; they may still be open.',
    'hold-partial': 'The exchange carried out only part of a hold.',
    'hold-failed': 'A hold on withdrawals was not carried out; treat them as open.',
    'hold-expired': 'A hold on withdrawals has run out; they are open again.',
    'break-glass': 'An administrator opened the evidence of this case in an emergency; check the reason.',
    'change-disowned':
      "Through the link of a notice somebody said that a security change was not the customer's; the account may be in other hands, so look at once.",
    'owner-not-told':
      'Withdrawals are on hold, but the exchange has not taken our word to the owner of the account; please tell the owner in another way.',
    'release-unconfirmed': 'The exchange did not confirm a release; the account may still be restricted.',
    'release-partial': 'The exchange lifted only part of the restrictions.',
    'release-failed': 'A release was not carried out; treat the account as still restricted.',
    'report-during-release':
      'While a release waits, the customer re-verified and reported again; read the report before the account is opened.',
    'release-expired': 'Nobody decided on a proposal to release the account, and it has lapsed.',
    'remedy-unconfirmed': 'The exchange did not confirm a remedy.',
    'remedy-partial': 'The exchange carried out only part of a remedy.',
    'remedy-failed': 'A remedy was not carried out.',
    'customer-unreachable':
      'The customer has no trusted mailbox left, so our notices do not arrive; please reach them in another way.',
    'evidence-damaged':
      'A piece of evidence in the store is missing, or is not what was received; leave the store as it is and check the custody record.',
    'evidence-infected':
      'The virus scanner found malware in a piece of evidence; it is in quarantine, and nobody can open or preview it.',
    'evidence-not-scannable':
      'The virus scanner cannot tell whether a piece of evidence is safe, for it may be too large; it stays shut until there is a verdict.',
    'scanner-away': 'The virus scanner does not answer; new evidence stays shut until it does. We go on asking.',
  },
};

/** What happened to the security of somebody's sign-in; the codes are those of identity's `SECURITY_CHANGES`. */
export const CHANGE_NAMES: Names = {
  'zh-CN': {
    'password-changed': '登录密码已更改',
    'authenticator-added': '已绑定身份验证器',
    'authenticator-replaced': '身份验证器已更换',
    'authenticator-removed': '身份验证器已移除',
    'passkey-added': '已添加通行密钥',
    'passkey-removed': '通行密钥已移除',
    'recovery-codes-made': '已生成新的恢复码，旧的不再有效',
    'recovery-code-used': '使用了一个恢复码',
    'sessions-ended': '所有登录均已结束',
    'sign-in-method-linked': '已关联新的登录方式',
    'sign-in-method-unlinked': '一种登录方式已取消关联',
    'contact-point-added': '已添加联系方式，尚未确认',
    'contact-point-confirmed': '一个新的联系方式已确认',
    'contact-point-removed': '一个联系方式已移除',
    'contact-point-compromised': '一个联系方式被标记为可能已落入他人手中',
    'contact-point-restored': '工作人员核实身份后，取消了一个联系方式的标记；它需要重新确认',
    'mail-word-changed': '防钓鱼码已更改',
    'roles-changed': '账户的角色已更改',
    'factors-reset': '管理员要求重新设置所有验证方式',
    suspended: '账户已被管理员停用',
    reinstated: '账户已被管理员恢复使用',
  },
  en: {
    'password-changed': 'the password was changed',
    'authenticator-added': 'an authenticator app was set up',
    'authenticator-replaced': 'the authenticator app was replaced',
    'authenticator-removed': 'the authenticator app was removed',
    'passkey-added': 'a passkey was added',
    'passkey-removed': 'a passkey was removed',
    'recovery-codes-made': 'new recovery codes were made, and the old ones are void',
    'recovery-code-used': 'a recovery code was used',
    'sessions-ended': 'every session was ended',
    'sign-in-method-linked': 'another way of signing in was linked',
    'sign-in-method-unlinked': 'a way of signing in was unlinked',
    'contact-point-added': 'a contact point was added and is not confirmed yet',
    'contact-point-confirmed': 'a new contact point was confirmed',
    'contact-point-removed': 'a contact point was removed',
    'contact-point-compromised': "a contact point was marked as possibly being in somebody else's hands",
    'contact-point-restored':
      'our staff, having verified who you are, took the mark of a contact point back; it must be confirmed anew',
    'mail-word-changed': 'the word we show in our mails was changed',
    'roles-changed': 'the roles of the account were changed',
    'factors-reset': 'an administrator asked for all factors to be set up anew',
    suspended: 'an administrator suspended the account',
    reinstated: 'an administrator lifted the suspension of the account',
  },
};
