import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import type { Me } from '../../ground/session.js';
import { ActivityList, type Picked } from './activity-list.js';
import type { Draft } from './draft.js';
import { faultsOf } from './missing.js';
import { TypedLosses } from './typed-losses.js';

const TEXTS = textsOf('which-step', {
  pick: {
    'zh-CN': '勾选不是您本人操作的。不确定的也可以勾选，在经过里说明。',
    en: 'Tick what was not you. If you are not sure, tick it and say so in the story.',
  },
  type: { 'zh-CN': '知道多少填多少，也可以跳过。', en: 'Fill in what you know, or skip it.' },
  more: { 'zh-CN': '列表里没有？在这里填写', en: 'Not in the list? Write it down' },
});

interface Props {
  readonly draft: Draft;
  readonly me: Me | undefined;
  readonly onChange: (part: Partial<Draft>) => void;
}

/** Which of the account's activity was somebody else: picked where we know it, typed where we do not. */
export function WhichStep({ draft, me, onChange }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const typed = <TypedLosses draft={draft} faults={faultsOf(draft, me)} onChange={onChange} />;
  if (!me?.accountId)
    return (
      <>
        <p>{say('type')}</p>
        {typed}
      </>
    );
  const pick = (notMine: Picked, earliest: string | undefined) =>
    onChange({ notMine, ...(earliest && !draft.occurredAt && { occurredAt: localOf(earliest) }) });
  return (
    <>
      <p>{say('pick')}</p>
      <ActivityList kind={draft.kind} picked={draft.notMine} onPick={pick} />
      <details>
        <summary>{say('more')}</summary>
        {typed}
      </details>
    </>
  );
}

/** An instant as a date-time field takes it, in the device's zone, to the minute. */
export function localOf(at: string): string {
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
