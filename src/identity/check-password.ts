import type { Input } from '../kernel/route.js';
import type { IdentityContext } from './context.js';
import { proofRefused } from './events.js';
import { identityProblem } from './problems.js';
import { refuse } from './refuse.js';
import { readPerson, readSession } from './store.js';
import { type Person, SIGNED_IN_JUST_NOW_MS } from './words.js';

/**
 * Asks somebody who is signed in for the password again. Who has none, because a provider vouches for them, must have signed in
 * just now: either way a session that was stolen, or left open, is not enough.
 *
 * @throws Problem `password_refused` · `sign_in_again` · `too_many_requests`
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
  await limits.proofs(actor.id, actor);
  return oneAtATime(`password ${session}`, async () => {
    const before = await throttles.passwordAgain.look(session);
    const person = await readPerson(ctx.db, actor.id);
    if (person && !person.passwordHash) return signedInJustNow(ctx, input, person, purpose);
    if (!person || !(await passwords.matches(person.passwordHash, password))) {
      await throttles.passwordAgain.count(session);
      return refuse(ctx, input, proofRefused(actor.id, purpose, 'password', 0), identityProblem('password_refused'));
    }
    if (before > 0) await throttles.passwordAgain.forget(session);
    return person;
  });
}

async function signedInJustNow(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  person: Person,
  purpose: string,
): Promise<Person> {
  const session = await readSession(ctx.db, input.actor.sessionId ?? '');
  const age = ctx.clock.now().getTime() - (session?.createdAt.getTime() ?? 0);
  if (age <= SIGNED_IN_JUST_NOW_MS) return person;
  return refuse(ctx, input, proofRefused(person._id, purpose, 'sign-in-old', 0), identityProblem('sign_in_again'));
}
