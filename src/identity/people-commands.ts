import { type Role, systemActor } from '../kernel/actor.js';
import { newId } from '../kernel/ids.js';
import type { Locale } from '../kernel/locale.js';
import type { Kernel } from '../kernel/route.js';
import { addPerson, setupLink } from './add-person.js';
import { whoIsSetUp } from './is-set-up.js';
import { listPeople } from './store.js';
import { personView } from './view.js';

/**
 * `firebreak people add`: invites somebody from the command line, the only way to the first admin.
 *
 * @returns the one-time link, to be printed once and handed to the person
 * @throws Problem `email_taken` · `roles_in_conflict`
 * Audited as `person.invited` by the actor `cli`.
 */
export async function addPersonCommand(
  ctx: Kernel,
  given: { email: string; roles: readonly Role[]; locale: Locale },
): Promise<{ personId: string; setupLink: string; expiresAt: Date }> {
  const invitation = await ctx.transact(systemActor('cli', newId('cli')), (tx) => addPerson(tx, given));
  return { personId: invitation.person._id, setupLink: setupLink(ctx, invitation), expiresAt: invitation.expiresAt };
}

const MOST_STAFF = 10_000;

/** `firebreak people list`: all staff, oldest first. */
export async function listPeopleCommand(ctx: Pick<Kernel, 'db'>): Promise<ReturnType<typeof personView>[]> {
  const people = await listPeople(ctx.db, { staffOnly: true, limit: MOST_STAFF });
  const setUp = await whoIsSetUp(ctx.db, people);
  return people.map((person) => personView(person, setUp.has(person._id)));
}
