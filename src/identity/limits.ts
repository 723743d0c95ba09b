import type { Limit, MakeLimiter } from '../kernel/limits.js';
import { sourceOf } from '../kernel/source-of.js';

export interface Limits {
  /** Passwords, from one source address. */
  readonly signInBySource: Limit;
  /** Passwords for one account from one source: nobody locks out somebody elsewhere. */
  readonly signInByPair: Limit;
  /** Passwords for one account, from anywhere; past it only the right one counts, from where it was right before. */
  readonly signInByAccount: Limit;
  readonly registerBySource: Limit;
  /** Mails that strangers can have sent to one address. */
  readonly registerByAccount: Limit;
  /** Codes and passwords of somebody whose first factor, or session, is good. */
  readonly proofByPerson: Limit;
  /** One-time links and refresh tokens, from one source address. */
  readonly tokenBySource: Limit;
}

/**
 * @param n tries a minute for one account; the other limits are multiples of it, for a household or an office behind one
 *          address is not an attack, a thousand tries are
 */
export function makeLimits(limiter: MakeLimiter, n: number): Limits {
  const bySource =
    (limit: Limit): Limit =>
    (address) =>
      limit(sourceOf(address));
  return {
    signInBySource: bySource(limiter('sign-in-source', 10 * n, 60)),
    signInByPair: limiter('sign-in-pair', n, 60),
    signInByAccount: limiter('sign-in-account', 10 * n, 3_600),
    registerBySource: bySource(limiter('register-source', 3 * n, 600)),
    registerByAccount: limiter('register-account', Math.max(3, Math.ceil(n / 3)), 3_600),
    proofByPerson: limiter('proof', n, 60),
    tokenBySource: bySource(limiter('token', 10 * n, 60)),
  };
}
