import type { Kernel } from '../kernel/route.js';
import { deriveKey } from '../kernel/seal.js';
import { makeThrottle, readTogether, type Throttle } from './throttle.js';
import { delayAfter, LONGEST_DELAY_MS } from './words.js';

export interface Throttles {
  /**
   * Passwords at one address, from one source or one known device: whoever guesses elsewhere slows nobody down here.
   */
  readonly signIn: Throttle;
  /** Passwords at one address, from strange sources together: many of them are one attack. */
  readonly signInFromAnywhere: Throttle;
  /** Passwords asked for again of somebody who is signed in: the session may be a thief's. */
  readonly passwordAgain: Throttle;
  /** Codes of the authenticator with a link that sets a new password, by person; the owner's own tries are none of them. */
  readonly resetCode: Throttle;
}

/** @param n tries a minute that a person is allowed; ten times as many strange ones at one address are an attack */
export function makeThrottles({ db, clock, secrets }: Pick<Kernel, 'db' | 'clock' | 'secrets'>, n: number): Throttles {
  const parts = { db, clock, secret: deriveKey(secrets.linkKey, 'firebreak throttles'), read: readTogether(db) };
  return {
    signIn: makeThrottle(parts, 'sign-in', delayAfter),
    signInFromAnywhere: makeThrottle(parts, 'sign-in-anywhere', (failures) =>
      failures < 10 * n ? 0 : LONGEST_DELAY_MS,
    ),
    passwordAgain: makeThrottle(parts, 'password-again', delayAfter),
    resetCode: makeThrottle(parts, 'reset-code', delayAfter),
  };
}
