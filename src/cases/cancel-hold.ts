import { type FreezeDoc, holds, RELEASE_JOB, readFreeze, requestRelease } from '../accounts/index.js';
import { type Person, proofIsOld, readPerson } from '../identity/index.js';
import type { Actor } from '../kernel/actor.js';
import type { Where } from '../kernel/mongo.js';
import type { Proof } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import type { CaseContext } from './context.js';
import { caseProblem } from './problems.js';

/**
 * Lets the owner of an account end a hold that somebody else's report put on it. Only an old factor counts: a thief's new
 * one goes to staff.
 *
 * @param proof  what answered the re-verification that this act used up
 * @throws Problem `hold_not_found` (also when it is not on the own account, or over) · `factor_too_young`
 * Audited as `release.requested` with the reason `owner_cancelled`.
 */
export async function cancelHold(tx: Tx, ctx: CaseContext, freezeId: string, proof: Proof | undefined): Promise<void> {
  await ownHold(tx, tx.actor, freezeId);
  if (!proofIsOld(proof, tx.now, ctx.config.identity.factorAgeDays)) throw caseProblem('factor_too_young');
  await requestRelease(tx, { freezeId, reason: 'owner_cancelled' });
  tx.enqueue({ name: RELEASE_JOB, payload: { freezeId }, key: `release ${freezeId}` });
}

/** A hold that is in force on the own account. @throws Problem `hold_not_found` */
export async function ownHold(
  where: Where,
  actor: Actor,
  freezeId: string,
): Promise<{ person: Person; hold: FreezeDoc }> {
  const person = await readPerson(where, actor.id);
  const hold = await readFreeze(where, freezeId);
  if (!person?.accountId || hold?.kind !== 'hold' || hold.accountId !== person.accountId || !holds(hold.state))
    throw caseProblem('hold_not_found');
  return { person, hold };
}
