import type { Input } from '../kernel/route.js';
import type { IdentityContext } from './context.js';
import { type KeptSession, keepSession } from './deliver-session.js';
import { openSession } from './open-session.js';
import { identityProblem } from './problems.js';
import { withCode } from './spend-code.js';
import type { RefreshIn } from './view.js';

/**
 * Ends a sign-in with the code of the authenticator.
 *
 * @param ticket from the first step; good for 5 minutes, void once a password, factor or role has changed
 * @throws Problem `ticket_refused` (start again) · what `withCode` throws
 * Audited as `session.opened`; a refusal as `proof.refused`.
 */
export async function passSecondFactor(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act' | 'request'>,
  given: { ticket: string; code: string; refreshIn: RefreshIn },
): Promise<KeptSession> {
  const claims = ctx.identity.tokens.readTicket(given.ticket);
  if (!claims) throw identityProblem('ticket_refused');
  const userAgent = input.request.get('user-agent');
  const proof = { personId: claims.personId, code: given.code, purpose: 'sign-in' };
  return withCode(ctx, input, proof, async (tx, person) => {
    if (person.securityVersion !== claims.securityVersion) throw identityProblem('ticket_refused');
    return keepSession(await openSession(tx, ctx, person, { secondFactor: true, userAgent }), given.refreshIn);
  });
}
