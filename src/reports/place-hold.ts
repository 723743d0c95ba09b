import { requestFreeze, WITHDRAWAL_SCOPES } from '../accounts/index.js';
import { type CaseDoc, linkAccount, readCase } from '../cases/index.js';
import { systemActor } from '../kernel/actor.js';
import { DAY, HOUR } from '../kernel/clock.js';
import type { Tx } from '../kernel/transact.js';
import type { ReportContext } from './context.js';
import { holdPlaced, holdRefused } from './events.js';
import { holdsAskedFrom, holdsPlacedOn, readReport, settleHold } from './store.js';
import type { HoldRefusal, HoldRequest, ReportDoc } from './words.js';

/**
 * Looks up the account a stranger named and asks for a hold on its withdrawals: short, capped, the owner told everywhere.
 *
 * Runs after the answer was given, so the answer is the same for every account, there or not. May run again.
 * @throws Problem `exchange_unavailable` (run it again later)
 * Audited as `hold.placed` or `hold.refused`.
 */
export async function placeHold(ctx: ReportContext, reportId: string, jobId: string): Promise<void> {
  const report = await readReport(ctx.db, reportId);
  if (report?.hold?.state !== 'asked') return;
  const account = await namedAccount(ctx, report);
  const decide = async (tx: Tx) => {
    if (account === null) return refuse(tx, report, 'no-such-account');
    const refusal = await overLimit(tx, ctx, report, account.accountId);
    return refusal === null ? place(tx, ctx, report, account.accountId) : refuse(tx, report, refusal);
  };
  await ctx.transact(systemActor('worker', jobId), decide).catch((error: unknown) => {
    if (!(error instanceof AlreadyDecided)) throw error;
  });
}

/** Another run of this job was quicker; what this one began is rolled back. */
class AlreadyDecided extends Error {}

/** The own account; else by account number first, for an e-mail address can be mistyped into somebody else's. */
async function namedAccount({ exchange }: ReportContext, { accountId, account }: ReportDoc) {
  if (accountId !== undefined) return { accountId };
  if (account?.uid !== undefined) return exchange.findAccount({ uid: account.uid });
  return account?.email === undefined ? null : exchange.findAccount({ email: account.email });
}

async function overLimit(
  tx: Tx,
  { config }: ReportContext,
  report: ReportDoc,
  accountId: string,
): Promise<HoldRefusal | null> {
  if (report.disowns !== undefined) return null; // its links are counted where they are used
  const since = new Date(tx.now.getTime() - DAY);
  const fromSource =
    report.source === undefined ? 1 : await holdsAskedFrom(tx, report.source, since, report.receivedAt);
  if (fromSource > config.reports.holdsPerSourcePerDay) return 'source-limit';
  return (await holdsPlacedOn(tx, accountId, since)) >= config.reports.holdsPerTargetPerDay ? 'target-limit' : null;
}

/**
 * The freeze moves the account's generation, so of two holds placed at once one runs again and sees the other. A stranger's
 * case learns its account by it; a customer's never does, for whose case it is must not decide about an account that they
 * merely named.
 */
async function place(tx: Tx, { config }: ReportContext, report: ReportDoc, accountId: string): Promise<void> {
  const doc = await readCase(tx, report.caseId);
  const unfit = unfitFor(doc, accountId);
  if (unfit !== null) return refuse(tx, report, unfit);
  if (doc.accountId === undefined && doc.customerId === undefined) await linkAccount(tx, doc, accountId);
  const expiresAt = new Date(tx.now.getTime() + config.reports.holdHours * HOUR);
  const freeze = await requestFreeze(tx, {
    caseId: doc._id,
    caseNumber: doc.number,
    accountId,
    scopes: WITHDRAWAL_SCOPES,
    kind: 'hold',
    expiresAt,
  });
  await decided(tx, report, { state: 'placed', accountId, freezeId: freeze._id, decidedAt: tx.now });
  tx.record(holdPlaced(report, accountId, freeze._id));
  tx.enqueue({ name: 'freeze-account', payload: { freezeId: freeze._id } });
}

/** A case has one account, and never another one at the word of a stranger. */
const unfitFor = (doc: CaseDoc, accountId: string): HoldRefusal | null => {
  if (doc.closedAt !== undefined) return 'case-closed';
  return doc.accountId === undefined || doc.accountId === accountId ? null : 'another-account';
};

async function refuse(tx: Tx, report: ReportDoc, because: HoldRefusal): Promise<void> {
  await decided(tx, report, { state: 'refused', because, decidedAt: tx.now });
  tx.record(holdRefused(report, because));
}

async function decided(tx: Tx, { _id }: ReportDoc, hold: HoldRequest): Promise<void> {
  if (!(await settleHold(tx, _id, hold))) throw new AlreadyDecided();
}
