import { hashToken } from '../kernel/ids.js';
import type { Text } from '../kernel/locale.js';
import type { CaseContext } from './context.js';
import { caseProblem } from './problems.js';
import { caseByTracking } from './store.js';
import { stepOf } from './words.js';

/** The least there is to say: whoever holds the link may be anybody, and must not learn whether an account exists. */
export interface TrackingView {
  number: string;
  status: 'received' | 'in-progress' | 'closed';
  title: Text;
  next: Text;
  openedAt: string;
}

const WORDS: Readonly<Record<TrackingView['status'], { title: Text; next: Text }>> = {
  received: {
    title: { 'zh-CN': '已收到', en: 'Received' },
    next: { 'zh-CN': '安全人员将阅读您的报告。', en: 'A security officer will read your report.' },
  },
  'in-progress': {
    title: { 'zh-CN': '处理中', en: 'In progress' },
    next: {
      'zh-CN': '安全人员正在处理。请在本人账户中登录查看详情。',
      en: 'A security officer is working on it. Sign in to your own account to see the details.',
    },
  },
  closed: {
    title: { 'zh-CN': '已结案', en: 'Closed' },
    next: { 'zh-CN': '如有新情况，请再次报告。', en: 'If something new comes up, report again.' },
  },
};

/**
 * Shows a case to whoever holds its secret link.
 * @param token  the value of the header `Tracking-Token`
 * @throws Problem `tracking_refused`
 */
export async function trackCase(ctx: CaseContext, token: string | undefined): Promise<TrackingView> {
  if (token === undefined || !/^[\w-]{43}$/.test(token)) throw caseProblem('tracking_refused');
  const doc = await caseByTracking(ctx.db, hashToken(token));
  if (!doc) throw caseProblem('tracking_refused');
  const step = stepOf(doc.state);
  const status = step === 'intake' ? 'received' : step === 'closed' ? 'closed' : 'in-progress';
  return { number: doc.number, status, ...WORDS[status], openedAt: doc.openedAt.toISOString() };
}
