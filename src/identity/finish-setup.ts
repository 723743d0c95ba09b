import { hashToken } from '../kernel/ids.js';
import type { Input } from '../kernel/route.js';
import type { IdentityContext } from './context.js';
import { linkRefused, setupFinished } from './events.js';
import { isSetUp } from './is-set-up.js';
import { requireGoodPassword } from './password.js';
import { identityProblem } from './problems.js';
import { refuse } from './refuse.js';
import { People } from './store.js';
import type { Person } from './words.js';

/**
 * Sets the first password of an invited person, or takes the present one of somebody whose factors an admin had set up anew;
 * the link is used up. Who has no password but a provider goes that way: a password chosen here would be whoever's has the link.
 *
 * @throws Problem `link_refused` (unknown, used, older than 24 h, or to be used through the provider) · `password_too_short` · `password_too_common`
 * Audited as `person.set-up`; a refusal as `link.refused`.
 */
export async function finishSetup(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  given: { token: string; password: string },
): Promise<void> {
  await ctx.identity.limits.tokenBySource(input.actor.address ?? 'unknown');
  const tokenHash = hashToken(given.token);
  const person = await People(ctx.db).findOne({ 'setup.tokenHash': tokenHash }).lean<Person>().exec();
  const throughProvider = person && !person.passwordHash && (await isSetUp(ctx.db, person));
  if (!person?.setup || person.setup.expiresAt <= ctx.clock.now() || throughProvider) {
    return refuse(ctx, input, linkRefused('setup'), identityProblem('link_refused'));
  }
  const change = person.passwordHash
    ? await samePassword(ctx, input, person, given.password)
    : await newPassword(ctx, person, given.password);
  await input.act(async (tx) => {
    const set = await People(tx).updateOne(
      { _id: person._id, 'setup.tokenHash': tokenHash, securityVersion: person.securityVersion },
      { ...change, $unset: { setup: 1 }, $inc: { securityVersion: 1 } },
      { session: tx.session },
    );
    if (set.modifiedCount !== 1) throw identityProblem('link_refused');
    tx.record(setupFinished(person._id));
  });
}

async function newPassword({ identity }: IdentityContext, { email }: Person, password: string) {
  await requireGoodPassword(password, email);
  return { $set: { passwordHash: await identity.passwords.hash(password) } };
}

/** An admin had the factors set up anew: the link opens that way, the password stays and must be known. */
async function samePassword(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  { passwordHash }: Person,
  password: string,
) {
  if (await ctx.identity.passwords.matches(passwordHash, password)) return {};
  return refuse(ctx, input, linkRefused('setup'), identityProblem('link_refused'));
}
