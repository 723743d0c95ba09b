import { proofIsOld, readPerson } from '../identity/index.js';
import { newId } from '../kernel/ids.js';
import type { Proof } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import { caseFor } from './case-for.js';
import type { CaseContext } from './context.js';
import { checkDecided, checkStarted } from './events.js';
import { definitionOf } from './facts.js';
import { methodsOf } from './identity-policy.js';
import { passIfMet } from './pass-identity.js';
import { caseProblem } from './problems.js';
import { insertCheck } from './store.js';
import type { CaseDoc, IdentityCheckDoc } from './words.js';

/**
 * Records that the customer showed an authenticator or a passkey: with it the re-verification was answered that this act
 * used up. Only a factor older than the configured days counts, for a thief enrols a new one first; and no recovery code,
 * which whoever finds the paper has.
 *
 * @param proof  what answered the re-verification
 * @throws Problem `case_not_found` · `method_not_accepted` · `factor_too_young` (prove it another way) · `event_not_allowed`
 * Audited as `identity-check.started` and `identity-check.passed`.
 */
export async function proveAuthenticator(
  tx: Tx,
  ctx: CaseContext,
  caseId: string,
  proof: Proof | undefined,
): Promise<CaseDoc> {
  const doc = await caseFor(tx, tx.actor, caseId);
  if (doc.customerId !== tx.actor.id) throw caseProblem('case_not_found');
  if (!methodsOf(definitionOf(ctx, doc).identity.accept).includes('authenticator'))
    throw caseProblem('method_not_accepted');
  if (proof?.method === 'recovery-code') throw caseProblem('method_not_accepted');
  const person = await readPerson(tx, tx.actor.id);
  if (!person || !proofIsOld(proof, tx.now, ctx.config.identity.factorAgeDays)) throw caseProblem('factor_too_young');

  const next = await advance(tx, ctx, doc, { type: 'identity.check-started' });
  const check: IdentityCheckDoc = {
    _id: newId('check'),
    caseId,
    round: next.identityRound,
    method: 'authenticator',
    state: 'passed',
    subjectId: person._id,
    startedBy: person._id,
    startedAt: tx.now,
    decidedBy: person._id,
    decidedAt: tx.now,
  };
  await insertCheck(tx, check);
  tx.record(checkStarted(next, check));
  tx.record(checkDecided(next, check));
  return passIfMet(tx, ctx, next);
}
