import { trusted } from 'mongoose';
import { hashToken } from '../kernel/ids.js';
import type { Input } from '../kernel/route.js';
import type { IdentityContext } from './context.js';
import { linkRefused, setupFinished } from './events.js';
import { requireGoodPassword } from './password.js';
import { identityProblem } from './problems.js';
import { refuse } from './refuse.js';
import { People } from './store.js';
import type { Person } from './words.js';

/**
 * Sets the first password of an invited person; the link is used up.
 *
 * @throws Problem `link_refused` (unknown, used, older than 24 h) · `password_too_short` · `password_too_common`
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
  if (!person?.setup || person.setup.expiresAt <= ctx.clock.now()) {
    return refuse(ctx, input, linkRefused('setup'), identityProblem('link_refused'));
  }
  await requireGoodPassword(given.password, person.email);
  const passwordHash = await ctx.identity.passwords.hash(given.password);
  await input.act(async (tx) => {
    const set = await People(tx).updateOne(
      { _id: person._id, 'setup.tokenHash': tokenHash, passwordHash: trusted({ $exists: false }) },
      { $set: { passwordHash }, $unset: { setup: 1 }, $inc: { securityVersion: 1 } },
      { session: tx.session },
    );
    if (set.modifiedCount !== 1) throw identityProblem('link_refused');
    tx.record(setupFinished(person._id));
  });
}
