import { hasStaffRole } from '../access/index.js';
import type { Actor } from '../kernel/actor.js';
import { MINUTE } from '../kernel/clock.js';
import type { Input } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import type { IdentityContext } from './context.js';
import { refreshCookie } from './cookie.js';
import { endSession } from './end-session.js';
import { refreshRefused, sessionRefreshed } from './events.js';
import { type OpenedSession, withAccess } from './open-session.js';
import { identityProblem } from './problems.js';
import { nextOf, type RefreshToken, readRefreshToken } from './refresh-token.js';
import { Sessions } from './store.js';
import { LOST_ANSWER_MS, type Session } from './words.js';

/**
 * Trades a refresh token for the next one and a new access token.
 *
 * A token that was traded before ends the whole session, for one of its two holders is a thief; except once within 30 s
 * of the trade, when the answer may have got lost.
 *
 * @throws Problem `refresh_refused` (sign in again) · `too_many_requests`
 * Audited as `session.refreshed`, `session.ended` (reuse, idle), or `session.refresh-refused`.
 * Source: RFC 9700, 4.14.2
 */
export async function refreshSession(ctx: IdentityContext, actor: Actor, token: string): Promise<OpenedSession> {
  await ctx.identity.limits.tokenBySource(actor.address ?? 'unknown');
  const given = readRefreshToken(token);
  // Committed either way: a refusal that rolled back would leave the thief's session open.
  const opened = given && (await ctx.transact(actor, (tx) => trade(tx, ctx, given)));
  if (!opened) throw identityProblem('refresh_refused');
  return opened;
}

/**
 * The refresh token of the cookie, if there is one.
 *
 * @throws Problem `origin_refused` when another page than ours sent it along · `too_many_requests`
 * A refusal is audited as `session.refresh-refused`: a browser that sends the cookie so has been led to.
 */
export async function cookieOfOurPage(
  ctx: IdentityContext,
  { actor, request }: Pick<Input, 'actor' | 'request'>,
): Promise<string | undefined> {
  try {
    return refreshCookie(ctx, request);
  } catch (refusal) {
    await ctx.identity.limits.tokenBySource(actor.address ?? 'unknown');
    await ctx.transact(actor, async (tx) => tx.record(refreshRefused('origin')));
    throw refusal;
  }
}

async function trade(tx: Tx, ctx: IdentityContext, given: RefreshToken): Promise<OpenedSession | undefined> {
  const session = await Sessions(tx)
    .findOne({ familyHash: given.familyHash }, null, { session: tx.session })
    .lean<Session>()
    .exec();
  if (!session || session.endedAt || session.endsAt <= tx.now) {
    tx.record(refreshRefused('unknown'));
    return undefined;
  }
  if (hasStaffRole(session.roles) && tx.now.getTime() - session.usedAt.getTime() > idleMs(ctx)) {
    await endSession(tx, session, 'idle');
    return undefined;
  }
  const present = given.secretHash === session.secretHash;
  if (!present && !isLostAnswer(session, given, tx.now)) {
    await endSession(tx, session, 'reuse');
    return undefined;
  }
  const next = nextOf(given.token);
  await Sessions(tx).updateOne(
    { _id: session._id },
    {
      $set: {
        secretHash: next.secretHash,
        usedAt: tx.now,
        ...(tx.actor.address === undefined ? {} : { usedFrom: tx.actor.address }),
        retried: !present,
        ...(present ? { previousHash: given.secretHash, rotatedAt: tx.now } : {}),
      },
    },
    { session: tx.session },
  );
  tx.record(sessionRefreshed(session, !present));
  return withAccess(ctx, session, next.token);
}

const idleMs = ({ config }: IdentityContext): number => config.identity.staffIdleMinutes * MINUTE;

const isLostAnswer = (session: Session, given: RefreshToken, now: Date): boolean =>
  given.secretHash === session.previousHash &&
  !session.retried &&
  now.getTime() - session.rotatedAt.getTime() <= LOST_ANSWER_MS;
