import { hashToken, newId } from '../kernel/ids.js';
import { isDuplicate } from '../kernel/mongo.js';
import type { Input } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import type { IdentityContext } from './context.js';
import { addressConfirmed, linkRefused } from './events.js';
import { identityProblem } from './problems.js';
import { refuse } from './refuse.js';
import { findPersonByEmail, People, Registrations } from './store.js';
import { ownMailbox, type Person, type Registration } from './words.js';

/**
 * Makes the person: whoever has the mailbox (the link) and chose the password. Both, for else somebody could register a
 * stranger's address with a password of their own and wait for the stranger to follow the link.
 *
 * @throws Problem `link_refused` (unknown, expired, used, or the password of another registration) · `too_many_requests`
 * Audited as `person.registered`; a refusal as `link.refused`.
 */
export async function confirmAddress(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  given: { token: string; password: string },
): Promise<void> {
  await ctx.identity.limits.tokenBySource(input.actor.address ?? 'unknown');
  const registration = await Registrations(ctx.db)
    .findOne({ tokenHash: hashToken(given.token), known: false })
    .lean<Registration>()
    .exec();
  const matches = await ctx.identity.passwords.matches(registration?.passwordHash, given.password);
  if (!registration || !matches || registration.expiresAt <= ctx.clock.now()) {
    return refuse(ctx, input, linkRefused('confirm-address'), identityProblem('link_refused'));
  }
  await input.act((tx) => createCustomer(tx, registration));
}

async function createCustomer(tx: Tx, { email, locale, passwordHash }: Registration): Promise<void> {
  const removed = await Registrations(tx).deleteMany({ email }, { session: tx.session });
  if (removed.deletedCount === 0 || (await findPersonByEmail(tx, email))) throw identityProblem('link_refused');
  const person: Person = {
    _id: newId('person'),
    email,
    locale,
    roles: ['customer'],
    passwordHash,
    contactPoints: [ownMailbox(email, tx.now)],
    securityVersion: 1,
    createdAt: tx.now,
  };
  await People(tx)
    .create([person], { session: tx.session })
    .catch((error: unknown) => {
      throw isDuplicate(error) ? identityProblem('link_refused') : error;
    });
  tx.record(addressConfirmed(person));
}
