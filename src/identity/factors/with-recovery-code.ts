import type { Input } from '../../kernel/route.js';
import type { Tx } from '../../kernel/transact.js';
import type { IdentityContext } from '../context.js';
import { proofRefused } from '../events.js';
import { hasSecondFactor } from '../has-second-factor.js';
import { notifySecurityChange } from '../notify-security-change.js';
import { People, readPerson } from '../store.js';
import type { Person, Proved } from '../words.js';
import { recoveryCodeUsed } from './events.js';
import { factorProblem } from './problems.js';
import { hashOfRecoveryCode } from './recovery-code.js';

/** Leaves the act's transaction, so that the refusal is audited in one of its own. */
class RecoveryCodeRefused extends Error {}

/**
 * Runs `work` in the request's one transaction, which also crosses the code off: of many requests with one code exactly one
 * acts, and a code of an act that rolled back is not used. The owner is told at every other contact point.
 *
 * Nobody guesses 120 bits, so wrong ones lock nothing; the limit is there for the load they make.
 *
 * @param purpose what the code opens, for the audit log
 * @param apart   whoever sends it has shown no password: their load is the caller's to limit, not the owner's to bear
 * @throws Problem `recovery_code_refused` (wrong, or used before) · `too_many_requests` with `Retry-After`
 * Audited as `recovery-code.used`; a refusal as `proof.refused`. Source: NIST SP 800-63B-4, 3.1.2
 */
export async function withRecoveryCode<T>(
  ctx: IdentityContext,
  { actor, act }: Pick<Input, 'actor' | 'act'>,
  { personId, code, purpose, apart }: { personId: string; code: string; purpose: string; apart?: true },
  work: (tx: Tx, person: Person, proof: Proved) => Promise<T>,
): Promise<T> {
  if (!apart) await ctx.identity.limits.proofs(personId, actor);
  try {
    return await act(async (tx) => {
      const { person, since, left } = await crossOff(tx, personId, code);
      tx.record(recoveryCodeUsed(personId, purpose, left));
      notifySecurityChange(tx, person, { kind: 'recovery-code-used' });
      return work(tx, person, { method: 'recovery-code', since });
    });
  } catch (error) {
    if (!(error instanceof RecoveryCodeRefused)) throw error;
    await ctx.transact(actor, async (tx) => tx.record(proofRefused(personId, purpose, 'recovery-code', 0)));
    throw factorProblem('recovery_code_refused');
  }
}

/** Two that cross off the same code write the same person: the store lets one through, and the other meets a used code. */
async function crossOff(
  tx: Tx,
  personId: string,
  code: string,
): Promise<{ person: Person; since: Date; left: number }> {
  const person = await readPerson(tx, personId);
  const hash = hashOfRecoveryCode(code);
  if (!person?.recovery?.hashes.includes(hash) || !hasSecondFactor(person)) throw new RecoveryCodeRefused();
  const hashes = person.recovery.hashes.filter((one) => one !== hash);
  await People(tx).updateOne(
    { _id: personId, 'recovery.hashes': hash },
    { $set: { 'recovery.hashes': hashes } },
    { session: tx.session },
  );
  return { person, since: person.recovery.issuedAt, left: hashes.length };
}
