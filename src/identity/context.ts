import type { Operations, StepUp } from '../kernel/reverified-act.js';
import type { RightOfWay } from '../kernel/right-of-way.js';
import type { Kernel } from '../kernel/route.js';
import type { KeyRing } from './key-ring.js';
import type { Limits } from './limits.js';
import type { OneAtATime } from './one-at-a-time.js';
import type { Passwords } from './password.js';
import type { SsoClient } from './sso/client.js';
import type { Throttles } from './throttles.js';
import type { Tokens } from './tokens.js';

/** What identity keeps in memory; `buildIdentity` makes it. */
export interface IdentityParts {
  readonly keys: KeyRing;
  readonly tokens: Tokens;
  readonly limits: Limits;
  readonly oneAtATime: OneAtATime;
  readonly passwords: Passwords;
  readonly throttles: Throttles;
  readonly sso: SsoClient;
}

export interface IdentityContext extends Kernel {
  readonly identity: IdentityParts;
  /** The operations that can be re-verified for, from the list of all routes. */
  readonly operations: Operations<IdentityContext>;
  readonly stepUp: Pick<StepUp, 'demand'>;
  readonly rightOfWay: RightOfWay;
}

/** Where people reach us, without a slash at the end; links in mails start with it. */
export const baseUrlOf = ({ config: { http } }: Pick<Kernel, 'config'>): string =>
  http.baseUrl ?? `http://${http.host}:${http.port}`;
