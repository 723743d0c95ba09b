import { textsOf } from '../ground/language.js';

/** The parts of an account, and how the freeze of one stands. Only what the exchange confirmed is ever called frozen. */
export const FREEZE_TEXTS = textsOf('freezes', {
  crypto_withdrawal: { 'zh-CN': '加密货币提现', en: 'Crypto withdrawals' },
  fiat_withdrawal: { 'zh-CN': '法币提现', en: 'Cash withdrawals' },
  internal_transfer: { 'zh-CN': '内部转账', en: 'Internal transfers' },
  trading: { 'zh-CN': '交易', en: 'Trading' },
  api_keys: { 'zh-CN': 'API 密钥', en: 'API keys' },
  sessions: { 'zh-CN': '已登录的设备', en: 'Signed-in devices' },
  sign_in: { 'zh-CN': '登录', en: 'Signing in' },
  security_settings: { 'zh-CN': '安全设置', en: 'Security settings' },
  address_book: { 'zh-CN': '提现地址簿', en: 'Withdrawal addresses' },

  'state.requested': { 'zh-CN': '已请求冻结，等待交易所确认', en: 'Freeze requested; waiting for the exchange' },
  'state.active': { 'zh-CN': '已冻结（交易所已确认）', en: 'Frozen, confirmed by the exchange' },
  'state.partial': { 'zh-CN': '只冻结了一部分', en: 'Only partly frozen' },
  'state.failed': { 'zh-CN': '没有冻结：交易所拒绝了请求', en: 'Not frozen: the exchange refused' },
  'state.unconfirmed': {
    'zh-CN': '尚未确认：交易所还没有答复',
    en: 'Not confirmed: the exchange has not answered yet',
  },
  'state.release-pending': { 'zh-CN': '已决定解冻，等待交易所确认', en: 'To be released; waiting for the exchange' },
  'state.released': { 'zh-CN': '已解冻', en: 'Released' },

  'hold.requested': { 'zh-CN': '已请求暂停提现，等待交易所确认', en: 'Hold requested; waiting for the exchange' },
  'hold.active': { 'zh-CN': '提现已暂停（交易所已确认）', en: 'Withdrawals on hold, confirmed by the exchange' },
  'hold.partial': { 'zh-CN': '只暂停了一部分提现', en: 'Only some withdrawals are on hold' },
  'hold.failed': { 'zh-CN': '没有暂停：交易所拒绝了请求', en: 'Not on hold: the exchange refused' },
  'hold.unconfirmed': {
    'zh-CN': '尚未确认：交易所还没有答复',
    en: 'Not confirmed: the exchange has not answered yet',
  },
  'hold.release-pending': { 'zh-CN': '正在解除暂停', en: 'The hold is being lifted' },
  'hold.released': { 'zh-CN': '暂停已解除', en: 'The hold was lifted' },

  'scope.frozen': { 'zh-CN': '已冻结', en: 'frozen' },
  'scope.held': { 'zh-CN': '已暂停', en: 'on hold' },
  'scope.ended': { 'zh-CN': '已全部退出', en: 'all signed out' },
  'scope.waiting': { 'zh-CN': '等待确认', en: 'waiting' },
  'scope.open': { 'zh-CN': '未冻结', en: 'not frozen' },
  'scope.released': { 'zh-CN': '已解冻', en: 'released' },

  unsure: {
    'zh-CN': '在确认之前，请当作没有冻结。我们会一直向交易所核实，安全人员已收到通知。',
    en: 'Until it is confirmed, take it as not frozen. We keep asking the exchange, and our staff have been called.',
  },
  failedWhy: {
    'zh-CN': '安全人员已收到通知并会处理。请同时通过交易所的应用自行锁定账户或更改密码。',
    en: 'Our staff have been called. Meanwhile lock the account in the app of the exchange, or change its password.',
  },
  deposits: { 'zh-CN': '充值仍然开放。', en: 'Deposits stay open.' },
  asked: { 'zh-CN': '请求时间', en: 'Asked for' },
  confirmed: { 'zh-CN': '确认时间', en: 'Confirmed' },
  expires: { 'zh-CN': '自动到期', en: 'Ends by itself' },
  released: { 'zh-CN': '解冻时间', en: 'Released' },
});
