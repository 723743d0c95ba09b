import { Button, type InputRef, Skeleton } from 'antd';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { textsOf, useTexts } from '../../ground/language.js';
import { useProblemText } from '../../ground/problem-texts.js';
import { Notice } from '../../ground/ui.js';
import { useShortcuts } from '../keys/use-shortcuts.js';
import { CaseRows } from './case-rows.js';
import { Filters } from './filters.js';
import { Proposals } from './proposals.js';
import { useCaseLines } from './use-case-lines.js';
import { useFilter } from './use-filter.js';
import { useKeptView } from './use-kept-view.js';

const TEXTS = textsOf('desk-list', {
  title: { 'zh-CN': '案件', en: 'Cases' },
  loaded: { 'zh-CN': '已载入 {{n}} 个案件', en: 'loaded so far: {{n}}' },
  all: { 'zh-CN': '共 {{n}} 个案件', en: 'in all: {{n}}' },
  came: { 'zh-CN': '新到 {{n}} 个', en: 'new: {{n}}' },
  keys: { 'zh-CN': '按 ? 查看快捷键', en: 'Press ? for shortcuts' },
  none: { 'zh-CN': '没有符合条件的案件。', en: 'No case fits.' },
  noneHow: { 'zh-CN': '请换一个筛选条件，或者清除全部筛选。', en: 'Choose other filters, or clear them all.' },
  empty: { 'zh-CN': '还没有案件。', en: 'There is no case yet.' },
  emptyHow: { 'zh-CN': '客户提交的报告会自动出现在这里。', en: 'What customers report appears here by itself.' },
  again: { 'zh-CN': '再试一次', en: 'Try again' },
  stale: {
    'zh-CN': '列表暂时无法更新，显示的是上次的内容。',
    en: 'The list cannot be updated right now; this is what it was.',
  },
});

export function CaseList(): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useProblemText();
  const [, navigate] = useLocation();
  const [filter, setFilter] = useFilter();
  const cases = useCaseLines(filter);
  const { listed, error } = cases;
  const [view, keepView] = useKeptView(JSON.stringify(filter));
  const [selected, setSelected] = useState(view.selected);
  const search = useRef<InputRef>(null);
  const lines = listed?.lines ?? [];

  const select = (caseId: string) => {
    setSelected(caseId);
    keepView({ selected: caseId });
  };
  const move = (by: number) => {
    const at = lines.findIndex(({ caseId }) => caseId === selected);
    const next = lines[at < 0 ? 0 : Math.min(lines.length - 1, Math.max(0, at + by))];
    if (next) select(next.caseId);
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => {
      const { activeElement } = document;
      if (activeElement instanceof HTMLElement && activeElement.matches('a, button')) activeElement.click();
      else if (selected) navigate(`/desk/cases/${selected}`);
    },
    '/': () => search.current?.focus({ cursor: 'all' }),
  });
  // After a reload, as much as was loaded before.
  const { loadMore } = cases;
  const short = listed?.next !== undefined && lines.length < view.depth;
  useEffect(() => {
    if (short) loadMore();
  });

  return (
    <div className="desk-list">
      <header className="page-head">
        <h1>{say('title')}</h1>
        {listed ? (
          <p className="soft" role="status">
            {say(listed.next === undefined ? 'all' : 'loaded', { n: lines.length })}
            {listed.fresh.size > 0 ? ` · ${say('came', { n: listed.fresh.size })}` : ''}
          </p>
        ) : null}
        <p className="soft keys-hint">{say('keys')}</p>
      </header>
      <Proposals />
      <Filters filter={filter} onChange={setFilter} search={search} />
      {error ? (
        <Notice kind="bad">
          {listed ? say('stale') : problemText(error)} <Button onClick={cases.again}>{say('again')}</Button>
        </Notice>
      ) : null}
      {listed && lines.length > 0 && !(short && view.depth > lines.length) ? (
        <CaseRows
          key={JSON.stringify(filter)}
          listed={listed}
          selected={selected}
          scrollTop={view.top}
          onSelect={select}
          onEnd={loadMore}
          onScroll={(top, first) => {
            cases.lookingAt(first);
            keepView({ top, depth: first });
          }}
        />
      ) : null}
      {listed && lines.length === 0 ? (
        <div className="sheet empty">
          <p>{say(Object.keys(filter).length > 0 ? 'none' : 'empty')}</p>
          <p className="soft">{say(Object.keys(filter).length > 0 ? 'noneHow' : 'emptyHow')}</p>
        </div>
      ) : null}
      {!listed && !error ? <Skeleton active paragraph={{ rows: 10 }} title={false} /> : null}
    </div>
  );
}
