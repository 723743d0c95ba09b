import type { RequestHandler } from 'express';
import { limitBy } from '../kernel/limits.js';
import type { AccountsContext } from './context.js';

/** Bounds how many link codes one person tries: a code has 60 bits, so this spares the exchange, not the code. */
export const limitLinking = ({ config, limiter }: AccountsContext): RequestHandler =>
  limitBy(limiter('link-code', config.identity.attemptsPerMinute, 60), ({ actor }) => actor.id);
