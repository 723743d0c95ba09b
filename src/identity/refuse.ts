import type { AuditDraft } from '../kernel/audit-draft.js';
import type { Problem } from '../kernel/problem.js';
import type { Input, Kernel } from '../kernel/route.js';

/**
 * Refuses an act that was found wanting before it began, and audits the refusal in a transaction of its own. When the
 * Idempotency-Key of this very request was answered before, that answer is given again instead: the link that is used up
 * now was good then.
 *
 * @throws the problem
 */
export async function refuse(
  { transact }: Pick<Kernel, 'transact'>,
  { actor, act }: Pick<Input, 'actor' | 'act'>,
  event: AuditDraft,
  problem: Problem,
): Promise<never> {
  try {
    return await act(async (): Promise<never> => {
      throw problem;
    });
  } catch (error) {
    if (error === problem) await transact(actor, async (tx) => tx.record(event));
    throw error;
  }
}
