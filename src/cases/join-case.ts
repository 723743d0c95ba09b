import { freezesOfCase, holds, type Scope } from '../accounts/index.js';
import { pageStaff } from '../kernel/page-staff.js';
import type { Tx } from '../kernel/transact.js';
import { allowedEvents } from '../workflow/index.js';
import { advance } from './advance.js';
import type { CaseContext } from './context.js';
import { historyEntry, reportJoined } from './events.js';
import { definitionOf, gatherFacts } from './facts.js';
import { saveCase } from './store.js';
import type { CaseDoc } from './words.js';

export interface JoiningReport {
  readonly reportId: string;
  readonly urgent: boolean;
  /** The customer proved a second factor for this report. */
  readonly reverified: boolean;
  /** The customer's own account, linked by a code of the exchange. */
  readonly accountId?: string | undefined;
  readonly scopes?: readonly Scope[] | undefined;
  readonly trackingHash?: string | undefined;
}

/**
 * Adds a further report of the same loss to its case. A customer who re-verifies only now gets the freeze now: an urgent
 * report to a case of which nothing is frozen, or not any more, freezes as if it had opened it.
 *
 * @param doc  an open case of the same reporter, as `findOpenCase` gave it in this transaction
 * @throws Problem `conflict` (the case changed since it was read)
 * Audited as `case.joined`.
 */
export async function joinCase(tx: Tx, ctx: CaseContext, doc: CaseDoc, report: JoiningReport): Promise<CaseDoc> {
  const accountId = doc.accountId ?? report.accountId;
  const joined = await saveCase(
    tx,
    doc,
    {
      ...doc,
      reports: doc.reports + 1,
      urgent: doc.urgent || (report.urgent && definitionOf(ctx, doc).urgent),
      ...(accountId !== undefined && { accountId }),
      ...(report.trackingHash !== undefined && { joinedTracking: followers(doc, report.trackingHash) }),
    },
    historyEntry(tx.now, tx.actor, 'report.joined', doc.state, doc.state),
  );
  tx.record(reportJoined(joined, report.reportId));
  // The owner objects, in the time that is there for it; the approver must hear of it before the account opens.
  if (report.reverified && joined.state === 'resolve.release-pending')
    pageStaff(tx, ctx, joined.number, 'report-during-release');
  return (await freezesNow(tx, ctx, joined, report)) ? advance(tx, ctx, joined, freezeOf(ctx, joined, report)) : joined;
}

/** Bounded, so that one case cannot outgrow its document; the newest followers stay. */
const followers = ({ joinedTracking = [] }: CaseDoc, trackingHash: string): string[] =>
  [...joinedTracking, trackingHash].slice(-500);

/** A factor speaks for the own account only, whichever account the case is about. */
async function freezesNow(tx: Tx, ctx: CaseContext, doc: CaseDoc, report: JoiningReport): Promise<boolean> {
  const definition = definitionOf(ctx, doc);
  const proven = report.reverified && report.accountId !== undefined && doc.customerId === tx.actor.id;
  if (!report.urgent || !definition.urgent || !proven || doc.accountId !== report.accountId) return false;
  if ((await freezesOfCase(tx, doc._id)).some(({ kind, state }) => kind === 'freeze' && holds(state))) return false;
  const facts = await gatherFacts(tx, doc, definition, tx.now);
  return allowedEvents(definition, doc.state, facts).includes('freeze.requested');
}

const freezeOf = (ctx: CaseContext, doc: CaseDoc, { scopes }: JoiningReport) => ({
  type: 'freeze.requested' as const,
  ...(scopes && { freeze: { scopes, hours: definitionOf(ctx, doc).freeze.hours } }),
});
