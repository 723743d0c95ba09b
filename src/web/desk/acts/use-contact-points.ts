import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type Reply } from '../../ground/client.js';

type ContactPoints = Reply<'listContactPoints'>['contactPoints'];

/** Asked for by a press, because every look is recorded; `changed` reads them again wherever they still are on the page. */
export function useContactPoints(caseId: string) {
  const client = useQueryClient();
  const [wanted, setWanted] = useState(false);
  const queryKey = ['listContactPoints', caseId];
  const query = useQuery({
    queryKey,
    queryFn: () => call('listContactPoints', { params: { caseId } }),
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const points: ContactPoints | undefined = query.data?.contactPoints;
  return {
    points,
    error: query.error,
    show: () => setWanted(true),
    busy: query.isFetching,
    changed: () => void client.resetQueries({ queryKey }),
  };
}
