import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import { useProblemText } from '../../ground/problem-texts.js';
import { useMe } from '../../ground/session.js';
import { Button, Notice, Waiting } from '../../ground/ui.js';
import { Section } from './section.js';

const TEXTS = textsOf('check-up', {
  title: { 'zh-CN': '安全检查', en: 'Security check-up' },
  why: { 'zh-CN': '最有用的排在最前面。', en: 'What helps most stands first.' },
  wait: { 'zh-CN': '正在检查……', en: 'Looking …' },
  again: { 'zh-CN': '再试一次', en: 'Try again' },
  go: { 'zh-CN': '去处理', en: 'Do it' },
  allGood: { 'zh-CN': '一切就绪，没有需要处理的。', en: 'All is well; there is nothing to do.' },
  unavailable: {
    'zh-CN': '现在读不到交易所的信息（API 密钥、提现地址、登录），以下只包括本系统。',
    en: 'The facts of the exchange (API keys, withdrawal addresses, sessions) cannot be read right now; this is only what we know here.',
  },
  danger: { 'zh-CN': '危险', en: 'Danger' },
  missing: { 'zh-CN': '未设置', en: 'Missing' },
  weak: { 'zh-CN': '薄弱', en: 'Weak' },
  old: { 'zh-CN': '过旧', en: 'Old' },
  look: { 'zh-CN': '请查看', en: 'Look' },
  good: { 'zh-CN': '良好', en: 'Good' },
});

/** What is set, what is weak, and what to do next. */
export function CheckUp(): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const problemText = useProblemText();
  const me = useMe();
  const { data, error, refetch } = useQuery({ queryKey: ['checkUp', me], queryFn: () => call('checkUp') });
  const todo = data?.items.filter(({ state }) => state !== 'good') ?? [];
  return (
    <Section id="check-up" title={say('title')} why={say('why')}>
      {error ? (
        <Notice kind="bad">
          {problemText(error)} <Button onClick={() => void refetch()}>{say('again')}</Button>
        </Notice>
      ) : null}
      {data || error ? null : <Waiting>{say('wait')}</Waiting>}
      {data?.exchange === 'unavailable' ? <Notice kind="warn">{say('unavailable')}</Notice> : null}
      {data && todo.length === 0 ? <Notice kind="good">{say('allGood')}</Notice> : null}
      <ul className="check-up">
        {data?.items.map(({ id, state, title, advice, link }) => (
          <li key={id}>
            <span className={`mark ${state}`}>{say(state)}</span>
            <strong>{inWords(title)}</strong>
            <span>
              {inWords(advice)}{' '}
              {state === 'good' ? null : (
                <a href={link} aria-label={`${say('go')}: ${inWords(title)}`}>
                  {say('go')}
                </a>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
