import { type Text, textsOf, useTexts } from '../ground/language.js';
import { TEXTS as FREEZE_TEXTS } from './freeze-words.js';

/** The product's own words, once for all pages of the desk. */
const TEXTS = textsOf('desk-words', {
  unauthorized_trade: { 'zh-CN': '未授权交易', en: 'Unauthorized trade' },
  unauthorized_withdrawal: { 'zh-CN': '未授权提现', en: 'Unauthorized withdrawal' },
  account_takeover: { 'zh-CN': '账户被盗用', en: 'Account takeover' },
  phishing: { 'zh-CN': '钓鱼', en: 'Phishing' },
  other: { 'zh-CN': '其他', en: 'Other' },
  intake: { 'zh-CN': '受理', en: 'Intake' },
  'freeze-account': { 'zh-CN': '冻结账户', en: 'Freeze account' },
  'verify-identity': { 'zh-CN': '核实身份', en: 'Verify identity' },
  resolve: { 'zh-CN': '解决', en: 'Resolve' },
  closed: { 'zh-CN': '已结案', en: 'Closed' },
  'intake.received': { 'zh-CN': '已收到', en: 'Received' },
  'intake.triaged': { 'zh-CN': '已初审', en: 'Triaged' },
  'freeze-account.requested': { 'zh-CN': '已请求冻结', en: 'Freeze requested' },
  'freeze-account.unconfirmed': { 'zh-CN': '冻结尚未确认', en: 'Freeze not yet confirmed' },
  'freeze-account.partly-frozen': { 'zh-CN': '部分冻结', en: 'Partly frozen' },
  'freeze-account.frozen': { 'zh-CN': '已冻结', en: 'Frozen' },
  'verify-identity.pending': { 'zh-CN': '等待身份证明', en: 'Waiting for proof of identity' },
  'verify-identity.in-review': { 'zh-CN': '身份审核中', en: 'Identity in review' },
  'verify-identity.passed': { 'zh-CN': '身份已核实', en: 'Identity proven' },
  'verify-identity.failed': { 'zh-CN': '身份核实未通过', en: 'Identity not proven' },
  'resolve.remediating': { 'zh-CN': '补救中', en: 'Undoing the damage' },
  'resolve.release-pending': { 'zh-CN': '等待解冻', en: 'Release pending' },
  'resolve.released': { 'zh-CN': '已解冻', en: 'Released' },
  recovered: { 'zh-CN': '已追回', en: 'Recovered' },
  'partly-recovered': { 'zh-CN': '部分追回', en: 'Partly recovered' },
  'no-loss': { 'zh-CN': '没有损失', en: 'No loss' },
  'false-report': { 'zh-CN': '误报', en: 'False report' },
  'malicious-report': { 'zh-CN': '恶意举报', en: 'Malicious report' },
  'verification-failed': { 'zh-CN': '身份核实失败', en: 'Verification failed' },
  duplicate: { 'zh-CN': '重复案件', en: 'Duplicate' },
  withdrawn: { 'zh-CN': '报告人撤回', en: 'Withdrawn' },
  authenticator: { 'zh-CN': '身份验证器', en: 'Authenticator' },
  document: { 'zh-CN': '证件', en: 'Document' },
  callback: { 'zh-CN': '回拨电话', en: 'Callback' },
  started: { 'zh-CN': '进行中', en: 'Begun' },
  passed: { 'zh-CN': '通过', en: 'Passed' },
  failed: { 'zh-CN': '未通过', en: 'Failed' },
  revoke_sessions: { 'zh-CN': '注销所有登录', en: 'Revoke sessions' },
  revoke_api_keys: { 'zh-CN': '停用 API 密钥', en: 'Revoke API keys' },
  cancel_pending_withdrawals: { 'zh-CN': '取消待处理的提现', en: 'Cancel pending withdrawals' },
  agent: { 'zh-CN': '客服', en: 'agent' },
  analyst: { 'zh-CN': '分析员', en: 'analyst' },
  approver: { 'zh-CN': '审批人', en: 'approver' },
  compliance: { 'zh-CN': '合规', en: 'compliance' },
  admin: { 'zh-CN': '管理员', en: 'admin' },
  customer: { 'zh-CN': '客户', en: 'customer' },
});

type Word = keyof typeof TEXTS.texts | keyof typeof FREEZE_TEXTS.texts;
const ALL: Readonly<Record<string, Text>> = { ...TEXTS.texts, ...FREEZE_TEXTS.texts };

/** `word('frozen')` in the reader's language; a name that is new to this page is shown as it came. */
export function useWords(): (name: Word | (string & {})) => string {
  const say = useTexts(TEXTS);
  const ofFreezes = useTexts(FREEZE_TEXTS);
  return (name) => {
    if (Object.hasOwn(TEXTS.texts, name)) return say(name as keyof typeof TEXTS.texts);
    return Object.hasOwn(ALL, name) ? ofFreezes(name as keyof typeof FREEZE_TEXTS.texts) : name;
  };
}

export const KINDS = [
  'unauthorized_trade',
  'unauthorized_withdrawal',
  'account_takeover',
  'phishing',
  'other',
] as const;
export const STEPS = ['intake', 'freeze-account', 'verify-identity', 'resolve', 'closed'] as const;
export const STATES = Object.keys(TEXTS.texts).filter((name) => /^[a-z-]+\.[a-z-]+$/.test(name));
export const OUTCOMES = [
  'recovered',
  'partly-recovered',
  'no-loss',
  'false-report',
  'malicious-report',
  'verification-failed',
  'duplicate',
  'withdrawn',
] as const;
