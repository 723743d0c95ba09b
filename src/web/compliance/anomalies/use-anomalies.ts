import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query';
import { call, type Reply } from '../../ground/client.js';

export type AnomalyPage = Reply<'listAuditAnomalies'>;
export type Anomaly = AnomalyPage['anomalies'][number];

/** What counts as unusual, and in which time it is looked for. */
export interface Measures {
  readonly from: string;
  readonly to: string;
  readonly dayFrom: number;
  readonly dayTo: number;
  readonly timeZone: string;
  readonly viewsPerHour: number;
  readonly youngHours: number;
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** As the address says; what it does not say is the last week and what the API takes for usual. */
export function measuresOf(values: Readonly<Record<string, string>>, now: number): Measures {
  const whole = (name: string, usual: number) => {
    const given = Number.parseInt(values[name] ?? '', 10);
    return Number.isNaN(given) ? usual : given;
  };
  return {
    from: values['from'] ?? new Date(now - WEEK_MS).toISOString(),
    to: values['to'] ?? new Date(now).toISOString(),
    dayFrom: whole('dayFrom', 7),
    dayTo: whole('dayTo', 22),
    timeZone: values['timeZone'] ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    viewsPerHour: whole('viewsPerHour', 60),
    youngHours: whole('youngHours', 24),
  };
}

/** Each look is recorded, so nothing is read again by itself. */
export const useAnomalies = (measures: Measures): UseInfiniteQueryResult<InfiniteData<AnomalyPage>> =>
  useInfiniteQuery({
    queryKey: ['listAuditAnomalies', measures],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) =>
      call('listAuditAnomalies', { query: { ...measures, ...(cursor && { cursor }) } }),
    getNextPageParam: ({ next }: AnomalyPage) => next,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
  });
