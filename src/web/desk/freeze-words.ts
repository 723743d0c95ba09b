import { textsOf } from '../ground/language.js';

/** Scopes, and the life of a freeze. *Frozen* is only said of what the exchange confirmed. */
export const TEXTS = textsOf('desk-freeze-words', {
  crypto_withdrawal: { 'zh-CN': '数字资产提现', en: 'Crypto withdrawals' },
  fiat_withdrawal: { 'zh-CN': '法币提现', en: 'Fiat withdrawals' },
  internal_transfer: { 'zh-CN': '内部转账', en: 'Internal transfers' },
  trading: { 'zh-CN': '交易', en: 'Trading' },
  api_keys: { 'zh-CN': 'API 密钥', en: 'API keys' },
  sessions: { 'zh-CN': '已登录的设备', en: 'Sessions' },
  sign_in: { 'zh-CN': '登录', en: 'Sign-in' },
  security_settings: { 'zh-CN': '安全设置', en: 'Security settings' },
  address_book: { 'zh-CN': '提现地址簿', en: 'Address book' },
  requested: { 'zh-CN': '已请求，等待交易所答复', en: 'Requested, no answer yet' },
  active: { 'zh-CN': '已冻结（交易所已确认）', en: 'Frozen (confirmed by the exchange)' },
  partial: { 'zh-CN': '部分冻结', en: 'Partly frozen' },
  'freeze-failed': { 'zh-CN': '交易所拒绝，未冻结', en: 'Refused: nothing is frozen' },
  unconfirmed: { 'zh-CN': '未确认：不知道是否已冻结', en: 'Unconfirmed: nobody knows yet' },
  'release-pending': { 'zh-CN': '已决定解冻，等待交易所确认', en: 'Release decided, not confirmed yet' },
  released: { 'zh-CN': '已解冻', en: 'Released' },
  freeze: { 'zh-CN': '冻结', en: 'Freeze' },
  hold: { 'zh-CN': '临时限制提现', en: 'Short hold on withdrawals' },
  ordered: { 'zh-CN': '已下令，等待交易所答复', en: 'Ordered, no answer yet' },
  done: { 'zh-CN': '已完成', en: 'Done' },
  'remedy-failed': { 'zh-CN': '交易所拒绝或只完成了一部分', en: 'Refused, or done in part' },
  approved: { 'zh-CN': '已批准', en: 'Approved' },
  expired: { 'zh-CN': '已过期', en: 'Expired' },
  proposed: { 'zh-CN': '等待第二人', en: 'Waits for a second person' },
  declined: { 'zh-CN': '已拒绝', en: 'Declined' },
  'carried-out': { 'zh-CN': '已执行', en: 'Carried out' },
  owner_cancelled: { 'zh-CN': '账户所有人取消', en: 'Cancelled by the owner' },
});

export const SCOPES = [
  'crypto_withdrawal',
  'fiat_withdrawal',
  'internal_transfer',
  'trading',
  'api_keys',
  'sessions',
  'sign_in',
  'security_settings',
  'address_book',
] as const;
export type Scope = (typeof SCOPES)[number];
