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
  const { throttles, passwords, oneAtATime, limits } = ctx.identity;
  const session = actor.sessionId ?? actor.id; // by session: a thief's does not use up the owner's tries
  await limits.proofByPerson(actor.id);
  return oneAtATime(`password ${session}`, async () => {
    const before = await throttles.passwordAgain.look(session);
    const person = await readPerson(ctx.db, actor.id);
    if (!person || !(await passwords.matches(person.passwordHash, password))) {
      await throttles.passwordAgain.count(session);
      return refuse(ctx, input, proofRefused(actor.id, purpose, 'password', 0), identityProblem('password_refused'));
    }
    if (before > 0) await throttles.passwordAgain.forget(session);
    return person;
  });
}
