import type { Actor } from '../kernel/actor.js';
import type { Limit, MakeLimiter } from '../kernel/limits.js';
import { sourceOf } from '../kernel/source-of.js';

export interface Limits {
  /** Passwords, from one source address. */
  readonly signInBySource: Limit;
  readonly registerBySource: Limit;
  /** Mails that strangers can have sent to one address; one of them leaves the others, and its owner, some. */
  readonly registerByAccount: (email: string, source: string) => Promise<void>;
  /** Links and codes that one person can have sent to contact points. */
  readonly contactByPerson: Limit;
  /** Links and codes that can be sent to one address or number, whoever says it is theirs. */
  readonly contactByValue: Limit;
  /** Numbers by which staff and customers recognise each other, by who checks and about whom. */
  readonly supportByPerson: Limit;
  /**
   * Codes and passwords of somebody whose first factor, or session, is good: by session, or before there is one by person and
   * source, so that whoever has stolen one uses up nothing of the owner's.
   */
  readonly proofs: (personId: string, from: Pick<Actor, 'sessionId' | 'address'>) => Promise<void>;
  /** Codes with a link that sets a new password: whoever sends them may have the mailbox and nothing else. */
  readonly resetByPerson: Limit;
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
  const mailsFromHere = limiter('register-account-source', Math.max(3, Math.ceil(n / 3)), 3_600);
  const mailsInAll = limiter('register-account', 3 * Math.max(3, Math.ceil(n / 3)), 3_600);
  const proof = limiter('proof', n, 60);
  return {
    signInBySource: bySource(limiter('sign-in-source', 10 * n, 60)),
    registerBySource: bySource(limiter('register-source', 3 * n, 600)),
    registerByAccount: async (email, source) => {
      await mailsFromHere(`${email} ${sourceOf(source)}`);
      await mailsInAll(email);
    },
    supportByPerson: limiter('support-code', n, 600),
    contactByPerson: limiter('contact-person', 5 * Math.max(1, Math.floor(n / 10)), 3_600),
    contactByValue: limiter('contact-value', 3 * Math.max(1, Math.floor(n / 10)), 3_600),
    proofs: (personId, { sessionId, address = 'unknown' }) => proof(sessionId ?? `${personId} ${sourceOf(address)}`),
    resetByPerson: limiter('reset', n, 60),
    tokenBySource: bySource(limiter('token', 10 * n, 60)),
  };
}
