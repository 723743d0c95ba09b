import { SECOND } from '../../kernel/clock.js';
import type { SsoClaims } from './client.js';
import type { SsoFlow } from './words.js';

/** Clocks of two houses differ, and a provider says seconds. */
const CLOCKS_DIFFER_MS = 5 * SECOND;

/** Whether the provider asked whoever came back since they set out (`auth_time`), as `max_age=0` obliges it to. */
export const askedAnew = (
  { createdAt }: Pick<SsoFlow, 'createdAt'>,
  { askedAt }: Pick<SsoClaims, 'askedAt'>,
): boolean => askedAt !== undefined && askedAt.getTime() >= createdAt.getTime() - CLOCKS_DIFFER_MS;
