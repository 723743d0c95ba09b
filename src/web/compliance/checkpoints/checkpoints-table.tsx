import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Table, type TableProps } from 'antd';
import type { ReactNode } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { Chip } from '../../staff/chip.js';
import { Trouble } from '../../staff/trouble.js';
import { wide } from '../../staff/wide.js';

const TEXTS = textsOf('checkpoints-table', {
  title: { 'zh-CN': '签名历史', en: 'What was signed' },
  size: { 'zh-CN': '事件数', en: 'Events' },
  at: { 'zh-CN': '签名时间', en: 'Signed' },
  root: { 'zh-CN': '树根', en: 'Root' },
  state: { 'zh-CN': '核对', en: 'Check' },
  sound: { 'zh-CN': '成立', en: 'holds' },
  unsound: { 'zh-CN': '不成立', en: 'does not hold' },
  witnesses: { 'zh-CN': '见证', en: 'Witnesses' },
  unknown: { 'zh-CN': '公钥未知', en: 'key unknown' },
  bad: { 'zh-CN': '签名不成立', en: 'signature broken' },
  none: {
    'zh-CN': '还没有签名的检查点。有事件之后一秒内就会出现。',
    en: 'Nothing is signed yet. It appears within a second of the first event.',
  },
  more: { 'zh-CN': '更早的检查点', en: 'Older checkpoints' },
  note: { 'zh-CN': '签名原文（{{n}} 条事件）', en: 'The signed note (events: {{n}})' },
  expand: { 'zh-CN': '显示签名原文', en: 'Show the signed note' },
  collapse: { 'zh-CN': '收起签名原文', en: 'Hide the signed note' },
});

type Page = Reply<'listAuditCheckpoints'>;
type Checkpoint = Page['checkpoints'][number];

/** Every checkpoint, newest first, with what the server finds when it holds it to the keys it knows. */
export function CheckpointsTable(): ReactNode {
  const say = useTexts(TEXTS);
  const { data, error, isPending, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ['listAuditCheckpoints'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) => call('listAuditCheckpoints', { query: cursor ? { cursor } : {} }),
    getNextPageParam: ({ next }: Page) => next,
    refetchOnWindowFocus: false,
  });
  const rows = (data?.pages ?? []).flatMap(({ checkpoints }) => checkpoints);
  const columns: TableProps<Checkpoint>['columns'] = [
    { title: say('size'), dataIndex: 'size', width: 100, align: 'right' },
    { title: say('at'), key: 'at', width: 210, render: (_, { at }) => <Time at={at} /> },
    { title: say('root'), key: 'root', width: 380, render: (_, { rootHash }) => <code>{rootHash}</code> },
    {
      title: say('state'),
      key: 'sound',
      width: 120,
      render: (_, { sound }) => <Chip kind={sound ? 'good' : 'bad'}>{say(sound ? 'sound' : 'unsound')}</Chip>,
    },
    {
      title: say('witnesses'),
      key: 'witnesses',
      width: 240,
      render: (_, { cosignatures }) =>
        cosignatures.map(({ name, keyId, holds }) => (
          <div key={keyId}>
            {name}{' '}
            {holds === undefined ? <Chip>{say('unknown')}</Chip> : holds ? null : <Chip kind="bad">{say('bad')}</Chip>}
          </div>
        )),
    },
  ];
  return (
    <section aria-label={say('title')}>
      <h2>{say('title')}</h2>
      {error ? <Trouble problem={error} onAgain={() => void refetch()} /> : null}
      <Table<Checkpoint>
        size="small"
        rowKey="size"
        columns={columns}
        dataSource={rows}
        pagination={false}
        loading={isPending && !error}
        scroll={wide(rows, 1_100)}
        locale={{ emptyText: say('none') }}
        expandable={{
          columnTitle: <span className="visually-hidden">{say('expand')}</span>,
          expandedRowRender: ({ note, size }) => (
            <section aria-label={say('note', { n: size })}>
              <pre className="bytes">{note}</pre>
            </section>
          ),
          expandIcon: ({ expanded, onExpand, record }) => (
            <Button
              type="text"
              size="small"
              aria-expanded={expanded}
              aria-label={say(expanded ? 'collapse' : 'expand')}
              onClick={(event) => onExpand(record, event)}
            >
              {expanded ? '−' : '+'}
            </Button>
          ),
        }}
      />
      {hasNextPage ? (
        <div className="events-end">
          <Button loading={isFetching} onClick={() => void fetchNextPage()}>
            {say('more')}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
