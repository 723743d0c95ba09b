import { Table, type TableProps } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { Chip } from '../../staff/chip.js';
import { PersonName } from '../../staff/person-name.js';
import { fragmentOf } from '../../staff/use-fragment.js';
import { wide } from '../../staff/wide.js';
import { useKindName } from './anomaly-form.js';
import type { Anomaly } from './use-anomalies.js';

const TEXTS = textsOf('anomalies-table', {
  kind: { 'zh-CN': '异常', en: 'What' },
  who: { 'zh-CN': '谁', en: 'Who' },
  when: { 'zh-CN': '时间', en: 'When' },
  caseId: { 'zh-CN': '案件', en: 'Case' },
  several: { 'zh-CN': '多个案件', en: 'several' },
  count: { 'zh-CN': '事件数', en: 'Events' },
  events: { 'zh-CN': '事件', en: 'See' },
  event: { 'zh-CN': '第 {{n}} 个事件', en: 'event {{n}}' },
  first: { 'zh-CN': '打开事件', en: 'open the event' },
  rest: { 'zh-CN': '此人的事件', en: 'all by them' },
  none: { 'zh-CN': '这段时间内没有值得注意的事。', en: 'Nothing in this time deserves a look.' },
  to: { 'zh-CN': '至', en: 'to' },
});

const SHOWN_EVENTS = 3;

interface Props {
  readonly anomalies: readonly Anomaly[];
  readonly loading: boolean;
}

export function AnomaliesTable({ anomalies, loading }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const kindName = useKindName();
  const columns: TableProps<Anomaly>['columns'] = [
    {
      title: say('kind'),
      key: 'kind',
      width: 320,
      render: (_, { kind, says }) => (
        <>
          <Chip>{kindName(kind)}</Chip>
          <div>{inWords(says)}</div>
        </>
      ),
    },
    { title: say('who'), key: 'who', width: 260, render: (_, { personId }) => <PersonName id={personId} /> },
    {
      title: say('when'),
      key: 'when',
      width: 230,
      render: (_, { first, last }) => (
        <>
          <Time at={first} />
          {first === last ? null : (
            <div className="soft">
              {say('to')} <Time at={last} />
            </div>
          )}
        </>
      ),
    },
    {
      title: say('caseId'),
      key: 'case',
      width: 220,
      render: (_, { caseId, count }) =>
        caseId ? (
          <Link href={`/compliance${fragmentOf({ caseId })}`}>
            <code>{caseId}</code>
          </Link>
        ) : count > 1 ? (
          <span className="soft">{say('several')}</span>
        ) : null,
    },
    { title: say('count'), dataIndex: 'count', width: 90, align: 'right' },
    {
      title: say('events'),
      key: 'events',
      width: 200,
      render: (_, { events, personId, first, last, count }) => (
        <div className="event-links">
          {events.slice(0, SHOWN_EVENTS).map((eventId, index) => (
            <Link key={eventId} href={`/compliance/events/${eventId}`}>
              {count === 1 ? say('first') : say('event', { n: index + 1 })}
            </Link>
          ))}
          {count > SHOWN_EVENTS ? (
            <Link href={`/compliance${fragmentOf({ actor: personId, from: first, to: after(last) })}`}>
              {say('rest')}
            </Link>
          ) : null}
        </div>
      ),
    },
  ];
  return (
    <Table<Anomaly>
      size="small"
      rowKey={({ kind, personId, first, last }) => `${kind} ${personId} ${first} ${last}`}
      columns={columns}
      dataSource={anomalies as Anomaly[]}
      pagination={false}
      loading={loading}
      scroll={wide(anomalies, 1_180)}
      locale={{ emptyText: say('none') }}
    />
  );
}

const MINUTE_MS = 60_000;

/** The end of a span is exclusive, and forms know minutes. */
const after = (instant: string): string => new Date(Date.parse(instant) + MINUTE_MS).toISOString();
