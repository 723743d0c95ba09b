import type { Actor } from '../kernel/actor.js';
import { HOUR, SECOND } from '../kernel/clock.js';
import type { EvidenceContext } from './context.js';
import { viewQuotaReached } from './events.js';
import { evidenceProblem } from './problems.js';
import { actsOf } from './store.js';
import type { CustodyAct, EvidenceDoc } from './words.js';

/**
 * Lets one of staff open only so many originals in any hour, as the custody records count them: nobody carries off a store.
 * Each opening takes a code of its own, so two at once are rare, and the quota is not a lock.
 *
 * @throws Problem `view_quota_reached` with `viewsPerHour` and `retryAfter` (seconds)
 * A refusal is audited as `evidence.view-refused`.
 */
export const stayInQuota = (ctx: EvidenceContext, actor: Actor, doc: EvidenceDoc): Promise<void> =>
  stayWithin(ctx, actor, doc, ['downloaded', 'shared'], ctx.config.evidence.viewsPerHour);

/** The same for previews, of which there may be more: they are looked through to find the one that matters. */
export const stayInPreviewQuota = (ctx: EvidenceContext, actor: Actor, doc: EvidenceDoc): Promise<void> =>
  stayWithin(ctx, actor, doc, ['viewed'], ctx.config.evidence.previewsPerHour);

async function stayWithin(
  ctx: EvidenceContext,
  actor: Actor,
  doc: EvidenceDoc,
  acts: readonly CustodyAct[],
  viewsPerHour: number,
): Promise<void> {
  const now = ctx.clock.now().getTime();
  const first = (await actsOf(ctx.db, actor.id, acts, new Date(now - HOUR), viewsPerHour))[viewsPerHour - 1];
  if (first === undefined) return;
  await ctx.transact(actor, async (tx) => tx.record(viewQuotaReached(doc, viewsPerHour)));
  const retryAfter = Math.max(1, Math.ceil((first.getTime() + HOUR - now) / SECOND));
  throw evidenceProblem('view_quota_reached', {
    headers: { 'Retry-After': String(retryAfter) },
    extra: { viewsPerHour, retryAfter },
  });
}
