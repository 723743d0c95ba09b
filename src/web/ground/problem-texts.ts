import { textsOf, useTexts } from './language.js';
import { ApiProblem } from './problem.js';

/** What a refusal means to the reader and what to do; codes that only one page meets are worded there. */
const TEXTS = textsOf('problems', {
  away: {
    'zh-CN': '现在联系不上服务器。请检查网络后再试；您输入的内容还在。',
    en: 'The server cannot be reached right now. Check your connection and try again; what you entered is still here.',
  },
  unavailable: {
    'zh-CN': '服务暂时不可用，请稍后再试；您输入的内容还在。',
    en: 'The service is not available right now. Try again shortly; what you entered is still here.',
  },
  internal: {
    'zh-CN': '我们这边出了问题。请稍后再试；如果仍然不行，请把编号 {{requestId}} 告诉我们。',
    en: 'Something failed on our side. Try again shortly; if it goes on, tell us this number: {{requestId}}.',
  },
  too_many_requests: {
    'zh-CN': '尝试次数太多，请在 {{wait}} 后再试。',
    en: 'Too many tries. Try again in {{wait}}.',
  },
  soon: { 'zh-CN': '几分钟', en: 'a few minutes' },
  seconds: { 'zh-CN': '{{n}} 秒', en: '{{n}} s' },
  minutes: { 'zh-CN': '{{n}} 分钟', en: '{{n}} min' },
  not_signed_in: { 'zh-CN': '请先登录。', en: 'Sign in first.' },
  token_refused: { 'zh-CN': '您的登录已结束，请重新登录。', en: 'Your session has ended. Sign in again.' },
  not_allowed: { 'zh-CN': '您的角色不允许这项操作。', en: 'Your role does not allow this.' },
  not_found: { 'zh-CN': '这里没有内容，或者不对您开放。', en: 'There is nothing here, or it is not yours to see.' },
  case_not_found: {
    'zh-CN': '没有这个案件，或者不对您开放。',
    en: 'There is no such case, or it is not yours to see.',
  },
  conflict: {
    'zh-CN': '刚刚有人作了改动。请看一下最新状态再试。',
    en: 'Somebody else changed this just now. Look at it again, then try once more.',
  },
  in_flight: {
    'zh-CN': '同样的请求正在处理，请稍等。',
    en: 'The same request is still being worked on. Wait a moment.',
  },
  code_refused: {
    'zh-CN': '验证码不对，或者已经用过。请等下一个验证码。',
    en: 'The code is wrong or was used already. Wait for the next one.',
  },
  step_up_required: {
    'zh-CN': '这次确认不再有效（已用过、已过期，或内容有变）。请再确认一次。',
    en: 'That confirmation does not hold any more (used, expired, or something changed). Confirm again.',
  },
  credentials_refused: { 'zh-CN': '邮箱或密码不对。', en: 'E-mail or password is wrong.' },
  ticket_refused: { 'zh-CN': '这次登录已过期，请从头开始。', en: 'This sign-in has expired. Start again.' },
  invalid_request: {
    'zh-CN': '有些内容不符合要求：{{where}}。请检查后再试。',
    en: 'Something does not fit: {{where}}. Check it and try again.',
  },
  body_too_large: { 'zh-CN': '发送的内容太大。', en: 'What you are sending is too large.' },
  other: { 'zh-CN': '没有成功（{{code}}）。', en: 'That did not work ({{code}}).' },
});

/** The sentence for a refusal; `own` has what this page alone can say, by code. */
export function useProblemText(): (problem: unknown, own?: Readonly<Record<string, string>>) => string {
  const say = useTexts(TEXTS);
  const waitFor = (seconds: number | undefined): string => {
    if (seconds === undefined) return say('soon');
    return seconds < 90 ? say('seconds', { n: seconds }) : say('minutes', { n: Math.ceil(seconds / 60) });
  };
  return (problem, own = {}) => {
    if (!(problem instanceof ApiProblem)) return say('internal', { requestId: '–' });
    const { code, body, status, retryAfter } = problem;
    if (own[code]) return own[code];
    const issues = (body['issues'] ?? []) as { path: string }[];
    const values = {
      code,
      requestId: String(body['requestId'] ?? '–'),
      wait: waitFor(retryAfter),
      where: issues.map(({ path }) => path).join(', ') || '–',
    };
    if (status === 429) return say('too_many_requests', values);
    if (Object.hasOwn(TEXTS.texts, code)) return say(code as keyof typeof TEXTS.texts, values);
    return say(status >= 500 ? 'internal' : 'other', values);
  };
}
