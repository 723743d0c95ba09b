import { Button, Segmented, Skeleton } from 'antd';
import { type ReactNode, useState } from 'react';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import { useProblemText } from '../../ground/problem-texts.js';
import { Time } from '../../ground/time.js';
import { Notice } from '../../ground/ui.js';
import type { Entry } from '../case-types.js';
import { keyed } from '../keyed.js';
import { useNames } from '../use-colleagues.js';
import { useEventWords } from './event-words.js';
import { useTimeline } from './use-case.js';

const TEXTS = textsOf('desk-timeline', {
  title: { 'zh-CN': '时间线', en: 'Timeline' },
  all: { 'zh-CN': '全部', en: 'All' },
  messages: { 'zh-CN': '消息', en: 'Messages' },
  events: { 'zh-CN': '事件', en: 'Events' },
  which: { 'zh-CN': '显示', en: 'Show' },
  customer: { 'zh-CN': '客户', en: 'customer' },
  reporter: { 'zh-CN': '报告人', en: 'reporter' },
  system: { 'zh-CN': '系统', en: 'system' },
  staff: { 'zh-CN': '员工', en: 'staff' },
  toCustomer: { 'zh-CN': '发给客户', en: 'to the customer' },
  note: { 'zh-CN': '内部备注', en: 'note among staff' },
  became: { 'zh-CN': '→ {{state}}', en: '→ {{state}}' },
  none: { 'zh-CN': '还没有消息。', en: 'No message yet.' },
  again: { 'zh-CN': '再试一次', en: 'Try again' },
});

type Which = 'all' | 'messages' | 'events';

/** The story of a case, newest first: what happened and what was written. */
export function Timeline({ caseId }: { readonly caseId: string }): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useProblemText();
  const { entries, error, again } = useTimeline(caseId);
  const [which, setWhich] = useState<Which>('all');
  const shown = entries?.filter(({ message }) => which === 'all' || (which === 'messages') === (message !== undefined));
  const newestFirst =
    shown && keyed(shown, ({ at, event, message }) => message?.messageId ?? `${at} ${event}`).toReversed();
  return (
    <section aria-labelledby="timeline" className="timeline">
      <div className="section-head">
        <h2 id="timeline">{say('title')}</h2>
        <Segmented<Which>
          aria-label={say('which')}
          value={which}
          onChange={setWhich}
          options={(['all', 'messages', 'events'] as const).map((value) => ({ value, label: say(value) }))}
        />
      </div>
      {error ? (
        <Notice kind="bad">
          {problemText(error)} <Button onClick={again}>{say('again')}</Button>
        </Notice>
      ) : null}
      {!entries && !error ? <Skeleton active title={false} /> : null}
      {shown?.length === 0 ? <p className="soft">{say('none')}</p> : null}
      <ol>
        {newestFirst?.map(([key, entry]) => (
          <TimelineEntry key={key} entry={entry} />
        ))}
      </ol>
    </section>
  );
}

function TimelineEntry({ entry: { at, by, event, title, message } }: { readonly entry: Entry }): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const happened = useEventWords();
  const name = useNames();
  const who = by.side === 'staff' && by.id ? name(by.id) : say(by.side);
  if (message) {
    const kind = message.audience === 'staff' ? 'note' : message.from;
    return (
      <li className={`entry message from-${kind}`}>
        <p className="entry-head">
          <b>{who}</b> {message.from === 'staff' ? say(message.audience === 'staff' ? 'note' : 'toCustomer') : null}{' '}
          <Time at={at} style="short" />
        </p>
        <p className="own-words">
          <bdi>{message.text}</bdi>
        </p>
      </li>
    );
  }
  return (
    <li className="entry">
      <p>
        {happened(event ?? '')} {title ? <b>{say('became', { state: inWords(title) })}</b> : null}
      </p>
      <p className="entry-head">
        {who} <Time at={at} style="short" />
      </p>
    </li>
  );
}
