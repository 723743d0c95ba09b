import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query';
import { call, type Reply } from '../../ground/client.js';
import { bodyOf, type Filter, isSearch } from './filter.js';

export type EventLine = Reply<'listAuditEvents'>['events'][number];

export interface EventPage {
  readonly events: readonly EventLine[];
  /** Only searches look through more than they show. */
  readonly lookedThrough?: number;
  readonly next?: string;
}

/**
 * The log, newest first, page by page. Each reading is itself recorded, so nothing is read again by itself.
 *
 * @param asked  one more for each time the reader wants to see it anew
 * @param queryId  the saved query it comes from; the record says so
 */
export function useEvents(
  filter: Filter,
  asked: number,
  queryId: string | undefined,
): UseInfiniteQueryResult<InfiniteData<EventPage>> {
  return useInfiniteQuery({
    queryKey: ['auditEvents', filter, asked, queryId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }): Promise<EventPage> =>
      isSearch(filter) || queryId
        ? call('searchAuditEvents', {
            body: { ...bodyOf(filter), ...(cursor && { cursor }), ...(queryId && { queryId }) },
          })
        : call('listAuditEvents', { query: { ...bodyOf(filter), ...(cursor && { cursor }) } }),
    getNextPageParam: ({ next }: EventPage) => next,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
  });
}
