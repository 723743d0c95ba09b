import type { Response } from 'express';
import type { IdentityContext } from './context.js';
import { setRefreshCookie } from './cookie.js';
import type { OpenedSession } from './open-session.js';
import { type RefreshIn, sessionView } from './view.js';

/**
 * Hands an opened session over: `pack` makes the reply inside the transaction, `send` sets the cookie once that has
 * committed, so that a refused request leaves none.
 */
export function deliverSession(ctx: IdentityContext, response: Response, refreshIn: RefreshIn) {
  let packed: OpenedSession | undefined;
  return {
    pack: (opened: OpenedSession) => {
      packed = opened;
      return sessionView(opened, refreshIn);
    },
    send: () => {
      if (packed && refreshIn === 'cookie') setRefreshCookie(ctx, response, packed.refreshToken, packed.session.endsAt);
    },
  };
}
