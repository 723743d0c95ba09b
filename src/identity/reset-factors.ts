import { hashToken, newToken } from '../kernel/ids.js';
import type { Tx } from '../kernel/transact.js';
import type { Invitation } from './add-person.js';
import { endSessionsOf } from './end-session.js';
import { factorsReset } from './events.js';
import { isSetUp } from './is-set-up.js';
import { notifySecurityChange } from './notify-security-change.js';
import { identityProblem } from './problems.js';
import { People } from './store.js';
import { staffPerson } from './suspend-person.js';
import { type Person, SETUP_LINK_MS } from './words.js';

/**
 * Has one of staff set up every second factor anew: all of them are void, all sessions end. The next sign-in takes the
 * password, which the admin does not know, or the provider's word where there is none, and the one-time link, which whoever has
 * only the password does not get: neither the admin nor a thief of the password becomes this person.
 *
 * @throws Problem `own_roles` · `person_not_found` · `not_staff` · `not_set_up` (invite them again instead)
 * Audited as `person.factors-reset`. Their contact points are told.
 */
export async function resetFactors(tx: Tx, personId: string, { reason }: { reason: string }): Promise<Invitation> {
  return voidFactors(tx, await staffPerson(tx, personId), reason);
}

/**
 * The same for a customer who has lost every factor and every recovery code. Whoever calls this has proved who they are, with
 * other means, and by somebody else.
 *
 * @throws Problem `not_set_up`
 * Audited as `person.factors-reset`. Their contact points are told.
 */
export async function voidFactors(tx: Tx, person: Person, reason: string): Promise<Invitation> {
  const { _id: personId } = person;
  if (!(await isSetUp(tx, person))) throw identityProblem('not_set_up');
  const setupToken = newToken();
  const expiresAt = new Date(tx.now.getTime() + SETUP_LINK_MS);
  const setup = { tokenHash: hashToken(setupToken), expiresAt };
  await People(tx).updateOne(
    { _id: personId },
    { $set: { setup }, $unset: FACTORS, $inc: { securityVersion: 1 } },
    { session: tx.session },
  );
  await endSessionsOf(tx, personId, 'factor');
  tx.record(factorsReset(personId, reason));
  notifySecurityChange(tx, person, { kind: 'factors-reset' });
  return { person: without(person), setupToken, expiresAt };
}

const FACTORS = { totp: 1, totpPending: 1, passkeys: 1, recovery: 1 } as const;

function without({ totp: _, totpPending: __, passkeys: ___, recovery: ____, ...person }: Person): Person {
  return person;
}
