import { useQuery } from '@tanstack/react-query';
import { call } from '../../ground/client.js';
import { isStaffCase, type StaffCase } from '../case-types.js';

/** How often an open case is read again; never while nobody looks at the tab. */
const LIVE_MS = 4_000;

export function useCase(caseId: string) {
  const query = useQuery({
    queryKey: ['getCase', caseId],
    queryFn: () => call('getCase', { params: { caseId } }),
    refetchInterval: LIVE_MS,
  });
  const file: StaffCase | undefined = query.data && isStaffCase(query.data) ? query.data : undefined;
  return { file, error: query.error, again: () => void query.refetch() };
}

export function useTimeline(caseId: string) {
  const query = useQuery({
    queryKey: ['getTimeline', caseId],
    queryFn: () => call('getTimeline', { params: { caseId } }),
    refetchInterval: LIVE_MS,
  });
  return { entries: query.data?.entries, error: query.error, again: () => void query.refetch() };
}
