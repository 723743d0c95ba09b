import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call, type Reply } from '../ground/client.js';

type Colleague = Reply<'listColleagues'>['colleagues'][number];

const HOUR_MS = 3_600_000;
const NONE: readonly Colleague[] = [];

/** Everybody who works here, to name them by. */
export function useStaffList(): readonly Colleague[] {
  const { data } = useQuery({
    queryKey: ['listColleagues'],
    queryFn: () => call('listColleagues'),
    staleTime: HOUR_MS,
  });
  return data?.colleagues ?? NONE;
}

/** Whoever acted: staff by their address, everybody else by the id that stands in the record. */
export function PersonName({ id }: { readonly id: string }): ReactNode {
  const known = useStaffList().find((colleague) => colleague.id === id);
  return known ? <span title={id}>{known.email}</span> : <code>{id}</code>;
}
