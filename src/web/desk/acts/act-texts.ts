import { textsOf, useTexts } from '../../ground/language.js';
import type { ActName, ActSeen } from '../case-types.js';

const NAMES = textsOf('desk-acts', {
  triageCase: { 'zh-CN': '完成初审', en: 'Triage' },
  assignCase: { 'zh-CN': '分配案件', en: 'Assign' },
  linkCaseAccount: { 'zh-CN': '关联账户', en: 'Link the account' },
  addMessage: { 'zh-CN': '写消息', en: 'Write' },
  makeSupportCode: { 'zh-CN': '生成通话口令', en: 'Make a support code' },
  checkSupportCode: { 'zh-CN': '核对来电口令', en: 'Check a support code' },
  freezeAccount: { 'zh-CN': '冻结账户', en: 'Freeze the account' },
  retryFreeze: { 'zh-CN': '重新请求冻结', en: 'Ask again for the freeze' },
  extendFreeze: { 'zh-CN': '延长冻结', en: 'Extend the freeze' },
  waiveFreeze: { 'zh-CN': '不再冻结', en: 'Waive the freeze' },
  requestIdentity: { 'zh-CN': '请客户证明身份', en: 'Request proof of identity' },
  startCheck: { 'zh-CN': '开始身份核实', en: 'Begin an identity check' },
  recordCheck: { 'zh-CN': '记录核实结果', en: 'Record the result of a check' },
  failIdentity: { 'zh-CN': '身份核实不通过', en: 'Fail the identity' },
  restoreContactPoint: { 'zh-CN': '恢复联系方式', en: 'Restore a contact point' },
  resetCustomerFactors: { 'zh-CN': '重置客户验证方式', en: 'Reset the customer’s factors' },
  orderRemedies: { 'zh-CN': '下令补救', en: 'Order remedies' },
  proposeRelease: { 'zh-CN': '提议解冻', en: 'Propose the release' },
  approveRelease: { 'zh-CN': '批准解冻', en: 'Approve the release' },
  declineRelease: { 'zh-CN': '拒绝解冻', en: 'Decline the release' },
  closeCase: { 'zh-CN': '结案', en: 'Close the case' },
  reopenCase: { 'zh-CN': '重新打开', en: 'Reopen' },
  setLegalHold: { 'zh-CN': '设置法律保全', en: 'Set a legal hold' },
  liftLegalHold: { 'zh-CN': '解除法律保全', en: 'Lift the legal hold' },
});

const REASONS = textsOf('desk-act-reasons', {
  not_allowed: { 'zh-CN': '您的角色不做这件事', en: 'not in your role' },
  own_case: { 'zh-CN': '这是您自己的案件', en: 'this case is your own' },
  event_not_allowed: { 'zh-CN': '案件现在不在这一步', en: 'the case is not at this point' },
  no_account: { 'zh-CN': '还没有关联账户', en: 'no account is linked yet' },
  account_known: { 'zh-CN': '已经关联账户', en: 'the account is linked already' },
  nothing_to_retry: { 'zh-CN': '没有需要重试的冻结', en: 'no freeze needs it' },
  nothing_frozen: { 'zh-CN': '没有生效的冻结', en: 'nothing is frozen' },
  still_frozen: { 'zh-CN': '账户仍被冻结', en: 'the account is still frozen' },
  still_open: { 'zh-CN': '还有未冻结的范围', en: 'some scopes are still open' },
  remedies_pending: { 'zh-CN': '补救还在进行', en: 'a remedy is under way' },
  nobody_to_verify: { 'zh-CN': '不知道客户是谁', en: 'nobody is known to verify' },
  method_not_accepted: { 'zh-CN': '这类案件不接受人工核实', en: 'the policy knows no check by staff' },
  no_check_begun: { 'zh-CN': '没有进行中的核实', en: 'no check is under way' },
  identity_not_proven: { 'zh-CN': '身份尚未核实', en: 'the identity is not proven' },
  own_verification: {
    'zh-CN': '核实身份的人不能参与解冻，需由他人处理',
    en: 'who verified takes no part in the release: somebody else must',
  },
  own_proposal: { 'zh-CN': '不能批准自己的提议', en: 'nobody approves their own proposal' },
  nothing_proposed: { 'zh-CN': '没有待审批的提议', en: 'nothing is proposed' },
  already_decided: { 'zh-CN': '已经有决定', en: 'decided already' },
  cooling_off: { 'zh-CN': '冷静期未结束', en: 'the cooling-off time is not over' },
  proposal_expired: { 'zh-CN': '提议已过期', en: 'the proposal has expired' },
  scopes_differ: { 'zh-CN': '提议之后又有新的冻结，请先拒绝', en: 'more was frozen since: decline it first' },
  legal_hold: { 'zh-CN': '案件处于法律保全', en: 'the case is under legal hold' },
  legal_hold_set: { 'zh-CN': '已有法律保全', en: 'there is one already' },
  legal_hold_missing: { 'zh-CN': '没有法律保全', en: 'there is none' },
  reopen_window_over: { 'zh-CN': '结案已超过 30 天', en: 'closed for more than 30 days' },
  not_urgent_and_proven: { 'zh-CN': '不满足自动冻结的条件', en: 'not urgent and proven' },
  no_hold_asked: { 'zh-CN': '没有请求临时限制', en: 'no hold was asked for' },
});

/** Names of acts, and why one is shut now. */
export function useActTexts(): {
  name: (act: ActName) => string;
  reason: (because: NonNullable<ActSeen['because']> | (string & {})) => string;
} {
  const name = useTexts(NAMES);
  const say = useTexts(REASONS);
  return {
    name,
    reason: (because) => (Object.hasOwn(REASONS.texts, because) ? say(because as keyof typeof REASONS.texts) : because),
  };
}

/** Refusals that only acts on cases meet, in whole sentences; see problem-texts of the ground for the rest. */
export const PROBLEMS = textsOf('desk-act-problems', {
  own_case: { 'zh-CN': '这是您自己的案件，必须由他人处理。', en: 'This case is your own; somebody else must act.' },
  event_not_allowed: {
    'zh-CN': '案件现在不允许这项操作：状态刚刚有变化，或者条件尚不满足。',
    en: 'The case does not allow this now: its state has just changed, or something is missing first.',
  },
  no_account: { 'zh-CN': '案件还没有关联交易所账户。', en: 'The case has no account at the exchange yet.' },
  account_known: { 'zh-CN': '案件已经关联账户。', en: 'The case has its account already.' },
  account_of_another: {
    'zh-CN': '这个账户属于另一位客户，不能关联到本案。',
    en: 'That account belongs to somebody else than the customer of this case.',
  },
  account_unknown: { 'zh-CN': '交易所没有这个 UID。', en: 'The exchange knows no such UID.' },
  exchange_unavailable: {
    'zh-CN': '暂时联系不上交易所，请稍后再试。',
    en: 'The exchange cannot be reached right now. Try again shortly.',
  },
  assignee_not_found: { 'zh-CN': '此人不处理案件。', en: 'That person does not work on cases.' },
  too_long: {
    'zh-CN': '您的角色最多可以冻结 {{mostHours}} 小时。',
    en: 'Your role may freeze for at most {{mostHours}} hours.',
  },
  analyst_needed: {
    'zh-CN': '客服对这个账户的冻结时间已用完，请交给分析员决定。',
    en: 'Agents have frozen this account for as long as they may; an analyst must decide.',
  },
  freeze_state_conflict: {
    'zh-CN': '这个冻结现在不能这样改：它会提前结束，或者正在解冻。',
    en: 'The freeze cannot be changed like this now: it would end earlier, or is being released.',
  },
  freeze_not_in_case: { 'zh-CN': '这个冻结已不再生效。', en: 'That freeze is not in force any more.' },
  nobody_to_verify: { 'zh-CN': '不知道要核实谁的身份。', en: 'Nobody is known whose identity could be proven.' },
  method_not_accepted: {
    'zh-CN': '这类案件不接受这种核实方式。',
    en: 'The policy of this case does not know this method.',
  },
  contact_point_refused: {
    'zh-CN': '这个号码不能用于证明身份：太新、已被标记，或者不是电话。',
    en: 'This number cannot prove an identity: too new, marked as compromised, or no telephone.',
  },
  contact_point_trusted: { 'zh-CN': '这个联系方式没有被标记。', en: 'This contact point is not marked.' },
  evidence_missing: {
    'zh-CN': '请选择您核对过的证据。',
    en: 'Choose the evidence that you looked at.',
  },
  already_decided: { 'zh-CN': '已经有人作出决定。', en: 'Somebody has decided this already.' },
  identity_not_proven: { 'zh-CN': '客户身份尚未核实。', en: 'The identity of the customer is not proven.' },
  remedy_under_way: { 'zh-CN': '同样的补救还在进行。', en: 'The same remedy is still under way.' },
  own_proposal: { 'zh-CN': '不能批准自己的提议。', en: 'Nobody approves their own proposal.' },
  own_verification: {
    'zh-CN': '核实身份的人既不能提议也不能批准解冻。',
    en: 'Who verified the identity neither proposes nor approves the release.',
  },
  cooling_off: { 'zh-CN': '冷静期还没有结束。', en: 'The cooling-off time is not over yet.' },
  proposal_expired: {
    'zh-CN': '提议已过期，需要重新提议。',
    en: 'The proposal has expired; it must be proposed again.',
  },
  scopes_differ: {
    'zh-CN': '冻结范围刚刚有变化，请关闭后重新提议。',
    en: 'What is frozen has just changed. Close this and propose again.',
  },
  another_case_open: {
    'zh-CN': '同一位报告人的同类案件已经打开，请在那里继续。',
    en: 'Another case about the same is open; go on there.',
  },
  legal_hold_set: { 'zh-CN': '案件已经处于法律保全。', en: 'The case is under legal hold already.' },
  legal_hold_missing: { 'zh-CN': '案件没有法律保全。', en: 'The case is not under legal hold.' },
  case_full: { 'zh-CN': '这个案件不能再写更多消息。', en: 'The case holds as many messages as it can.' },
  support_code_refused: {
    'zh-CN': '口令不对、已用过或已过期：不要把来电者当作客户。',
    en: 'Wrong, used or too old: do not take the caller for the customer.',
  },
  not_set_up: { 'zh-CN': '客户还没有设置密码。', en: 'The customer has set no password yet.' },
  break_glass_open: { 'zh-CN': '您已经打开了这个案件。', en: 'You have this case open already.' },
  evidence_quarantined: {
    'zh-CN': '这份证据仍在隔离：没有病毒扫描器确认它安全。',
    en: 'This evidence is in quarantine: no virus scanner has called it clean.',
  },
  view_quota_reached: {
    'zh-CN': '这一小时内您查看的证据已达上限，请稍后再看。',
    en: 'You have opened as much evidence in this hour as one person may. Wait, then look again.',
  },
  preview_missing: { 'zh-CN': '没有预览。', en: 'There is no preview.' },
  original_damaged: {
    'zh-CN': '证据与收到时不一致，下载已停止，并已通知相关人员。',
    en: 'The evidence is not what was received. The download was stopped and staff have been told.',
  },
  original_erased: {
    'zh-CN': '原件已被删除，只保留哈希和保管记录。',
    en: 'The original was erased; hash and custody remain.',
  },
  not_a_picture: { 'zh-CN': '只有图片可以遮盖。', en: 'Only what is shown as a picture can be redacted.' },
  redactions_full: { 'zh-CN': '这份证据的遮盖副本已达上限。', en: 'There are as many redactions as there can be.' },
});
