import { can } from '../access/index.js';
import { type Actor, isStaff } from '../kernel/actor.js';
import type { Gate } from '../kernel/permit.js';
import { kernelProblem } from '../kernel/problem.js';
import type { Access, Kernel } from '../kernel/route.js';
import type { IdentityParts } from './context.js';
import { identityProblem } from './problems.js';
import { Sessions } from './store.js';
import type { Session } from './words.js';

const BEARER = /^Bearer ([\w.~+/=-]+)$/i;
const SEEN = { personId: 1, roles: 1, secondFactorAt: 1, endsAt: 1, endedAt: 1 } as const;

/** What it answers by itself, for the document of the API. */
export const GATE_PROBLEMS = { identify: ['token_refused'], permit: ['second_factor_required'] } as const;

type Parts = Pick<Kernel, 'db' | 'clock'> & { readonly identity: Pick<IdentityParts, 'tokens' | 'keys'> };

/**
 * Tells who calls, by the access token and its session, and whether they may, by the permission table. Staff whose
 * session passed no second factor may only set one up, or leave.
 */
export function makeGate({ db, clock, identity: { tokens, keys } }: Parts): Gate {
  return {
    identify: async (request) => {
      const from = { requestId: request.requestId, ...(request.ip === undefined ? {} : { address: request.ip }) };
      const header = request.get('authorization');
      if (header === undefined) return { kind: 'anonymous', id: 'anonymous', roles: [], ...from };
      await keys.keepFresh();
      const claims = tokens.readAccess(bearer(header));
      const session = claims && (await liveSession(claims.sessionId));
      if (!claims || !session || session.personId !== claims.personId) throw refused();
      return {
        kind: 'person',
        id: session.personId,
        roles: session.roles,
        sessionId: claims.sessionId,
        secondFactor: session.secondFactorAt !== undefined,
        ...from,
      };
    },
    permit,
  };

  /** Read at each request, so that a session that ended anywhere has ended everywhere. */
  async function liveSession(sessionId: string): Promise<Session | undefined> {
    const found = (await Sessions({ connection: db.connection }).collection.findOne(
      { _id: sessionId as never },
      { projection: SEEN },
    )) as unknown as Session | null;
    return found && !found.endedAt && found.endsAt > clock.now() ? found : undefined;
  }
}

const bearer = (header: string): string => BEARER.exec(header)?.[1] ?? '';

const refused = () =>
  identityProblem('token_refused', { headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } });

/** @throws Problem `not_signed_in` · `not_allowed` · `second_factor_required` */
function permit(actor: Actor, access: Access): void {
  if (access === 'public') return;
  if (typeof access === 'object' && actor.kind !== 'person' && can(actor, access.permission)) return;
  if (actor.kind !== 'person') throw kernelProblem('not_signed_in', { headers: { 'WWW-Authenticate': 'Bearer' } });
  if (access === 'first-factor') return;
  if (isStaff(actor) && !actor.secondFactor) throw identityProblem('second_factor_required');
  if (typeof access === 'object' && !can(actor, access.permission)) throw kernelProblem('not_allowed');
}
