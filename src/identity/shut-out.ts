import type { Tx } from '../kernel/transact.js';
import type { IdentityContext } from './context.js';
import { signInShutOut } from './events.js';
import { identityProblem } from './problems.js';
import type { Person } from './words.js';

/**
 * Turns away somebody whom an admin has suspended, or who must first finish a set-up that an admin ordered. Only after
 * everything they know and hold was checked, so that nobody else learns of it.
 *
 * @throws Problem `suspended` (an admin decides) · `setup_required` (open the set-up link that an admin hands over)
 * Audited as `session.refused`, in a transaction of its own.
 */
export async function refuseShutOut(
  tx: Tx,
  { transact }: Pick<IdentityContext, 'transact'>,
  person: Person,
): Promise<void> {
  // Whoever was merely invited has nothing to get here with: this set-up is one that was ordered anew.
  const reason = person.suspendedAt ? 'suspended' : person.setup ? 'setup_required' : undefined;
  if (reason === undefined) return;
  await transact(tx.actor, async (own) => own.record(signInShutOut(person._id, reason)));
  throw identityProblem(reason);
}
