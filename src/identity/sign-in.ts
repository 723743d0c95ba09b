import type { Input } from '../kernel/route.js';
import { sourceOf } from '../kernel/source-of.js';
import type { IdentityContext } from './context.js';
import { type KeptSession, keepSession } from './deliver-session.js';
import { knownDevice } from './device.js';
import { signInRefused } from './events.js';
import { hasSecondFactor, methodsOf } from './has-second-factor.js';
import { openSession } from './open-session.js';
import { identityProblem } from './problems.js';
import { refuse } from './refuse.js';
import { findPersonByEmail, Sessions } from './store.js';
import { type RefreshIn, type sessionView, ticketView } from './view.js';
import { normalEmail, type Person } from './words.js';

export type SignedIn = ReturnType<typeof sessionView> | ReturnType<typeof ticketView>;

/** At each of three places, a fraction of what the password takes. */
const GIVES_WAY_MS = 20;

type SignInInput = Pick<Input, 'actor' | 'act' | 'request'>;

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
  input: SignInInput,
  given: { email: string; password: string; refreshIn: RefreshIn },
): Promise<KeptSession<SignedIn>> {
  const email = normalEmail(given.email);
  await ctx.rightOfWay.give(GIVES_WAY_MS);
  await ctx.identity.limits.signInBySource(sourceIn(input));
  const person = await checkFirstFactor(ctx, input, email, given.password);
  if (hasSecondFactor(person)) {
    const { _id: personId, securityVersion } = person;
    return { reply: ticketView(ctx.identity.tokens.issueTicket({ personId, securityVersion }), methodsOf(person)) };
  }
  await ctx.rightOfWay.give(GIVES_WAY_MS);
  const how = { secondFactor: false, userAgent: input.request.get('user-agent') };
  return input.act(async (tx) => {
    const opened = await openSession(tx, ctx, person, how);
    await ctx.rightOfWay.give(GIVES_WAY_MS);
    return keepSession(opened, given.refreshIn);
  });
}

/** One try after another for each who tries: the next one meets the count that this one leaves. */
function checkFirstFactor(ctx: IdentityContext, input: SignInInput, email: string, password: string): Promise<Person> {
  const { throttles, passwords, oneAtATime } = ctx.identity;
  const device = knownDevice(ctx, input.request, email);
  const who = `${email} ${device ?? sourceOf(sourceIn(input))}`;
  return oneAtATime(`sign-in ${who}`, async () => {
    const [before, anywhere, person] = await Promise.all([
      throttles.signIn.look(who),
      device === undefined ? resultOf(throttles.signInFromAnywhere.look(email)) : 0,
      findPersonByEmail(ctx.db, email),
    ]);
    const matches = await passwords.matches(person?.passwordHash, password);
    // Sources a person has signed in from stay open to them, however many strangers try their address; but only to the
    // right password, or whoever shares one would see by the other answer that the address is somebody's.
    const open = typeof anywhere === 'number' || (person && matches && (await isTheirs(ctx, person, sourceIn(input))));
    if (!open) throw anywhere.refusal;
    if (!matches || !person) {
      await Promise.all([throttles.signIn.count(who), ...(device ? [] : [throttles.signInFromAnywhere.count(email)])]);
      return refuse(ctx, input, signInRefused(email, person?._id), identityProblem('credentials_refused'));
    }
    if (before > 0) await throttles.signIn.forget(who);
    if (anywhere !== 0) await throttles.signInFromAnywhere.forget(email);
    return person;
  });
}

const sourceIn = ({ actor }: Pick<Input, 'actor'>): string => actor.address ?? 'unknown';

const resultOf = (look: Promise<number>): Promise<number | { refusal: unknown }> =>
  look.catch((refusal: unknown) => ({ refusal }));

async function isTheirs(ctx: IdentityContext, { _id: personId }: Person, source: string): Promise<boolean> {
  return (await Sessions(ctx.db).exists({ personId, address: source }).lean().exec()) !== null;
}
