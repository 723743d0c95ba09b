import type { Kernel } from '../kernel/route.js';
import type { IdentityParts } from './context.js';
import { makeKeyRing } from './key-ring.js';
import { makeLimits } from './limits.js';
import { makeOneAtATime } from './one-at-a-time.js';
import { makePasswords } from './password.js';
import { makeSsoClient } from './sso/client.js';
import { makeThrottles } from './throttles.js';
import { makeTokens } from './tokens.js';

/** Makes what identity keeps in memory. */
export const buildIdentity = ({
  config: { identity, sso, production },
  secrets,
  clock,
  db,
  limiter,
}: Pick<Kernel, 'config' | 'secrets' | 'clock' | 'db' | 'limiter'>): IdentityParts => {
  const keys = makeKeyRing({ db, clock, secrets });
  return {
    keys,
    sso: makeSsoClient({ sso, production }, secrets),
    tokens: makeTokens(keys, clock, identity.accessTokenMinutes),
    limits: makeLimits(limiter, identity.attemptsPerMinute),
    oneAtATime: makeOneAtATime(),
    passwords: makePasswords(),
    throttles: makeThrottles({ db, clock, secrets }, identity.attemptsPerMinute),
  };
};
