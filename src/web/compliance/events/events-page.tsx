import { Button } from 'antd';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { PageTitle } from '../../staff/page-title.js';
import { Trouble } from '../../staff/trouble.js';
import { useFragment } from '../../staff/use-fragment.js';
import { EventDrawer } from './event-drawer.js';
import { EventsTable } from './events-table.js';
import { type Filter, filterOf } from './filter.js';
import { FilterForm } from './filter-form.js';
import { SavedQueries } from './saved-queries.js';
import { useEvents } from './use-events.js';

const TEXTS = textsOf('audit-events', {
  title: { 'zh-CN': '审计日志', en: 'Audit log' },
  lead: {
    'zh-CN': '每一次操作都在这里，最新的在前。您的每次查看也会被记录。',
    en: 'Everything that was done, newest first. Each look of yours is recorded too.',
  },
  again: { 'zh-CN': '刷新', en: 'Refresh' },
  more: { 'zh-CN': '继续加载', en: 'Load more' },
  further: { 'zh-CN': '继续往前查找', en: 'Go on looking' },
  shown: { 'zh-CN': '已显示 {{n}} 条事件', en: 'Events shown: {{n}}' },
  looked: { 'zh-CN': '已查找 {{looked}} 条事件，找到 {{n}} 条', en: 'Looked through {{looked}} events, found {{n}}' },
  end: { 'zh-CN': '没有更早的了', en: 'there are no older ones' },
  none: { 'zh-CN': '没有符合条件的事件。放宽条件再查找。', en: 'No event fits. Widen the filters and look again.' },
  notYet: {
    'zh-CN': '目前还没有找到，但更早的部分还没有查找。',
    en: 'Nothing was found yet, but older events were not looked through.',
  },
  address: {
    'zh-CN': '来源地址不是有效的 IP 地址或网段，例如 203.0.113.0/24。',
    en: 'The source address is no address or network such as 203.0.113.0/24.',
  },
});

/** The audit explorer. What is looked for stands in the address behind `#`, so that it can be kept and never reaches a server's log. */
export function EventsPage(): ReactNode {
  const say = useTexts(TEXTS);
  const [values, setValues] = useFragment();
  const [asked, setAsked] = useState(0);
  const [opened, setOpened] = useState<string>();
  const filter = filterOf(values);
  const queryId = values['query'];
  const { data, error, isFetching, isPending, hasNextPage, fetchNextPage, refetch } = useEvents(filter, asked, queryId);
  const pages = data?.pages ?? [];
  const events = pages.flatMap((page) => page.events);
  const looked = pages.reduce((sum, { lookedThrough }) => sum + (lookedThrough ?? 0), 0);
  const searching = pages.some(({ lookedThrough }) => lookedThrough !== undefined);
  const look = (next: Filter, query?: string) => {
    setValues({ ...next, query });
    setAsked((before) => before + 1);
  };
  const more = () => {
    if (!isFetching) void fetchNextPage();
  };
  // A search that found nothing on a page goes on when it is told to, not by itself through the whole log.
  const goesOn = hasNextPage && !error && (pages.at(-1)?.events.length ?? 0) > 0;
  const end = useSeen(goesOn && !isFetching, more);
  const actions = [...new Set(events.flatMap(({ event }) => (event ? [event.action] : [])))].toSorted();
  return (
    <>
      <PageTitle
        title={say('title')}
        lead={say('lead')}
        acts={<Button onClick={() => setAsked((before) => before + 1)}>{say('again')}</Button>}
      />
      <FilterForm filter={filter} actions={actions} busy={isPending} onFilter={look} />
      <SavedQueries filter={filter} onRun={look} />
      <EventsTable
        events={events}
        loading={isPending && !error}
        empty={say(hasNextPage ? 'notYet' : 'none')}
        onOpen={setOpened}
      />
      <div className="events-end" ref={end}>
        {error ? (
          <Trouble
            problem={error}
            own={{ address_not_valid: say('address') }}
            onAgain={() => void (pages.length > 0 ? fetchNextPage() : refetch())}
          />
        ) : null}
        <p role="status">
          {searching ? say('looked', { looked, n: events.length }) : say('shown', { n: events.length })}
          {hasNextPage || isPending ? null : ` · ${say('end')}`}
        </p>
        {hasNextPage ? (
          <Button loading={isFetching} onClick={more}>
            {say(searching ? 'further' : 'more')}
          </Button>
        ) : null}
      </div>
      <EventDrawer
        eventId={opened}
        onClose={() => setOpened(undefined)}
        onFilter={(next) => {
          setOpened(undefined);
          look(next);
        }}
      />
    </>
  );
}

/** Calls when the element comes into view: the next page is there before the reader has reached the end. */
function useSeen(active: boolean, onSeen: () => void): React.RefObject<HTMLDivElement | null> {
  const ref = useRef<HTMLDivElement>(null);
  const seen = useRef(onSeen);
  seen.current = onSeen;
  useEffect(() => {
    if (!active || !ref.current) return;
    const watch = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) seen.current();
    });
    watch.observe(ref.current);
    return () => watch.disconnect();
  }, [active]);
  return ref;
}
