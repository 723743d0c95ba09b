import {
  carryOutFreeze,
  carryOutRelease,
  carryOutRemedy,
  type FreezeDoc,
  holds,
  type Outcome,
  RELEASE_JOB,
  readFreeze,
  readRemedy,
  recordFreezeOutcome,
  recordReleaseOutcome,
  recordRemedyOutcome,
} from '../accounts/index.js';
import { systemActor } from '../kernel/actor.js';
import { HOUR } from '../kernel/clock.js';
import { jobFor, type Payload, type Recurring } from '../kernel/jobs.js';
import { pageStaff } from '../kernel/page-staff.js';
import type { Tx } from '../kernel/transact.js';
import { advance } from './advance.js';
import type { CaseContext } from './context.js';
import { deadJob } from './events.js';
import { expireEvidence } from './expire-evidence.js';
import { expireRelease } from './expire-release.js';
import { ownerTexts } from './hold-notice.js';
import { settleRelease } from './settle-release.js';
import { readCase } from './store.js';

const job = jobFor<CaseContext>();

/** Quick at first, for the exchange's hiccups; then patient, for its outages. Milliseconds. */
const BACKOFF = [250, 1_000, 4_000, 15_000, 60_000] as const;
const ATTEMPTS = 40;

/** Not an error of ours: nobody knows yet, so the job comes back and reads back before it sends again. */
class NotSettled extends Error {
  override readonly name = 'NotSettled';
}

const worker = (id: string) => systemActor('worker', id);
const idIn = (payload: Payload, name: string): string => String(payload[name]);

/** One freeze to the exchange, outside any transaction; then its outcome and the case's step in one. */
export const freezeAccount = job({
  name: 'freeze-account',
  attempts: ATTEMPTS,
  backoff: BACKOFF,
  handle: async (ctx, payload, { attempt, jobId }) => {
    const freezeId = idIn(payload, 'freezeId');
    const outcome = await carryOutFreeze(ctx, freezeId, { sentBefore: attempt > 1 });
    const freeze = await ctx.transact(worker(jobId), async (tx) => {
      const recorded = await recordFreezeOutcome(tx, freezeId, outcome);
      if (recorded.changed) await freezeMoved(tx, ctx, recorded.freeze);
      return recorded.freeze;
    });
    if (freeze.state === 'requested' || freeze.state === 'unconfirmed') throw new NotSettled();
  },
  onFailed: async (ctx, payload) => {
    const freeze = await readFreeze(ctx.db, idIn(payload, 'freezeId'));
    if (freeze) await comeBackLater(ctx, freeze.caseId, 'freeze-unconfirmed', 'freeze-account', payload);
  },
});

/** What the case hears of a freeze in the state that an answer left it in. */
const HEARD: Partial<Record<FreezeDoc['state'], 'confirmed' | 'partial' | 'refused' | 'unconfirmed'>> = {
  active: 'confirmed',
  partial: 'partial',
  failed: 'refused',
  unconfirmed: 'unconfirmed',
};

async function freezeMoved(tx: Tx, ctx: CaseContext, freeze: FreezeDoc): Promise<void> {
  const heard = HEARD[freeze.state];
  if (heard === undefined) throw new Error(`an answer left a freeze ${freeze.state}`);
  const doc = await readCase(tx, freeze.caseId);
  await advance(tx, ctx, doc, {
    type: `${freeze.kind}.${heard}`,
    freezeId: freeze._id,
    told: toldOf(freeze, heard),
  });
}

/** What the notice of an outcome says: only what the exchange confirmed. */
function toldOf({ kind, applied, missing, confirmedAt, expiresAt, requestedAt }: FreezeDoc, state: string) {
  if (kind === 'hold') return {};
  if (state === 'partial') return { applied, missing };
  if (state === 'unconfirmed') return { requestedAt: requestedAt.toISOString() };
  return {
    scopes: applied,
    expiresAt: expiresAt.toISOString(),
    ...(confirmedAt && { confirmedAt: confirmedAt.toISOString() }),
  };
}

/** A release to the exchange, whatever decided it: an approval, an expiry, the owner. */
export const releaseAccount = job({
  name: RELEASE_JOB,
  attempts: ATTEMPTS,
  backoff: BACKOFF,
  handle: async (ctx, payload, { attempt, jobId }) => {
    const freezeId = idIn(payload, 'freezeId');
    const outcome = await carryOutRelease(ctx, freezeId, { sentBefore: attempt > 1 });
    const freeze = await ctx.transact(worker(jobId), async (tx) => {
      const before = await readFreeze(tx, freezeId);
      const { freeze: after, changed } = await recordReleaseOutcome(tx, freezeId, outcome);
      if (changed) await settleRelease(tx, ctx, after);
      else if (outcome.state !== 'confirmed' && isNews(before, outcome))
        await advance(tx, ctx, await readCase(tx, after.caseId), { type: `release.${outcome.state}` });
      return after;
    });
    if (freeze.state === 'release-pending') throw new NotSettled();
  },
  onFailed: async (ctx, payload) => {
    const freeze = await readFreeze(ctx.db, idIn(payload, 'freezeId'));
    if (freeze) await comeBackLater(ctx, freeze.caseId, 'release-failed', RELEASE_JOB, payload);
  },
});

/** An answer to the release's present call, other than the one before it; any other answer was set aside. */
const isNews = (before: FreezeDoc | null, { state, operationId }: Outcome): boolean =>
  before?.state === 'release-pending' &&
  before.release?.operationId === operationId &&
  before.release.unsettled !== state;

export const carryOutOrderedRemedy = job({
  name: 'carry-out-remedy',
  attempts: ATTEMPTS,
  backoff: BACKOFF,
  handle: async (ctx, payload, { attempt, jobId }) => {
    const remedyId = idIn(payload, 'remedyId');
    const outcome = await carryOutRemedy(ctx, remedyId, { sentBefore: attempt > 1 });
    const remedy = await ctx.transact(worker(jobId), async (tx) => {
      const { remedy: after, changed } = await recordRemedyOutcome(tx, remedyId, outcome);
      const heard = outcome.state === 'confirmed' ? 'done' : outcome.state;
      if (changed) await advance(tx, ctx, await readCase(tx, after.caseId), { type: `remedy.${heard}` });
      return after;
    });
    if (remedy.state === 'ordered' || remedy.state === 'unconfirmed') throw new NotSettled();
  },
  onFailed: async (ctx, payload) => {
    const remedy = await readRemedy(ctx.db, idIn(payload, 'remedyId'));
    if (remedy) await comeBackLater(ctx, remedy.caseId, 'remedy-failed', 'carry-out-remedy', payload);
  },
});

/** The exchange has been silent for long: staff hear of it, and the job tries again in an hour, for as long as it takes. */
async function comeBackLater(
  ctx: CaseContext,
  caseId: string,
  reason: string,
  name: string,
  payload: Payload,
): Promise<void> {
  await ctx.transact(worker(name), async (tx) => {
    const doc = await readCase(tx, caseId);
    pageStaff(tx, ctx, doc.number, reason);
    tx.record(deadJob(doc, name));
    tx.enqueue({ name, payload, runAt: new Date(tx.now.getTime() + HOUR) });
  });
}

/** Ends a proposal that nobody decided; one that was decided needs nothing. */
export const expireReleaseProposal = job({
  name: 'expire-release',
  attempts: ATTEMPTS,
  backoff: BACKOFF,
  handle: async (ctx, payload, { jobId }) => {
    const nothingToDo = new Error('decided already');
    const done = ctx.transact(worker(jobId), async (tx) => {
      if (!(await expireRelease(tx, ctx, idIn(payload, 'caseId'), idIn(payload, 'approvalId')))) throw nothingToDo;
    });
    await done.catch((error: unknown) => {
      if (error !== nothingToDo) throw error;
    });
  },
});

/** Tells the owner of a hold through the exchange's own channels, which a thief of the mailbox does not control. */
export const tellOwner = job({
  name: 'tell-owner',
  attempts: ATTEMPTS,
  backoff: BACKOFF,
  handle: async (ctx, payload) => {
    const freeze = await readFreeze(ctx.db, idIn(payload, 'freezeId'));
    if (!isHeld(freeze)) return;
    const { _id, accountId, caseNumber, expiresAt } = freeze;
    const texts = ownerTexts(caseNumber, expiresAt, ctx.config.identity.factorAgeDays);
    await ctx.exchange.notifyOwner({ operationId: `tell_${_id}`, accountId, texts });
  },
  onFailed: async (ctx, payload) => {
    const freeze = await readFreeze(ctx.db, idIn(payload, 'freezeId'));
    if (isHeld(freeze)) await comeBackLater(ctx, freeze.caseId, 'owner-not-told', 'tell-owner', payload);
  },
});

/** Of a hold that is over there is nothing to tell any more. */
const isHeld = (freeze: FreezeDoc | null): freeze is FreezeDoc => freeze?.kind === 'hold' && holds(freeze.state);

/** Erases evidence whose time is over. */
export const expireEvidenceTask: Recurring<CaseContext> = {
  name: 'expire-evidence',
  everyMs: 6 * HOUR,
  handle: async (ctx) => {
    const erased = await expireEvidence(ctx);
    if (erased > 0) ctx.logger.info('evidence was erased whose time is over', { erased });
  },
};

export const caseJobs = [freezeAccount, releaseAccount, carryOutOrderedRemedy, expireReleaseProposal, tellOwner];
