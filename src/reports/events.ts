import type { AuditDraft } from '../kernel/audit-draft.js';
import type { HoldRefusal, ReportDoc } from './words.js';

const about = ({ _id, caseId }: ReportDoc) => ({ caseId, target: { kind: 'report', id: _id } });

/**
 * Says how much was reported, never what: the reporter's words and contacts are personal.
 *
 * @param bodyHash  of the report as it came; its commitment proves that what is kept was not altered
 */
export const reportReceived = (report: ReportDoc, files: number, bodyHash: string): AuditDraft => ({
  action: 'report.received',
  ...about(report),
  ...(report.accountId === undefined ? {} : { accountId: report.accountId }),
  facts: {
    caseNumber: report.caseNumber,
    kind: report.kind,
    joined: report.joined,
    reverified: report.reverified,
    activity: report.activity,
    holdAsked: report.hold !== undefined,
    files,
  },
  personal: { bodyHash },
});

export const holdPlaced = (report: ReportDoc, accountId: string, freezeId: string): AuditDraft => ({
  action: 'hold.placed',
  ...about(report),
  accountId,
  facts: { freezeId },
});

export const holdRefused = (report: ReportDoc, because: HoldRefusal): AuditDraft => ({
  action: 'hold.refused',
  ...about(report),
  result: 'refused',
  facts: { because },
});

/** The exchange was away for so long that staff were called; it is tried again later. */
export const holdDelayed = (report: ReportDoc): AuditDraft => ({
  action: 'hold.delayed',
  ...about(report),
  result: 'refused',
});

/** The customer took a copy of the own case along. */
export const caseCopied = (caseId: string, caseNumber: string): AuditDraft => ({
  action: 'case.copied',
  caseId,
  target: { kind: 'case', id: caseId },
  facts: { caseNumber },
});

export const reportsRead = (caseId: string, count: number): AuditDraft => ({
  action: 'reports.read',
  caseId,
  target: { kind: 'case', id: caseId },
  facts: { count },
});
