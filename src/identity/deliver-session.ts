import { Replay } from '../kernel/idempotency.js';
import type { Input } from '../kernel/route.js';
import type { IdentityContext } from './context.js';
import { setRefreshCookie } from './cookie.js';
import { rememberDevice } from './device.js';
import type { OpenedSession } from './open-session.js';
import { readRefreshToken } from './refresh-token.js';
import { readPerson, readSession } from './store.js';
import { type RefreshIn, sessionView } from './view.js';

/** An opened session as `act` returns it, and as it is kept for a repeated request: the reply, and what no reply holds. */
export interface KeptSession<Reply = ReturnType<typeof sessionView>> {
  readonly reply: Reply;
  readonly cookie?: { readonly sessionId: string; readonly token: string };
}

export const keepSession = (opened: OpenedSession, refreshIn: RefreshIn): KeptSession => ({
  reply: sessionView(opened, refreshIn),
  ...(refreshIn === 'cookie' ? { cookie: { sessionId: opened.session._id, token: opened.refreshToken } } : {}),
});

/**
 * Hands over what `work` opened: the reply, and the cookies once that has committed, so that a refused request leaves none.
 * A repeated request gets the same reply and the same cookies: else whoever lost the answer would be signed in for ten minutes.
 */
export async function deliverSession<Reply>(
  ctx: IdentityContext,
  { response }: Pick<Input, 'response'>,
  work: () => Promise<KeptSession<Reply>>,
): Promise<Reply> {
  const hand = async ({ reply, cookie }: KeptSession<Reply>): Promise<Reply> => {
    if (cookie) await setCookies(ctx, response, cookie);
    return reply;
  };
  await ctx.identity.keys.keepFresh(); // what is opened gets a token
  try {
    return await hand(await work());
  } catch (error) {
    if (!(error instanceof Replay)) throw error;
    throw new Replay(error.status, await hand(error.answer as KeptSession<Reply>));
  }
}

/** Not once the token was traded or the session is over: an old token in the cookie would end the session as stolen. */
async function setCookies(
  ctx: IdentityContext,
  response: Input['response'],
  { sessionId, token }: NonNullable<KeptSession['cookie']>,
): Promise<void> {
  const session = await readSession(ctx.db, sessionId);
  if (!session || session.endedAt || session.secretHash !== readRefreshToken(token)?.secretHash) return;
  setRefreshCookie(ctx, response, token, session.endsAt);
  const person = await readPerson(ctx.db, session.personId);
  if (person) rememberDevice(ctx, response, person.email);
}
