import { textsOf, useTexts } from '../ground/language.js';

const TEXTS = textsOf('staff-roles', {
  customer: { 'zh-CN': '客户', en: 'customer' },
  agent: { 'zh-CN': '客服专员', en: 'agent' },
  analyst: { 'zh-CN': '安全分析员', en: 'analyst' },
  approver: { 'zh-CN': '审批人', en: 'approver' },
  compliance: { 'zh-CN': '合规', en: 'compliance' },
  admin: { 'zh-CN': '管理员', en: 'admin' },
});

/** A role in the reader's language; one that is not known by the name it has in the record. */
export function useRoleName(): (role: string) => string {
  const say = useTexts(TEXTS);
  return (role) => (Object.hasOwn(TEXTS.texts, role) ? say(role as keyof typeof TEXTS.texts) : role);
}
