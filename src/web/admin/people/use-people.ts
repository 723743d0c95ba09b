import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { call, type Reply } from '../../ground/client.js';

export type Person = Reply<'listPeople'>['people'][number];

const PAGE = 200;

/** Everybody who works here, page by page to the end: staff are some hundreds, and are looked through here. */
export function usePeople(): UseQueryResult<readonly Person[]> {
  return useQuery({
    queryKey: ['listPeople'],
    queryFn: async () => {
      const people: Person[] = [];
      let after: string | undefined;
      do {
        const page = await call('listPeople', { query: { staff: true, limit: PAGE, ...(after && { after }) } });
        people.push(...page.people);
        after = page.next;
      } while (after);
      return people;
    },
  });
}
