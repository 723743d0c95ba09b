import type { RequestHandler } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { tooMany } from '../kernel/http.js';
import type { AccountsContext } from './context.js';

/** Bounds how many link codes one person tries: a code has 60 bits, so this spares the exchange, not the code. */
export function limitLinking({ config }: AccountsContext): RequestHandler {
  const limiter = new RateLimiterMemory({ points: config.identity.attemptsPerMinute, duration: 60 });
  return (request, _response, next) => {
    limiter.consume(request.actor.id).then(
      () => next(),
      (refused: { msBeforeNext?: number }) => next(tooMany(refused.msBeforeNext ?? 60_000)),
    );
  };
}
