import { systemActor } from '../kernel/actor.js';
import { carryOutCommand, isStale, MOST_RENEWALS, overtaken, settledOutcome, superseded } from './carry-out-command.js';
import type { CarryOutContext } from './context.js';
import type { Outcome } from './exchange.js';
import { accountProblem } from './problems.js';
import { renewRelease } from './request-release.js';
import { type FreezeDoc, readFreeze } from './store.js';

/**
 * Carries a requested release to the exchange; call it outside any transaction and hand what it returns to
 * `recordReleaseOutcome`.
 *
 * Idempotent as `carryOutFreeze` is. A release that opens nothing, because other freezes hold every scope, is sent all
 * the same: its generation fences off what of the freeze may still be on its way.
 *
 * @throws Problem `freeze_not_found`
 * Audited as `release.renewed` when it moved under a new generation.
 */
export async function carryOutRelease(
  ctx: CarryOutContext,
  freezeId: string,
  { sentBefore = false }: { sentBefore?: boolean } = {},
): Promise<Outcome> {
  let freeze = await existing(ctx, freezeId);
  let readBack = sentBefore || freeze.release?.unsettled === 'unconfirmed';
  for (let renewals = 0; renewals <= MOST_RENEWALS; renewals += 1) {
    const { release, accountId, caseNumber } = freeze;
    if (freeze.state !== 'release-pending' || !release) return pastOutcome(freeze);
    const { operationId, scopes, generation } = release;
    const command = { kind: 'release', operationId, accountId, scopes, generation, caseNumber } as const;
    const outcome = await carryOutCommand(ctx.exchange, command, readBack);
    if (!isStale(outcome)) return outcome;
    await renew(ctx, freezeId, operationId);
    freeze = await existing(ctx, freezeId);
    readBack = false;
  }
  return overtaken(freeze.release?.operationId ?? freeze.operationId);
}

async function existing({ db }: CarryOutContext, freezeId: string): Promise<FreezeDoc> {
  const freeze = await readFreeze(db, freezeId);
  if (!freeze) throw accountProblem('freeze_not_found');
  return freeze;
}

/** Nothing to record when somebody else was quicker, so the transaction is given up, not committed empty. */
async function renew(ctx: CarryOutContext, freezeId: string, operationId: string): Promise<void> {
  const notWanted = new Error('the release needs no renewal any more');
  const renewed = ctx.transact(systemActor('worker', freezeId), async (tx) => {
    if (!(await renewRelease(tx, freezeId, operationId))) throw notWanted;
  });
  await renewed.catch((error: unknown) => {
    if (error !== notWanted) throw error;
  });
}

function pastOutcome({ state, release, operationId }: FreezeDoc): Outcome {
  if (state === 'released' && release?.receipt) return settledOutcome(release.operationId, release.receipt);
  return superseded(release?.operationId ?? operationId);
}
