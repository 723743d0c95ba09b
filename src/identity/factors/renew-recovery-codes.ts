import type { Proof } from '../../kernel/route.js';
import type { Tx } from '../../kernel/transact.js';
import type { IdentityContext } from '../context.js';
import { notifySecurityChange } from '../notify-security-change.js';
import { identityProblem } from '../problems.js';
import { readPerson } from '../store.js';
import { makeRecoveryCodes } from './make-recovery-codes.js';
import { requireAsOld } from './require-as-old.js';

/**
 * Gives whoever re-verified ten new recovery codes, young ones.
 *
 * @param proof  what answered the re-verification
 * @throws Problem `younger_factor`
 * Audited as `recovery-codes.made`.
 */
export async function renewRecoveryCodes(
  tx: Tx,
  ctx: IdentityContext,
  proof: Proof | undefined,
): Promise<{ recoveryCodes: string[]; issuedAt: string }> {
  const person = await readPerson(tx, tx.actor.id);
  if (!person) throw identityProblem('person_not_found');
  if (person.recovery) requireAsOld(ctx, proof, person.recovery.issuedAt, tx.now);
  const { codes, issuedAt } = await makeRecoveryCodes(tx, person);
  notifySecurityChange(tx, person, { kind: 'recovery-codes-made' });
  return { recoveryCodes: codes, issuedAt: issuedAt.toISOString() };
}
