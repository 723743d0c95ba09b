import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Table, type TableProps } from 'antd';
import { type ReactNode, useState } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { PageTitle } from '../../staff/page-title.js';
import { PersonName } from '../../staff/person-name.js';
import { Trouble } from '../../staff/trouble.js';
import { wide } from '../../staff/wide.js';
import { ErasureState } from './erasure-state.js';
import { type Ground, OrderErasure, useGroundName } from './order-erasure.js';

const TEXTS = textsOf('erasures', {
  title: { 'zh-CN': '抹除个人信息', en: 'Erasures' },
  lead: {
    'zh-CN': '抹除后，审计事件和证明都在，但不再能看出关于这个人的内容。法律保全中的案件除外。',
    en: 'After an erasure events and proofs stay, but nothing tells any more what they said of the person. Cases under legal hold are left out.',
  },
  past: { 'zh-CN': '以往的抹除', en: 'Erasures so far' },
  at: { 'zh-CN': '下令时间', en: 'Ordered' },
  by: { 'zh-CN': '下令人', en: 'By' },
  person: { 'zh-CN': '人员', en: 'Person' },
  ground: { 'zh-CN': '依据', en: 'Ground' },
  show: { 'zh-CN': '查看进度', en: 'How far' },
  none: { 'zh-CN': '还没有抹除过个人信息。', en: 'Nothing was erased yet.' },
  more: { 'zh-CN': '更早的', en: 'Older ones' },
});

type Page = Reply<'listAuditEvents'>;
type EventLine = Page['events'][number];

/** Orders to erase, and those of before as the log itself has them. */
export function ErasuresPage(): ReactNode {
  const say = useTexts(TEXTS);
  const groundName = useGroundName();
  const [shown, setShown] = useState<string>();
  const { data, error, isPending, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ['auditEvents', 'erasures'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) =>
      call('listAuditEvents', { query: { action: 'erasure.ordered', ...(cursor && { cursor }) } }),
    getNextPageParam: ({ next }: Page) => next,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const fact = ({ event }: EventLine, name: string): string =>
    String((event?.facts as Record<string, unknown> | undefined)?.[name] ?? '');
  const rows = (data?.pages ?? []).flatMap(({ events }) => events);
  const columns: TableProps<EventLine>['columns'] = [
    { title: say('at'), key: 'at', width: 210, render: (_, { at }) => <Time at={at} /> },
    {
      title: say('by'),
      key: 'by',
      width: 260,
      render: (_, { event }) => (event ? <PersonName id={event.actor.id} /> : null),
    },
    { title: say('person'), key: 'person', width: 260, render: (_, line) => <code>{fact(line, 'personId')}</code> },
    {
      title: say('ground'),
      key: 'ground',
      width: 200,
      render: (_, line) => groundName(fact(line, 'ground') as Ground),
    },
    {
      title: say('show'),
      key: 'show',
      width: 120,
      render: (_, { event }) => (
        <Button size="small" onClick={() => setShown(event?.target?.id)}>
          {say('show')}
        </Button>
      ),
    },
  ];
  return (
    <>
      <PageTitle title={say('title')} lead={say('lead')} />
      <OrderErasure
        onOrdered={(erasureId) => {
          setShown(erasureId);
          void refetch();
        }}
      />
      {shown ? <ErasureState key={shown} erasureId={shown} /> : null}
      <section aria-label={say('past')}>
        <h2>{say('past')}</h2>
        {error ? <Trouble problem={error} onAgain={() => void refetch()} /> : null}
        <Table<EventLine>
          size="small"
          rowKey="id"
          columns={columns}
          dataSource={rows}
          pagination={false}
          loading={isPending && !error}
          scroll={wide(rows, 1_050)}
          locale={{ emptyText: say('none') }}
        />
        {hasNextPage ? (
          <div className="events-end">
            <Button loading={isFetching} onClick={() => void fetchNextPage()}>
              {say('more')}
            </Button>
          </div>
        ) : null}
      </section>
    </>
  );
}
