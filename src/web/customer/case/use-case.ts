import { useQuery } from '@tanstack/react-query';
import { call, type Reply } from '../../ground/client.js';

/** While an answer of the exchange is awaited every second counts; otherwise a look now and then. */
const SOON_MS = 1_500;
const NOW_AND_THEN_MS = 20_000;

const awaits = (found: Reply<'getCase'> | undefined): boolean =>
  found?.freezes.some(({ state }) => ['requested', 'unconfirmed', 'release-pending'].includes(state)) ?? false;

/** A case that keeps itself up to date. */
export const useCase = (caseId: string | undefined) =>
  useQuery({
    queryKey: ['getCase', caseId],
    queryFn: () => call('getCase', { params: { caseId: caseId ?? '' } }),
    enabled: caseId !== undefined,
    refetchInterval: ({ state }) => (awaits(state.data) ? SOON_MS : NOW_AND_THEN_MS),
  });
