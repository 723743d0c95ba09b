import { type FreezeDoc, type Scope, WITHDRAWAL_SCOPES } from '../accounts/index.js';
import type { CaseDoc } from '../cases/index.js';
import { type EvidenceDoc, evidenceView } from '../evidence/index.js';
import type { ReportContext } from './context.js';
import { trackingLink } from './tracking-link.js';
import type { ReportDoc } from './words.js';

interface Answer {
  readonly doc: CaseDoc;
  /** When the case should be further; undefined when that is over: nobody is promised the past. */
  readonly due: Date | undefined;
  readonly report: ReportDoc;
  readonly token: string;
  /** Freezes of the reporter's own account in this case, oldest first; none for strangers. */
  readonly freezes: readonly FreezeDoc[];
  readonly evidence: readonly EvidenceDoc[];
  readonly signedIn: boolean;
}

/** The answer to a report. A stranger learns nothing from it that depends on whether an account exists. */
export const reportView = (ctx: ReportContext, { doc, due, report, token, freezes, evidence, signedIn }: Answer) => ({
  caseNumber: doc.number,
  trackingLink: trackingLink(ctx, token),
  trackingToken: token,
  ...(signedIn && { caseId: doc._id }),
  state: doc.state,
  joined: report.joined,
  freeze: freezeOf(report, freezes),
  next: nextOf(ctx, doc, due),
  evidence: evidence
    .map((doc) => evidenceView(doc))
    .map(({ evidenceId, sha256, size, type, scan }) => ({ evidenceId, sha256, size, type, scan })),
});

function freezeOf({ hold }: ReportDoc, freezes: readonly FreezeDoc[]): { state: string; scopes: readonly Scope[] } {
  const last = freezes.at(-1);
  if (last) return { state: last.state, scopes: last.scopes };
  return hold ? { state: 'hold-asked', scopes: WITHDRAWAL_SCOPES } : { state: 'none', scopes: [] };
}

/** The workflow's own words for what follows the state the case is in. */
function nextOf({ workflows }: ReportContext, { workflow, state }: CaseDoc, due: Date | undefined) {
  const words = workflows.exact(workflow)?.states[state];
  if (!words) return [];
  return [{ what: words.next, by: due?.toISOString() ?? null }];
}

/** A report as it was given, for those who may read it. Texts are the reporter's own: pages isolate and escape them. */
export const keptReportView = (report: ReportDoc) => ({
  reportId: report._id,
  receivedAt: report.receivedAt.toISOString(),
  by: report.personId === undefined ? ('stranger' as const) : ('customer' as const),
  kind: report.kind,
  language: report.language,
  joined: report.joined,
  reverified: report.reverified,
  occurredAt: report.occurredAt?.toISOString() ?? null,
  noticedAt: report.noticedAt?.toISOString() ?? null,
  where: report.where ? { channel: report.where.channel, detail: report.where.detail ?? null } : null,
  whatHappened: report.whatHappened,
  losses: report.losses.map(({ asset, amount }) => ({ asset, amount })),
  transactionHashes: report.transactionHashes,
  counterpartyAddresses: report.counterpartyAddresses,
  notMine: {
    trades: report.notMine?.trades ?? [],
    withdrawals: report.notMine?.withdrawals ?? [],
    signIns: report.notMine?.signIns ?? [],
  },
  activity: report.activity,
  contact: { email: report.contact?.email ?? null, phone: report.contact?.phone ?? null },
  compromised: report.compromised,
  account: { uid: report.account?.uid ?? null, email: report.account?.email ?? null },
});
