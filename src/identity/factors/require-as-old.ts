import type { Proof } from '../../kernel/route.js';
import type { IdentityContext } from '../context.js';
import { proofIsOld } from '../words.js';
import { factorProblem } from './problems.js';

/**
 * A thief who got hold of one code could set up a factor of their own with it, and with that one put the owner's aside. So a
 * factor takes the place of an older one only once it is old itself.
 *
 * @param proof  what answered the re-verification
 * @param since  since when the factor that goes has been the person's
 * @throws Problem `younger_factor`: use the older factor, a recovery code of its age, or wait
 */
export function requireAsOld(
  { config }: Pick<IdentityContext, 'config'>,
  proof: Proof | undefined,
  since: Date,
  now: Date,
): void {
  const { factorAgeDays } = config.identity;
  if (proof && (proof.since <= since || proofIsOld(proof, now, factorAgeDays))) return;
  throw factorProblem('younger_factor');
}
