import { useQuery } from '@tanstack/react-query';
import { call } from '../../ground/client.js';
import type { Evidence } from '../case-types.js';

/** Every look of staff at the list is a custody event, so it is taken once, and again while something is being made. */
const AGAIN_MS = 5_000;
const MOST_LOOKS = 12;

const isWaiting = ({ scan, preview }: Evidence): boolean => scan === 'pending' || preview.state === 'waiting';

export function useEvidence(caseId: string, wanted = true) {
  const query = useQuery({
    queryKey: ['listEvidence', caseId],
    queryFn: () => call('listEvidence', { params: { caseId } }),
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    refetchInterval: ({ state }) =>
      state.data?.evidence.some(isWaiting) && state.dataUpdateCount < MOST_LOOKS ? AGAIN_MS : false,
  });
  return {
    evidence: query.data?.evidence,
    error: query.error,
    busy: query.isFetching,
    again: () => void query.refetch(),
  };
}
