import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { type CallArgs, call } from '../../ground/client.js';
import { firstPage, type Listed, markFor, withHead, withNext, withPage } from './case-lines.js';
import type { Filter } from './use-filter.js';

const PAGE = 100;
/** How often the first page and what is in view are read again. */
const LIVE_MS = 4_000;

type Query = NonNullable<NonNullable<CallArgs<'listCases'>[0]>['query']>;

export interface CaseLines {
  readonly listed: Listed | undefined;
  readonly error: unknown;
  loadMore(): void;
  again(): void;
  /** What somebody looks at now is kept up to date too. */
  lookingAt(index: number): void;
}

/** The list of cases under a filter, which grows at its end and stays alive where it is looked at. */
export function useCaseLines(filter: Filter): CaseLines {
  const client = useQueryClient();
  const key = ['caseLines', filter];
  const inView = useRef(0);
  /** The cursor that was asked for last, so that nobody asks for a page twice. */
  const asked = useRef<string>(undefined);
  const read = (cursor?: string) =>
    call('listCases', { query: { ...(filter as Query), limit: PAGE, ...(cursor !== undefined && { cursor }) } });
  const held = () => client.getQueryData<Listed>(key);

  const { data, error, refetch } = useQuery({
    queryKey: key,
    refetchInterval: LIVE_MS,
    structuralSharing: false, // comparing ten thousand lines deeply would take as long as a frame has
    gcTime: 600_000,
    queryFn: async () => {
      const before = held();
      const mark = before && markFor(before, inView.current);
      const [head, page] = await Promise.all([read(), mark && read(mark.cursor)]);
      const now = held();
      if (!now) return firstPage(head);
      const fresh = withHead(now, head);
      return mark && page && fresh.marks.includes(mark) ? withPage(fresh, page, mark.after) : fresh;
    },
  });

  const loadMore = () => {
    const next = held()?.next;
    if (next === undefined || asked.current === next) return;
    asked.current = next;
    read(next)
      .then((page) => client.setQueryData<Listed>(key, (now) => now && (now.next === next ? withNext(now, page) : now)))
      .catch(() => {
        asked.current = undefined; // scrolling on, or the next look, tries again
      });
  };
  return {
    listed: data,
    error,
    loadMore,
    again: () => void refetch(),
    lookingAt: (index) => {
      inView.current = index;
    },
  };
}
