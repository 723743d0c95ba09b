import type { Input, Kernel } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import type { IdentityParts } from './context.js';
import { supportCodeRefused } from './events.js';
import { identityProblem } from './problems.js';
import { useSupportCode } from './support-code.js';
import type { Speaker, SupportCode } from './support-words.js';

/** Leaves the act's transaction, so that the refusal can be audited in one of its own. */
class NotRecognised extends Error {}

/**
 * Recognises the other side by the number that they read out; it is used up.
 *
 * @param given.personId the customer, whoever speaks
 * @throws Problem `support_code_refused` (hang up: another's number, used, older than ten minutes, or made up) ·
 *         `too_many_requests`
 * Audited as `support-code.recognised`, or `support-code.refused`.
 */
export async function recognise<T>(
  ctx: Pick<Kernel, 'secrets' | 'transact'> & { readonly identity: IdentityParts },
  { actor, act }: Pick<Input, 'actor' | 'act'>,
  given: { speaker: Speaker; personId: string; code: string; caseId?: string },
  show: (tx: Tx, code: SupportCode) => Promise<T>,
): Promise<T> {
  await ctx.identity.limits.supportByPerson(given.personId);
  await ctx.identity.limits.supportByPerson(actor.id);
  try {
    return await act(async (tx) => {
      const code = await useSupportCode(tx, ctx, given);
      if (!code) throw new NotRecognised();
      return show(tx, code);
    });
  } catch (error) {
    if (!(error instanceof NotRecognised)) throw error;
    await ctx.transact(actor, async (tx) => tx.record(supportCodeRefused(given.personId, given.speaker, given.caseId)));
    throw identityProblem('support_code_refused');
  }
}
