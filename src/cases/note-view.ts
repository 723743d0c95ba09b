import { type Actor, isStaff } from '../kernel/actor.js';
import { HOUR } from '../kernel/clock.js';
import { isDuplicate } from '../kernel/mongo.js';
import type { CaseContext } from './context.js';
import { caseViewed } from './events.js';
import { worksOn } from './policy.js';
import { CaseViews } from './store.js';
import type { CaseDoc } from './words.js';

/**
 * Keeps in the log that staff look at a case they do not work on, before they see it: an insider who browses leaves a trail.
 * At most once per person, case and hour, so that a page that is read again and again costs one look-up by key.
 *
 * Audited as `case.viewed`, in a transaction of its own.
 */
export async function noteView({ db, clock, transact }: CaseContext, actor: Actor, doc: CaseDoc): Promise<void> {
  if (!isStaff(actor) || worksOn(actor, doc)) return;
  const hour = Math.floor(clock.now().getTime() / HOUR);
  const _id = `${actor.id} ${doc._id} ${hour}`;
  if (await CaseViews(db).exists({ _id })) return;
  const view = { _id, expiresAt: new Date((hour + 1) * HOUR) };
  await transact(actor, async (tx) => {
    tx.record(caseViewed(doc));
    await CaseViews(tx).create([view], { session: tx.session });
  }).catch((error: unknown) => {
    if (!isDuplicate(error)) throw error; // two looks at once: the other one is in the log
  });
}
