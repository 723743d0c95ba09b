import type { Body } from '../ground/client.js';
import { textsOf } from '../ground/language.js';

export type Kind = Body<'submitReport'>['kind'];

export const KINDS: readonly Kind[] = [
  'unauthorized_withdrawal',
  'unauthorized_trade',
  'account_takeover',
  'phishing',
  'other',
];

/** Kinds for which a report that was re-verified freezes at once, as their workflows say. */
export const URGENT: readonly Kind[] = [
  'unauthorized_withdrawal',
  'unauthorized_trade',
  'account_takeover',
  'phishing',
];

export const KIND_TEXTS = textsOf('kinds', {
  unauthorized_withdrawal: { 'zh-CN': '资产被转走', en: 'Assets were withdrawn' },
  unauthorized_trade: { 'zh-CN': '有人用我的账户交易', en: 'Somebody traded on my account' },
  account_takeover: { 'zh-CN': '有人登录或控制了我的账户', en: 'Somebody got into my account' },
  phishing: { 'zh-CN': '我被钓鱼或诈骗了', en: 'I was phished or tricked' },
  other: { 'zh-CN': '其他情况', en: 'Something else' },
  'unauthorized_withdrawal.hint': {
    'zh-CN': '加密货币、法币或内部转账，不是我操作的',
    en: 'Crypto, cash or an internal transfer that was not mine',
  },
  'unauthorized_trade.hint': { 'zh-CN': '不是我下的买单或卖单', en: 'Buy or sell orders that I did not place' },
  'account_takeover.hint': {
    'zh-CN': '陌生的登录、密码或验证器被改、API 密钥不是我创建的',
    en: 'A strange sign-in, a changed password or authenticator, an API key that is not mine',
  },
  'phishing.hint': {
    'zh-CN': '在假网站、假客服或可疑链接中输入了密码、验证码，或授权了转账',
    en: 'I gave a password or a code, or approved a transfer, to a fake site, fake support or a link',
  },
  'other.hint': { 'zh-CN': '不确定属于哪一种，也可以选这里', en: 'Not sure which it is? Choose this' },
});
