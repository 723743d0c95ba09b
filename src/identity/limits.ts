import { createHmac } from 'node:crypto';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { kernelProblem } from '../kernel/problem.js';
import { sourceOf } from './source-of.js';

/** Takes one try from whatever the key has left. @throws Problem `too_many_requests` with `Retry-After` */
export type Limit = (key: string) => Promise<void>;

export interface Limits {
  /** Passwords, from one source address. */
  readonly signInBySource: Limit;
  /** Passwords for one account from one source: nobody locks out somebody elsewhere. */
  readonly signInByPair: Limit;
  /** Wrong passwords for one account from sources that never signed in to it. */
  readonly signInByAccount: Limit;
  readonly registerBySource: Limit;
  /** Mails that strangers can have sent to one address. */
  readonly registerByAccount: Limit;
  /** Codes and passwords of somebody whose first factor, or session, is good. */
  readonly proofByPerson: Limit;
  /** One-time links and refresh tokens, from one source address. */
  readonly tokenBySource: Limit;
}

interface LimitOptions {
  /** Tries a minute for one account; the other limits are multiples of it. */
  readonly attemptsPerMinute: number;
  /** Keys the limiter's keys, so that the limiter's store holds no addresses. */
  readonly key: Uint8Array;
  /** An ioredis client. Without one each process counts for itself. */
  readonly redis?: unknown;
}

/** Source of the multiples: a household or an office behind one address is not an attack, a thousand tries are. */
export function makeLimits({ attemptsPerMinute: n, key, redis }: LimitOptions): Limits {
  const limit = (
    name: string,
    points: number,
    seconds: number,
    form: (text: string) => string = (text) => text,
  ): Limit => {
    const limiter = makeLimiter(`fb:${name}`, points, seconds, redis);
    return async (text) => {
      try {
        await limiter.consume(createHmac('sha256', key).update(form(text)).digest('base64url'));
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw kernelProblem('unavailable', { cause: refusal });
        const wait = Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
        throw kernelProblem('too_many_requests', {
          headers: { 'Retry-After': String(wait) },
          extra: { retryAfter: wait },
        });
      }
    };
  };
  return {
    signInBySource: limit('sign-in-source', 10 * n, 60, sourceOf),
    signInByPair: limit('sign-in-pair', n, 60),
    signInByAccount: limit('sign-in-account', 10 * n, 3_600),
    registerBySource: limit('register-source', 3 * n, 600, sourceOf),
    registerByAccount: limit('register-account', Math.max(3, Math.ceil(n / 3)), 3_600),
    proofByPerson: limit('proof', n, 60),
    tokenBySource: limit('token', 10 * n, 60, sourceOf),
  };
}

/** Redis when there is one; while it does not answer, each process counts for itself rather than not at all. */
function makeLimiter(keyPrefix: string, points: number, duration: number, redis: unknown): RateLimiterAbstract {
  const memory = new RateLimiterMemory({ keyPrefix, points, duration });
  return redis
    ? new RateLimiterRedis({ storeClient: redis, keyPrefix, points, duration, insuranceLimiter: memory })
    : memory;
}
