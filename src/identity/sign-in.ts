import type { Input } from '../kernel/route.js';
import type { IdentityContext } from './context.js';
import { deliverSession } from './deliver-session.js';
import { signInRefused } from './events.js';
import { openSession } from './open-session.js';
import { passwordMatches } from './password.js';
import { identityProblem } from './problems.js';
import { refuse } from './refuse.js';
import { findPersonByEmail, Sessions } from './store.js';
import { type RefreshIn, type sessionView, ticketView } from './view.js';
import { normalEmail, type Person } from './words.js';

export type SignedIn = ReturnType<typeof sessionView> | ReturnType<typeof ticketView>;

/**
 * Checks the first factor. Without an authenticator it opens a session; with one it gives a ticket for the second step,
 * so that only whoever has the password can use up tries at the code.
 *
 * @throws Problem `credentials_refused`, the same and after the same time for known and unknown addresses ·
 *         `too_many_requests` with `Retry-After`
 * Audited as `session.opened`, or `session.refused` with result `refused`.
 */
export async function signIn(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act' | 'request' | 'response'>,
  given: { email: string; password: string; refreshIn: RefreshIn },
): Promise<SignedIn> {
  const { actor, act, request, response } = input;
  const email = normalEmail(given.email);
  const source = actor.address ?? 'unknown';
  await ctx.identity.limits.signInBySource(source);
  await ctx.identity.limits.signInByPair(`${email} ${source}`);
  const overLimit = await refusalOf(ctx.identity.limits.signInByAccount(email));
  const person = await findPersonByEmail(ctx.db, email);
  const matches = await passwordMatches(person?.passwordHash, given.password);
  // Sources a person has signed in from stay open to them, however many strangers try their address; but only to the right
  // password, or whoever shares one would see by the other answer that the address is somebody's.
  if (overLimit !== undefined && !(person && matches && (await isTheirs(ctx, person, source)))) throw overLimit;
  if (!matches || !person) {
    return refuse(ctx, input, signInRefused(email, person?._id), identityProblem('credentials_refused'));
  }
  if (person.totp) {
    return ticketView(
      ctx.identity.tokens.issueTicket({ personId: person._id, securityVersion: person.securityVersion }),
    );
  }
  const delivery = deliverSession(ctx, response, given.refreshIn);
  const how = { secondFactor: false, userAgent: request.get('user-agent') };
  const reply = await act(async (tx) => delivery.pack(await openSession(tx, ctx, person, how)));
  delivery.send();
  return reply;
}

const refusalOf = (limit: Promise<void>): Promise<unknown> =>
  limit.then(
    () => undefined,
    (refusal: unknown) => refusal,
  );

async function isTheirs(ctx: IdentityContext, { _id: personId }: Person, source: string): Promise<boolean> {
  return (await Sessions(ctx.db).exists({ personId, address: source }).lean().exec()) !== null;
}
