import type { Kernel } from '../kernel/route.js';
import { deriveKey } from '../kernel/seal.js';
import type { IdentityParts } from './context.js';
import { makeLimits } from './limits.js';
import { makeOneAtATime } from './one-at-a-time.js';
import { makeTokens } from './tokens.js';

/**
 * Makes what identity keeps in memory.
 *
 * @param redis an ioredis client, so that the limits count for all processes together
 */
export function buildIdentity(
  { config, secrets, clock }: Pick<Kernel, 'config' | 'secrets' | 'clock'>,
  redis?: unknown,
): IdentityParts {
  const { accessTokenMinutes, attemptsPerMinute } = config.identity;
  const key = deriveKey(secrets.linkKey, 'firebreak limits');
  return {
    tokens: makeTokens(secrets.signingKeys, clock, accessTokenMinutes),
    limits: makeLimits({ attemptsPerMinute, key, redis }),
    oneAtATime: makeOneAtATime(),
  };
}
