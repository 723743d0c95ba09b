import type { Input } from '../kernel/route.js';
import type { IdentityContext } from './context.js';
import { proofRefused } from './events.js';
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
  const { passwordAgain } = ctx.identity.throttles;
  const session = actor.sessionId ?? actor.id; // by session: a thief's does not use up the owner's tries
  await ctx.identity.limits.proofByPerson(actor.id);
  await passwordAgain.take(session);
  const person = await readPerson(ctx.db, actor.id);
  if (person && (await ctx.identity.passwords.matches(person.passwordHash, password))) {
    await passwordAgain.forget(session);
    return person;
  }
  return refuse(ctx, input, proofRefused(actor.id, purpose, 'password', 0), identityProblem('password_refused'));
}
