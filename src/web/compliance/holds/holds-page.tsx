import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Table, type TableProps } from 'antd';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { PageTitle } from '../../staff/page-title.js';
import { Trouble } from '../../staff/trouble.js';
import { fragmentOf } from '../../staff/use-fragment.js';
import { wide } from '../../staff/wide.js';
import { LiftHoldDialog, SetHoldDialog } from './hold-dialogs.js';
import { HoldReason } from './hold-reason.js';

const TEXTS = textsOf('holds', {
  title: { 'zh-CN': '法律保全', en: 'Legal holds' },
  lead: {
    'zh-CN': '处于法律保全中的案件不能关闭、删除，其个人信息也不会被抹除，直到保全解除。',
    en: 'A case under legal hold is neither closed nor deleted, and none of its personal data is erased, until the hold is lifted.',
  },
  set: { 'zh-CN': '设置法律保全…', en: 'Put a case under hold …' },
  number: { 'zh-CN': '案件号', en: 'Case' },
  kind: { 'zh-CN': '种类', en: 'Kind' },
  state: { 'zh-CN': '状态', en: 'State' },
  since: { 'zh-CN': '保全开始', en: 'Held since' },
  acts: { 'zh-CN': '操作', en: 'Acts' },
  lift: { 'zh-CN': '解除…', en: 'Lift …' },
  liftOf: { 'zh-CN': '解除案件 {{number}} 的法律保全', en: 'Lift the hold on case {{number}}' },
  events: { 'zh-CN': '审计事件', en: 'Audit events' },
  none: { 'zh-CN': '没有处于法律保全中的案件。', en: 'No case is under legal hold.' },
  more: { 'zh-CN': '更早的案件', en: 'Older cases' },
  done: { 'zh-CN': '案件 {{number}} 已处于法律保全中。', en: 'Case {{number}} is under legal hold.' },
  lifted: { 'zh-CN': '案件 {{number}} 的法律保全已解除。', en: 'The legal hold on case {{number}} is lifted.' },
  expand: { 'zh-CN': '显示原因', en: 'Show why' },
  collapse: { 'zh-CN': '收起原因', en: 'Hide why' },
});

type Page = Reply<'listCases'>;
export type HeldCase = Page['cases'][number];

/** Every case that must stay as it is, and the two acts of compliance on a case. */
export function HoldsPage(): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [setting, setSetting] = useState(false);
  const [lifting, setLifting] = useState<HeldCase>();
  const { data, error, isPending, isFetching, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ['listCases', 'legalHold'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) => call('listCases', { query: { legalHold: true, ...(cursor && { cursor }) } }),
    getNextPageParam: ({ next }: Page) => next,
  });
  const changed = async (said: string) => {
    setSetting(false);
    setLifting(undefined);
    message.success(said);
    await client.invalidateQueries({ queryKey: ['listCases'] });
  };
  const rows = (data?.pages ?? []).flatMap(({ cases }) => cases);
  const columns: TableProps<HeldCase>['columns'] = [
    { title: say('number'), dataIndex: 'number', width: 170 },
    { title: say('kind'), key: 'kind', width: 180, render: (_, { title }) => inWords(title) },
    { title: say('state'), key: 'state', width: 180, render: (_, { state }) => inWords(state.title) },
    {
      title: say('since'),
      key: 'since',
      width: 220,
      render: (_, { legalHoldSince }) => (legalHoldSince ? <Time at={legalHoldSince} /> : null),
    },
    {
      title: say('acts'),
      key: 'acts',
      width: 230,
      render: (_, held) => (
        <div className="event-links">
          <Button size="small" aria-label={say('liftOf', { number: held.number })} onClick={() => setLifting(held)}>
            {say('lift')}
          </Button>
          <Link href={`/compliance${fragmentOf({ caseId: held.caseId })}`}>{say('events')}</Link>
        </div>
      ),
    },
  ];
  return (
    <>
      <PageTitle
        title={say('title')}
        lead={say('lead')}
        acts={
          <Button type="primary" onClick={() => setSetting(true)}>
            {say('set')}
          </Button>
        }
      />
      {error ? <Trouble problem={error} onAgain={() => void refetch()} /> : null}
      <Table<HeldCase>
        size="small"
        rowKey="caseId"
        columns={columns}
        dataSource={rows}
        pagination={false}
        loading={isPending && !error}
        scroll={wide(rows, 1_000)}
        locale={{ emptyText: say('none') }}
        expandable={{
          columnTitle: <span className="visually-hidden">{say('expand')}</span>,
          expandedRowRender: ({ caseId }) => <HoldReason caseId={caseId} />,
          expandIcon: ({ expanded, onExpand, record }) => (
            <Button
              type="text"
              size="small"
              aria-expanded={expanded}
              aria-label={`${say(expanded ? 'collapse' : 'expand')}: ${record.number}`}
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
      {setting ? (
        <SetHoldDialog onClose={() => setSetting(false)} onDone={(number) => changed(say('done', { number }))} />
      ) : null}
      {lifting ? (
        <LiftHoldDialog
          held={lifting}
          onClose={() => setLifting(undefined)}
          onDone={() => changed(say('lifted', { number: lifting.number }))}
        />
      ) : null}
    </>
  );
}
