import type { Kernel } from '../kernel/route.js';
import { deriveKey } from '../kernel/seal.js';
import type { Gate, StepUp } from '../kernel/serve.js';
import type { IdentityParts } from './context.js';
import { makeGate } from './gate.js';
import { makeLimits } from './limits.js';
import { makeOneAtATime } from './one-at-a-time.js';
import { makeStepUp } from './step-up.js';
import { makeTokens } from './tokens.js';

/**
 * Makes what identity adds to the context.
 *
 * @param redis an ioredis client, so that the limits count for all processes together
 */
export function buildIdentity(
  kernel: Kernel,
  redis?: unknown,
): { gate: Gate; stepUp: StepUp; identity: IdentityParts } {
  const { config, secrets, clock, db, transact } = kernel;
  const { accessTokenMinutes, attemptsPerMinute } = config.identity;
  const tokens = makeTokens(secrets.signingKeys, clock, accessTokenMinutes);
  const key = deriveKey(secrets.linkKey, 'firebreak limits');
  return {
    gate: makeGate({ db, clock, tokens }),
    stepUp: makeStepUp(transact),
    identity: { tokens, limits: makeLimits({ attemptsPerMinute, key, redis }), oneAtATime: makeOneAtATime() },
  };
}
