import { hasStaffRole } from '../access/index.js';
import { DAY, HOUR } from '../kernel/clock.js';
import { newId } from '../kernel/ids.js';
import type { Tx } from '../kernel/transact.js';
import type { IdentityContext } from './context.js';
import { sessionOpened } from './events.js';
import { identityProblem } from './problems.js';
import { newFamily } from './refresh-token.js';
import { refuseShutOut } from './shut-out.js';
import { People, Sessions } from './store.js';
import type { Person, Session } from './words.js';

/** What a sign-in or a refresh gives away; the only time the refresh token is seen. */
export interface OpenedSession {
  readonly session: Session;
  /** Whose it is; a refresh does not look for it. */
  readonly email?: string;
  readonly accessToken: string;
  readonly accessExpiresAt: Date;
  readonly refreshToken: string;
}

const USER_AGENT_MAX = 300; // characters kept

/**
 * Opens a session for somebody whose factors were all checked.
 *
 * @param person as the factors were checked; when a password, factor or role has changed since, nothing is opened
 * @throws Problem `ticket_refused` (start again) · `suspended` · `setup_required`
 * Audited as `session.opened`.
 */
export async function openSession(
  tx: Tx,
  ctx: IdentityContext,
  person: Person,
  { secondFactor, userAgent }: { secondFactor: boolean; userAgent: string | undefined },
): Promise<OpenedSession> {
  await refuseShutOut(tx, ctx, person);
  await noteSignIn(tx, person);
  const refresh = newFamily();
  const session: Session = {
    _id: newId('session'),
    personId: person._id,
    roles: person.roles,
    ...(secondFactor ? { secondFactorAt: tx.now } : {}),
    createdAt: tx.now,
    usedAt: tx.now,
    endsAt: new Date(tx.now.getTime() + lifetimeMs(ctx, person)),
    ...(tx.actor.address === undefined ? {} : { address: tx.actor.address }),
    ...(userAgent === undefined ? {} : { userAgent: userAgent.slice(0, USER_AGENT_MAX) }),
    familyHash: refresh.familyHash,
    secretHash: refresh.secretHash,
    rotatedAt: tx.now,
    retried: false,
  };
  tx.append(Sessions, session);
  tx.record(sessionOpened(session));
  return { ...withAccess(ctx, session, refresh.token), email: person.email };
}

/** @throws Problem `ticket_refused` when a password, factor or role has changed since the factors were checked */
async function noteSignIn(tx: Tx, { _id, securityVersion }: Person): Promise<void> {
  const asChecked = { _id, securityVersion };
  if (tx.again && !(await People(tx).exists(asChecked).session(tx.session))) throw identityProblem('ticket_refused');
  tx.amend(People, asChecked, { $set: { signedInAt: tx.now } });
}

export function withAccess(ctx: IdentityContext, session: Session, refreshToken: string): OpenedSession {
  const { token, expiresAt } = ctx.identity.tokens.issueAccess({ personId: session.personId, sessionId: session._id });
  return { session, accessToken: token, accessExpiresAt: expiresAt, refreshToken };
}

const lifetimeMs = ({ config }: IdentityContext, { roles }: Person): number =>
  hasStaffRole(roles) ? config.identity.staffSessionHours * HOUR : config.identity.refreshTokenDays * DAY;
