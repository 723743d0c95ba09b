import { useQuery } from '@tanstack/react-query';
import { call } from '../ground/client.js';
import { textsOf, useTexts } from '../ground/language.js';
import { useMe } from '../ground/session.js';
import type { Colleague } from './case-types.js';

const TEXTS = textsOf('desk-colleagues', {
  me: { 'zh-CN': '我', en: 'me' },
  customer: { 'zh-CN': '客户', en: 'the customer' },
  system: { 'zh-CN': '系统', en: 'the system' },
});

const HOUR_MS = 3_600_000;
const NONE: readonly Colleague[] = [];

export function useColleagues(): readonly Colleague[] {
  const { data } = useQuery({
    queryKey: ['listColleagues'],
    queryFn: () => call('listColleagues'),
    staleTime: HOUR_MS,
  });
  return data?.colleagues ?? NONE;
}

/** A person's short name: what stands before the @ of their address; oneself is "me", and a customer has no name here. */
export function useNames(customerId?: string): (personId: string) => string {
  const colleagues = useColleagues();
  const say = useTexts(TEXTS);
  const me = useMe();
  return (personId) => {
    if (personId === me.id) return say('me');
    if (personId === customerId) return say('customer');
    if (!personId.startsWith('person_')) return say('system');
    const email = colleagues.find(({ id }) => id === personId)?.email;
    return email?.split('@')[0] ?? personId.slice(-6);
  };
}
