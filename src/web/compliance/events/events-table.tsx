import { Button, Table, type TableProps } from 'antd';
import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { Chip } from '../../staff/chip.js';
import { PersonName } from '../../staff/person-name.js';
import { useRoleName } from '../../staff/role-names.js';
import { wide } from '../../staff/wide.js';
import type { EventLine } from './use-events.js';

const TEXTS = textsOf('audit-events-table', {
  at: { 'zh-CN': '时间', en: 'Time' },
  actor: { 'zh-CN': '操作人', en: 'Actor' },
  action: { 'zh-CN': '动作', en: 'Action' },
  target: { 'zh-CN': '对象', en: 'On' },
  about: { 'zh-CN': '案件与账户', en: 'Case and account' },
  result: { 'zh-CN': '结果', en: 'Result' },
  done: { 'zh-CN': '已完成', en: 'done' },
  refused: { 'zh-CN': '被拒绝', en: 'refused' },
  unreadable: { 'zh-CN': '无法读取', en: 'cannot be read' },
  damaged: { 'zh-CN': '有损坏', en: 'damaged' },
});

interface Props {
  readonly events: readonly EventLine[];
  readonly loading: boolean;
  readonly empty: ReactNode;
  readonly onOpen: (eventId: string) => void;
}

/** Events as rows. A row is opened by pressing it anywhere, by keyboard on its action. */
export function EventsTable({ events, loading, empty, onOpen }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const roleName = useRoleName();
  const columns: TableProps<EventLine>['columns'] = [
    {
      title: say('at'),
      key: 'at',
      width: 230,
      render: (_, { at }) => <Time at={at} />,
    },
    {
      title: say('actor'),
      key: 'actor',
      width: 260,
      render: (_, { event }) =>
        event ? (
          <>
            <PersonName id={event.actor.id} />
            <div className="soft small">{event.actor.roles.map(roleName).join(' · ')}</div>
          </>
        ) : (
          <Chip kind="bad">{say('unreadable')}</Chip>
        ),
    },
    {
      title: say('action'),
      key: 'action',
      width: 220,
      render: (_, { id, event }) => (
        <Button
          type="link"
          size="small"
          className="row-opener"
          onClick={(pressed) => {
            pressed.stopPropagation();
            onOpen(id);
          }}
        >
          {event?.action ?? id}
        </Button>
      ),
    },
    {
      title: say('target'),
      key: 'target',
      width: 250,
      render: (_, { event }) => (event?.target ? <code className="soft">{event.target.id}</code> : null),
    },
    {
      title: say('about'),
      key: 'about',
      width: 250,
      render: (_, { event }) => (
        <>
          {event?.caseId ? <code>{event.caseId}</code> : null}
          {event?.accountId ? (
            <div>
              <code className="soft">{event.accountId}</code>
            </div>
          ) : null}
        </>
      ),
    },
    {
      title: say('result'),
      key: 'result',
      width: 110,
      render: (_, { event, faults }) => (
        <>
          {event?.result === 'refused' ? <Chip kind="warn">{say('refused')}</Chip> : null}
          {event?.result === 'done' ? <span className="soft">{say('done')}</span> : null}
          {faults.length > 0 ? <Chip kind="bad">{say('damaged')}</Chip> : null}
        </>
      ),
    },
  ];
  return (
    <Table<EventLine>
      className="events-table"
      size="small"
      rowKey="id"
      columns={columns}
      dataSource={events as EventLine[]}
      pagination={false}
      loading={loading}
      scroll={wide(events, 1_320)}
      locale={{ emptyText: empty }}
      onRow={({ id }) => ({ onClick: () => onOpen(id) })}
    />
  );
}
