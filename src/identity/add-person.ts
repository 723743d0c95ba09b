import { rolesInConflict } from '../access/index.js';
import type { Role } from '../kernel/actor.js';
import { hashToken, newId, newToken } from '../kernel/ids.js';
import type { Locale } from '../kernel/locale.js';
import { isDuplicate } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import { baseUrlOf, type IdentityContext } from './context.js';
import { personInvited } from './events.js';
import { isSetUp } from './is-set-up.js';
import { identityProblem } from './problems.js';
import { findPersonByEmail, People } from './store.js';
import { normalEmail, ownMailbox, type Person, SETUP_LINK_MS } from './words.js';

export interface Invitation {
  readonly person: Person;
  /** Give it to the person and to nobody else: whoever opens it first chooses the password. */
  readonly setupToken: string;
  readonly expiresAt: Date;
}

/**
 * Makes a person without a password, and the one-time token of their set-up link, good for 24 h. For somebody who never
 * finished their set-up it makes a new token, and the old one is void. Whoever has finished it, with a password or through a
 * provider, is not invited again: their roles change as roles do, and nobody's by their own hand.
 *
 * @throws Problem `email_taken` · `roles_in_conflict`
 * Audited as `person.invited`.
 */
export async function addPerson(
  tx: Tx,
  given: { email: string; roles: readonly Role[]; locale: Locale },
): Promise<Invitation> {
  refuseConflict(given.roles);
  const email = normalEmail(given.email);
  const setupToken = newToken();
  const expiresAt = new Date(tx.now.getTime() + SETUP_LINK_MS);
  const setup = { tokenHash: hashToken(setupToken), expiresAt };
  const before = await findPersonByEmail(tx, email);
  if (before && (await isSetUp(tx, before))) throw identityProblem('email_taken');
  const roles = [...new Set(given.roles)];
  const person: Person = before
    ? { ...before, roles, locale: given.locale, setup }
    : {
        _id: newId('person'),
        email,
        locale: given.locale,
        roles,
        setup,
        // Whoever invites vouches for the address: the link goes another way than by mail.
        contactPoints: [ownMailbox(email, tx.now)],
        securityVersion: 1,
        createdAt: tx.now,
      };
  if (before) {
    const change = { $set: { roles, locale: given.locale, setup }, $inc: { securityVersion: 1 } };
    await People(tx).updateOne({ _id: before._id }, change, { session: tx.session });
  } else {
    await People(tx)
      .create([person], { session: tx.session })
      .catch((error: unknown) => {
        throw isDuplicate(error) ? identityProblem('email_taken') : error;
      });
  }
  tx.record(personInvited(person, expiresAt));
  return { person, setupToken, expiresAt };
}

/** The page that finishes a set-up; the token stands behind `#`, where no server and no referrer sees it. */
export const setupLink = (ctx: Pick<IdentityContext, 'config'>, { setupToken }: Invitation): string =>
  `${baseUrlOf(ctx)}/setup#${setupToken}`;

/** @throws Problem `roles_in_conflict` with `roles`, the two that clash */
export function refuseConflict(roles: readonly Role[]): void {
  const clash = rolesInConflict(roles);
  if (clash) throw identityProblem('roles_in_conflict', { extra: { roles: clash } });
}
