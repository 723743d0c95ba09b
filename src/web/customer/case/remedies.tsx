import type { ReactNode } from 'react';
import type { Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';

const TEXTS = textsOf('remedies', {
  title: { 'zh-CN': '我们在清除的影响', en: 'What we undo' },
  revoke_sessions: { 'zh-CN': '退出所有已登录的设备', en: 'Sign out every device' },
  revoke_api_keys: { 'zh-CN': '停用 API 密钥', en: 'Revoke API keys' },
  cancel_pending_withdrawals: { 'zh-CN': '取消未完成的提现', en: 'Cancel pending withdrawals' },
  ordered: { 'zh-CN': '已请求', en: 'asked for' },
  done: { 'zh-CN': '已完成', en: 'done' },
  failed: { 'zh-CN': '没有完成', en: 'not done' },
  unconfirmed: { 'zh-CN': '尚未确认', en: 'not confirmed' },
});

const STATES = ['ordered', 'done', 'failed', 'unconfirmed'] as const;

export function Remedies({ remedies }: { readonly remedies: Reply<'getCase'>['remedies'] }): ReactNode {
  const say = useTexts(TEXTS);
  if (remedies.length === 0) return null;
  return (
    <section className="sheet">
      <h2>{say('title')}</h2>
      <ul className="scopes">
        {remedies.map(({ kind, state, orderedAt, doneAt }) => (
          <li key={kind + orderedAt} data-how={state}>
            <span>
              {say(kind)}{' '}
              <span className="hint">
                <Time at={doneAt ?? orderedAt} style="short" />
              </span>
            </span>
            <strong>{say(STATES.find((each) => each === state) ?? 'ordered')}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}
