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
  readonly cookie?: KeptCookie;
}

interface KeptCookie {
  readonly sessionId: string;
  readonly token: string;
  /** Whose it is and how long it lives, where a sign-in knows; true for the moment of the sign-in only. */
  readonly owner?: Owner;
}

interface Owner {
  readonly email: string;
  /** RFC 3339. */
  readonly endsAt: string;
}

export const keepSession = (opened: OpenedSession, refreshIn: RefreshIn): KeptSession => ({
  reply: sessionView(opened, refreshIn),
  ...(refreshIn === 'cookie' ? { cookie: cookieOf(opened) } : {}),
});

const cookieOf = ({ session, email, refreshToken }: OpenedSession): KeptCookie => ({
  sessionId: session._id,
  token: refreshToken,
  ...(email === undefined ? {} : { owner: { email, endsAt: session.endsAt.toISOString() } }),
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
  await ctx.identity.keys.keepFresh(); // what is opened gets a token
  try {
    const { reply, cookie } = await work();
    if (cookie) setCookies(ctx, response, cookie, cookie.owner ?? (await ownerNow(ctx, cookie)));
    return reply;
  } catch (error) {
    if (!(error instanceof Replay)) throw error;
    const { reply, cookie } = error.answer as KeptSession<Reply>;
    if (cookie) setCookies(ctx, response, cookie, await ownerNow(ctx, cookie));
    throw new Replay(error.status, reply);
  }
}

function setCookies(
  ctx: IdentityContext,
  response: Input['response'],
  { token }: KeptCookie,
  owner: Owner | undefined,
): void {
  if (!owner) return;
  setRefreshCookie(ctx, response, token, new Date(owner.endsAt));
  rememberDevice(ctx, response, owner.email);
}

/** Nobody once the token was traded or the session is over: an old token in the cookie would end the session as stolen. */
async function ownerNow(ctx: IdentityContext, { sessionId, token }: KeptCookie): Promise<Owner | undefined> {
  const session = await readSession(ctx.db, sessionId);
  if (!session || session.endedAt || session.secretHash !== readRefreshToken(token)?.secretHash) return undefined;
  const person = await readPerson(ctx.db, session.personId);
  return person ? { email: person.email, endsAt: session.endsAt.toISOString() } : undefined;
}
