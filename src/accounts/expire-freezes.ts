import { systemActor } from '../kernel/actor.js';
import { MINUTE } from '../kernel/clock.js';
import type { Recurring } from '../kernel/jobs.js';
import type { Kernel } from '../kernel/route.js';
import { requestRelease } from './request-release.js';
import { expiredFreezes, readFreeze } from './store.js';
import { type FreezeState, HOLDING_STATES } from './words.js';

const EXPIRING: readonly FreezeState[] = [...HOLDING_STATES, 'failed'];
const BATCH = 200;

/** Name of the job that carries out a release; the cases own its handler. */
export const RELEASE_JOB = 'release-account';

/**
 * Decides the release of every freeze whose time is up, and enqueues `release-account` `{ freezeId, caseId }`.
 *
 * @returns ids of the freezes
 * Audited as `release.requested` with the reason `expired`, by the system.
 */
export async function expireFreezes({
  db,
  clock,
  transact,
}: Pick<Kernel, 'db' | 'clock' | 'transact'>): Promise<string[]> {
  const due = await expiredFreezes(db, clock.now(), EXPIRING, BATCH);
  const expired: string[] = [];
  for (const freezeId of due) {
    const settled = new Error('the freeze was released or extended meanwhile');
    const decided = transact(systemActor('worker', freezeId), async (tx) => {
      const freeze = await readFreeze(tx, freezeId);
      if (!freeze || freeze.expiresAt > tx.now || !EXPIRING.includes(freeze.state)) throw settled;
      await requestRelease(tx, { freezeId, reason: 'expired' });
      tx.enqueue({ name: RELEASE_JOB, payload: { freezeId, caseId: freeze.caseId }, key: `release ${freezeId}` });
    });
    await decided.then(
      () => expired.push(freezeId),
      (error: unknown) => {
        if (error !== settled) throw error;
      },
    );
  }
  return expired;
}

export const expireFreezesTask: Recurring<Pick<Kernel, 'db' | 'clock' | 'transact'>> = {
  name: 'expire-freezes',
  everyMs: MINUTE / 4,
  handle: async (ctx) => void (await expireFreezes(ctx)),
};
