import type { AuditDraft } from '../kernel/audit-draft.js';
import type { StateName } from '../workflow/index.js';
import type { BreakGlass } from './break-glass.js';
import type { CaseEvent } from './case-event.js';
import type { ApprovalDoc, CaseDoc, HistoryEntry, IdentityCheckDoc, MessageDoc } from './words.js';

const of = ({ _id, accountId }: CaseDoc) => ({
  caseId: _id,
  ...(accountId === undefined ? {} : { accountId }),
});

export const caseOpened = (doc: CaseDoc): AuditDraft => ({
  action: 'case.opened',
  ...of(doc),
  facts: {
    number: doc.number,
    kind: doc.kind,
    urgent: doc.urgent,
    reporter: doc.reporter.kind,
    state: doc.state,
    workflow: { ...doc.workflow },
  },
});

export const reportJoined = (doc: CaseDoc, reportId: string): AuditDraft => ({
  action: 'case.joined',
  ...of(doc),
  target: { kind: 'report', id: reportId },
  facts: { reports: doc.reports },
});

/** Every event of the workflow, whether or not it led to another state. */
export const caseAdvanced = (doc: CaseDoc, event: CaseEvent, from: StateName): AuditDraft => ({
  action: 'case.advanced',
  ...of(doc),
  facts: { event: event.type, from, to: doc.state, workflow: doc.workflow.sha256 },
});

export const caseClosed = (doc: CaseDoc): AuditDraft => ({
  action: 'case.closed',
  ...of(doc),
  facts: { outcome: doc.outcome ?? null },
});

export const caseReopened = (doc: CaseDoc, reason: string): AuditDraft => ({
  action: 'case.reopened',
  ...of(doc),
  personal: { reason },
});

/** An act with a reason in somebody's own words, which may hold personal data. */
export const caseDecided = (
  doc: CaseDoc,
  action:
    | 'case.triaged'
    | 'freeze.waived'
    | 'freeze.ordered'
    | 'freeze.extension-ordered'
    | 'identity.failed'
    | 'case.close-ordered',
  reason: string,
  facts: AuditDraft['facts'] = {},
): AuditDraft => ({ action, ...of(doc), facts, personal: { reason } });

export const caseAssigned = (doc: CaseDoc, before: string | undefined): AuditDraft => ({
  action: 'case.assigned',
  ...of(doc),
  facts: { from: before ?? null, to: doc.assignee ?? null },
});

export const accountLinkedToCase = (doc: CaseDoc): AuditDraft => ({ action: 'case.account-linked', ...of(doc) });

export const contactPointsRead = (doc: CaseDoc): AuditDraft => ({ action: 'case.contact-points-read', ...of(doc) });

/** Staff who do not work on the case opened it. */
export const caseViewed = (doc: CaseDoc): AuditDraft => ({
  action: 'case.viewed',
  ...of(doc),
  target: { kind: 'case', id: doc._id },
});

export const messageAdded = (doc: CaseDoc, { _id, audience, from }: MessageDoc): AuditDraft => ({
  action: 'case.message-added',
  ...of(doc),
  target: { kind: 'message', id: _id },
  facts: { audience, from },
});

export const checkStarted = (doc: CaseDoc, { _id, method, round }: IdentityCheckDoc): AuditDraft => ({
  action: 'identity-check.started',
  ...of(doc),
  target: { kind: 'identity-check', id: _id },
  facts: { method, round },
});

export const checkDecided = (doc: CaseDoc, check: IdentityCheckDoc): AuditDraft => ({
  action: check.state === 'passed' ? 'identity-check.passed' : 'identity-check.failed',
  ...of(doc),
  target: { kind: 'identity-check', id: check._id },
  facts: {
    method: check.method,
    round: check.round,
    evidenceIds: check.evidenceIds ?? [],
    contactPointId: check.contactPointId ?? null,
  },
  ...(check.note === undefined ? {} : { personal: { note: check.note } }),
});

const release = (doc: CaseDoc, approval: ApprovalDoc) => ({
  ...of(doc),
  target: { kind: 'approval', id: approval._id },
  facts: { scopes: approval.scopes, outcome: approval.outcome, proposedBy: approval.proposedBy },
});

export const releaseProposed = (doc: CaseDoc, approval: ApprovalDoc): AuditDraft => {
  const draft = release(doc, approval);
  return {
    action: 'release.proposed',
    ...draft,
    facts: {
      ...draft.facts,
      coolingOffUntil: approval.coolingOffUntil.toISOString(),
      expiresAt: approval.expiresAt.toISOString(),
    },
    personal: { reason: approval.reason },
  };
};

export const releaseApproved = (doc: CaseDoc, approval: ApprovalDoc): AuditDraft => ({
  action: 'release.approved',
  ...release(doc, approval),
});

export const releaseDeclined = (doc: CaseDoc, approval: ApprovalDoc): AuditDraft => ({
  action: 'release.declined',
  ...release(doc, approval),
  personal: { reason: approval.decisionReason ?? '' },
});

/** Somebody tried to propose or approve what they must not; whoever reads the log wants to see it. */
export const releaseRefused = (doc: CaseDoc, act: 'propose' | 'approve', because: string): AuditDraft => ({
  action: 'release.refused-to-person',
  ...of(doc),
  result: 'refused',
  facts: { act, because },
});

export const factorsResetInCase = (doc: CaseDoc, customerId: string): AuditDraft => ({
  action: 'case.factors-reset',
  ...of(doc),
  target: { kind: 'person', id: customerId },
});

export const factorResetRefused = (doc: CaseDoc, because: string): AuditDraft => ({
  action: 'case.factor-reset-refused',
  ...of(doc),
  result: 'refused',
  facts: { because },
});

export const releaseExpired = (doc: CaseDoc, approval: ApprovalDoc): AuditDraft => ({
  action: 'release.expired',
  ...release(doc, approval),
});

/** `evidence`: how many pieces have it in their custody. */
export const legalHoldSet = (doc: CaseDoc, reason: string, evidence: number): AuditDraft => ({
  action: 'legal-hold.set',
  ...of(doc),
  facts: { evidence },
  personal: { reason },
});

export const legalHoldLifted = (doc: CaseDoc, reason: string, evidence: number): AuditDraft => ({
  action: 'legal-hold.lifted',
  ...of(doc),
  facts: { evidence },
  personal: { reason },
});

export const retentionSet = (doc: CaseDoc, until: Date, reason: string): AuditDraft => ({
  action: 'retention.set',
  ...of(doc),
  facts: { until: until.toISOString() },
  personal: { reason },
});

/** Its time was over, and so many pieces of its evidence were erased, which have events of their own. */
export const evidenceExpired = (doc: CaseDoc, until: Date, evidence: number): AuditDraft => ({
  action: 'evidence.expired',
  ...of(doc),
  facts: { until: until.toISOString(), evidence },
});

/** A job that the exchange's silence outlasted; it is tried again later. */
export const deadJob = (doc: CaseDoc, job: string): AuditDraft => ({
  action: 'job.given-up-for-now',
  ...of(doc),
  result: 'refused',
  facts: { job },
});

export const historyEntry = (
  at: Date,
  { kind, id }: HistoryEntry['by'],
  event: HistoryEntry['event'],
  from: StateName,
  to: StateName,
): HistoryEntry => ({ at, event, by: { kind, id }, from, to });

export const breakGlassOpened = (doc: CaseDoc, { _id, reason, expiresAt }: BreakGlass): AuditDraft => ({
  action: 'break-glass.opened',
  ...of(doc),
  target: { kind: 'break-glass', id: _id },
  facts: { expiresAt: expiresAt.toISOString() },
  personal: { reason },
});

export const breakGlassEnded = ({ _id, caseId }: BreakGlass): AuditDraft => ({
  action: 'break-glass.ended',
  caseId,
  target: { kind: 'break-glass', id: _id },
});
