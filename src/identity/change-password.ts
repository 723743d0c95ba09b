import type { Input } from '../kernel/route.js';
import { checkPassword } from './check-password.js';
import type { IdentityContext } from './context.js';
import { hasSecondFactor } from './has-second-factor.js';
import { requireGoodPassword } from './password.js';
import { identityProblem } from './problems.js';
import { setPassword } from './set-password.js';

/**
 * Changes the own password; every other session ends. Takes the present password, and a re-verification from whoever has a
 * second factor: neither a stolen session nor a stolen password is enough.
 *
 * @throws Problem `step_up_required` · `password_refused` · `password_too_short` · `password_too_common` ·
 *         `too_many_requests`
 * Audited as `password.changed`; a refusal as `proof.refused`.
 */
export async function changePassword(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act' | 'reverified'>,
  given: { present: string; password: string },
): Promise<void> {
  const person = await checkPassword(ctx, input, given.present, 'change-password');
  if (!person.passwordHash) throw identityProblem('password_refused'); // whom a provider vouches for has none to change
  if (hasSecondFactor(person) && !input.reverified) throw ctx.stepUp.demand();
  await requireGoodPassword(given.password, person.email);
  const passwordHash = await ctx.identity.passwords.hash(given.password);
  await input.act((tx) => setPassword(tx, person, passwordHash, { how: 'own', keep: input.actor.sessionId }));
}
