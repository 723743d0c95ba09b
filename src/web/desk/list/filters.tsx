import { Button, Input, type InputRef, Segmented, Select } from 'antd';
import { type ReactNode, type RefObject, useEffect, useState } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { KINDS, STATES, STEPS, useWords } from '../words.js';
import type { Filter } from './use-filter.js';

const TEXTS = textsOf('desk-filters', {
  filters: { 'zh-CN': '筛选', en: 'Filters' },
  number: { 'zh-CN': '案件编号', en: 'Case number' },
  find: { 'zh-CN': '查找', en: 'Find' },
  whose: { 'zh-CN': '负责人', en: 'Assigned to' },
  all: { 'zh-CN': '全部', en: 'All' },
  me: { 'zh-CN': '我的', en: 'Mine' },
  nobody: { 'zh-CN': '无人负责', en: 'Nobody’s' },
  state: { 'zh-CN': '步骤或状态', en: 'Step or state' },
  anyState: { 'zh-CN': '所有状态', en: 'Any state' },
  wholeStep: { 'zh-CN': '{{step}}（整个步骤）', en: '{{step}} (whole step)' },
  kind: { 'zh-CN': '案件类型', en: 'Kind' },
  anyKind: { 'zh-CN': '所有类型', en: 'Any kind' },
  clear: { 'zh-CN': '清除筛选', en: 'Clear filters' },
});

interface Props {
  readonly filter: Filter;
  readonly onChange: (change: Filter) => void;
  readonly search: RefObject<InputRef | null>;
}

export function Filters({ filter, onChange, search }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const word = useWords();
  const [typed, setTyped] = useState(filter.number ?? '');
  useEffect(() => setTyped(filter.number ?? ''), [filter.number]);
  const states = STEPS.map((step) => ({
    label: word(step),
    options: [
      { value: step, label: step === 'closed' ? word(step) : say('wholeStep', { step: word(step) }) },
      ...STATES.filter((state) => state.startsWith(`${step}.`)).map((state) => ({ value: state, label: word(state) })),
    ],
  }));
  return (
    <search className="filters" aria-label={say('filters')}>
      <Segmented
        aria-label={say('whose')}
        value={filter.assigned ?? ''}
        options={[
          { value: '', label: say('all') },
          { value: 'me', label: say('me') },
          { value: 'nobody', label: say('nobody') },
        ]}
        onChange={(assigned) => onChange({ assigned })}
      />
      <Select
        aria-label={say('state')}
        className="filter-state"
        value={filter.state ?? ''}
        options={[{ value: '', label: say('anyState') }, ...states]}
        popupMatchSelectWidth={false}
        virtual={false}
        onChange={(state: string) => onChange({ state })}
      />
      <Select
        aria-label={say('kind')}
        className="filter-kind"
        value={filter.kind ?? ''}
        options={[{ value: '', label: say('anyKind') }, ...KINDS.map((kind) => ({ value: kind, label: word(kind) }))]}
        popupMatchSelectWidth={false}
        virtual={false}
        onChange={(kind: string) => onChange({ kind })}
      />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onChange({ number: typed.trim() });
        }}
      >
        <Input
          ref={search}
          aria-label={say('number')}
          className="filter-number"
          placeholder={say('number')}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            if (target.value === '') onChange({ number: '' });
          }}
          onKeyDown={({ key }) => {
            if (key === 'Escape') search.current?.blur();
          }}
        />
        <Button htmlType="submit">{say('find')}</Button>
      </form>
      {Object.keys(filter).length > 0 ? (
        <Button onClick={() => onChange({ state: '', kind: '', assigned: '', number: '' })}>{say('clear')}</Button>
      ) : null}
    </search>
  );
}
