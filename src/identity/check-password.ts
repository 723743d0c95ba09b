import type { Input } from '../kernel/route.js';
import type { IdentityContext } from './context.js';
import { proofRefused } from './events.js';
import { passwordMatches } from './password.js';
import { identityProblem } from './problems.js';
import { refuse } from './refuse.js';
import { readPerson } from './store.js';
import type { Person } from './words.js';

/**
 * Asks somebody who is signed in for the password again.
 *
 * @throws Problem `password_refused` · `too_many_requests`
 * A refusal is audited as `proof.refused`.
 */
export async function checkPassword(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  password: string,
  purpose: string,
): Promise<Person> {
  const { actor } = input;
  await ctx.identity.limits.proofByPerson(actor.id);
  const person = await readPerson(ctx.db, actor.id);
  if (person && (await passwordMatches(person.passwordHash, password))) return person;
  return refuse(ctx, input, proofRefused(actor.id, purpose, 'password', 0), identityProblem('password_refused'));
}
