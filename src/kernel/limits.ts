import { createHmac } from 'node:crypto';
import type { RequestHandler } from 'express';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { kernelProblem, type Problem } from './problem.js';

/** Takes one try from what a key has left. @throws Problem `too_many_requests` with `Retry-After` */
export type Limit = (key: string) => Promise<void>;

/** Makes a limit: `points` tries in `seconds` for each key. The name tells its keys from those of other limits. */
export type MakeLimiter = (name: string, points: number, seconds: number) => Limit;

/**
 * How every limit of the product is made.
 *
 * @param key   keys the limiters' keys, so that neither Redis nor a dump of memory holds addresses or names
 * @param redis an ioredis client whose commands time out: all processes count together. While it does not answer, and
 *              without one, each process counts for itself: Redis being away refuses nobody and opens nothing.
 */
export const limiters =
  (key: Uint8Array, redis?: unknown): MakeLimiter =>
  (name, points, duration) => {
    const keyPrefix = `fb:${name}`;
    const alone = new RateLimiterMemory({ keyPrefix, points, duration });
    const shared = { storeClient: redis, rejectIfRedisNotReady: true, insuranceLimiter: alone };
    const limiter = redis ? new RateLimiterRedis({ ...shared, keyPrefix, points, duration }) : alone;
    return async (text) => {
      try {
        await limiter.consume(createHmac('sha256', key).update(text).digest('base64url'));
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) throw tooMany(refusal.msBeforeNext);
        throw kernelProblem('unavailable', { cause: refusal, headers: { 'Retry-After': '2' } });
      }
    };
  };

/** The refusal of every limit: says, in whole seconds, when to try again. */
export function tooMany(msBeforeNext: number): Problem {
  const wait = Math.max(1, Math.ceil(msBeforeNext / 1_000));
  return kernelProblem('too_many_requests', { headers: { 'Retry-After': String(wait) }, extra: { retryAfter: wait } });
}

type Caller = Parameters<RequestHandler>[0];

/** A limit as a middleware of a route, by what `keyOf` says of the caller. */
export const limitBy =
  (limit: Limit, keyOf: (request: Caller) => string): RequestHandler =>
  async (request, _response, next) => {
    await limit(keyOf(request));
    next();
  };
