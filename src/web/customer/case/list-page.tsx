import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { call } from '../../ground/client.js';
import { SignedIn } from '../../ground/gate.js';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import { useProblemText } from '../../ground/problem-texts.js';
import { Time } from '../../ground/time.js';
import { Button, Notice, Waiting } from '../../ground/ui.js';
import { OwnHolds } from '../own-holds.js';
import '../parts.css';
import './case.css';
import { OUTCOME_TEXTS } from './outcome-words.js';

const TEXTS = textsOf('cases-page', {
  title: { 'zh-CN': '我的案件', en: 'My cases' },
  wait: { 'zh-CN': '正在查询……', en: 'Looking them up …' },
  none: { 'zh-CN': '您还没有案件。', en: 'You have no case.' },
  noneWhy: {
    'zh-CN': '账户出了问题？报告之后，进展会显示在这里。',
    en: 'Something wrong with your account? Once you have reported it, you see here where it stands.',
  },
  report: { 'zh-CN': '报告发生了什么', en: 'Report what happened' },
  opened: { 'zh-CN': '报告于 ', en: 'Reported ' },
  again: { 'zh-CN': '再试一次', en: 'Try again' },
  more: { 'zh-CN': '显示更早的', en: 'Show earlier ones' },
});

export function CasesPage(): ReactNode {
  return (
    <SignedIn>
      <Cases />
    </SignedIn>
  );
}

function Cases(): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const outcomeText = useTexts(OUTCOME_TEXTS);
  const problemText = useProblemText();
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['listCases'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => call('listCases', { query: pageParam ? { cursor: pageParam } : {} }),
    getNextPageParam: ({ next }) => next,
  });
  const cases = data?.pages.flatMap((page) => page.cases) ?? [];
  return (
    <>
      <h1>{say('title')}</h1>
      <OwnHolds />
      {error ? (
        <Notice kind="bad">
          {problemText(error)} <Button onClick={() => void refetch()}>{say('again')}</Button>
        </Notice>
      ) : null}
      {data || error ? null : <Waiting>{say('wait')}</Waiting>}
      {data && cases.length === 0 ? (
        <section className="sheet empty">
          <h2>{say('none')}</h2>
          <p>{say('noneWhy')}</p>
          <Link className="button act" href="/report">
            {say('report')}
          </Link>
        </section>
      ) : null}
      <ul className="cases">
        {cases.map(({ caseId, number, title, state, openedAt, outcome }) => (
          <li key={caseId}>
            <Link className="choice" href={`/cases/${caseId}`}>
              <span className="case-line">
                <strong>{inWords(title)}</strong>
                <span className={`badge ${state.step}`}>{outcome ? outcomeText(outcome) : inWords(state.title)}</span>
              </span>
              <span>{number}</span>
              <span className="hint">
                {say('opened')}
                <Time at={openedAt} style="short" />
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {hasNextPage ? <Button onClick={() => void fetchNextPage()}>{say('more')}</Button> : null}
    </>
  );
}
