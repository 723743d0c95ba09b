import { textsOf } from '../../ground/language.js';

export const OUTCOME_TEXTS = textsOf('outcomes', {
  recovered: { 'zh-CN': '已恢复', en: 'Recovered' },
  'partly-recovered': { 'zh-CN': '部分恢复', en: 'Partly recovered' },
  'no-loss': { 'zh-CN': '没有损失', en: 'No loss' },
  'false-report': { 'zh-CN': '误报', en: 'A false alarm' },
  'malicious-report': { 'zh-CN': '恶意报告', en: 'A malicious report' },
  'verification-failed': { 'zh-CN': '身份未能核实', en: 'Identity not proven' },
  duplicate: { 'zh-CN': '与另一案件重复', en: 'A duplicate of another case' },
  withdrawn: { 'zh-CN': '已撤回', en: 'Withdrawn' },
});
