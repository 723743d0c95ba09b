import type { Input } from '../../kernel/route.js';
import type { IdentityContext } from '../context.js';
import { type KeptSession, keepSession } from '../deliver-session.js';
import { openSession } from '../open-session.js';
import { identityProblem } from '../problems.js';
import type { RefreshIn } from '../view.js';
import { withRecoveryCode } from './with-recovery-code.js';

/**
 * Ends a sign-in with a recovery code, for whoever has lost the second factor.
 *
 * @param ticket from the first step; good for 5 minutes, void once a password, factor or role has changed
 * @throws Problem `ticket_refused` (start again) · what `withRecoveryCode` throws
 * Audited as `session.opened`; a refusal as `proof.refused`.
 */
export async function passWithRecoveryCode(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act' | 'request'>,
  given: { ticket: string; recoveryCode: string; refreshIn: RefreshIn },
): Promise<KeptSession> {
  const claims = ctx.identity.tokens.readTicket(given.ticket);
  if (!claims) throw identityProblem('ticket_refused');
  const userAgent = input.request.get('user-agent');
  const proof = { personId: claims.personId, code: given.recoveryCode, purpose: 'sign-in' };
  return withRecoveryCode(ctx, input, proof, async (tx, person) => {
    if (person.securityVersion !== claims.securityVersion) throw identityProblem('ticket_refused');
    return keepSession(await openSession(tx, ctx, person, { secondFactor: true, userAgent }), given.refreshIn);
  });
}
