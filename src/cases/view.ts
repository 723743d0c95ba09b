import { type FreezeDoc, type FreezeView, freezeView, type RemedyView, remedyView } from '../accounts/index.js';
import type { Text } from '../kernel/locale.js';
import type { EventName, StateName } from '../workflow/index.js';
import type { ActView } from './acts.js';
import type { CaseFile } from './case-file.js';
import { type ApprovalDoc, type CaseDoc, type IdentityCheckDoc, type MessageDoc, type Step, stepOf } from './words.js';

/** A state in its two languages, and until when it should be over. Instants are RFC 3339, UTC. */
export interface StateView {
  name: StateName;
  step: Step;
  title: Text;
  next: Text;
  since: string;
  due?: string;
}

export interface CheckView {
  checkId: string;
  method: string;
  state: string;
  round: number;
  counts: boolean;
  startedAt: string;
  startedBy: string;
  decidedAt?: string;
  decidedBy?: string;
  evidenceIds?: readonly string[];
  contactPointId?: string;
  note?: string;
}

export interface ApprovalView {
  approvalId: string;
  state: string;
  scopes: readonly string[];
  outcome: string;
  reason: string;
  proposedBy: string;
  proposedAt: string;
  coolingOffUntil: string;
  expiresAt: string;
  decidedBy?: string;
  decidedAt?: string;
  decisionReason?: string;
}

/** A case as it stands in lists. */
export interface CaseLine {
  caseId: string;
  number: string;
  kind: string;
  title: Text;
  state: StateView;
  urgent: boolean;
  openedAt: string;
  reports: number;
  outcome?: string;
  closedAt?: string;
  assignee?: string;
  legalHold?: boolean;
  legalHoldSince?: string;
}

export interface CaseView extends CaseLine {
  language: string;
  version: number;
  workflow: { id: string; version: string; sha256: string };
  accountId?: string;
  customerId?: string;
  reporter: string;
  incidentAt?: string;
  legalHoldReason?: string;
  evidenceKeptUntil?: string;
  retentionReason?: string;
  identity: { accepted: readonly (readonly string[])[]; met: boolean; round: number };
  freezes: FreezeView[];
  remedies: RemedyView[];
  checks: CheckView[];
  approvals: ApprovalView[];
  allowed: EventName[];
  acts: ActView[];
}

/** What a customer sees of the own case: what happened and what comes next, not who on our side did it. */
export interface OwnCaseView {
  caseId: string;
  number: string;
  kind: string;
  title: Text;
  state: StateView;
  openedAt: string;
  reports: number;
  outcome?: string;
  closedAt?: string;
  identity: { accepted: readonly (readonly string[])[]; met: boolean };
  freezes: OwnFreezeView[];
  remedies: { kind: string; state: string; orderedAt: string; doneAt?: string }[];
  checks: { method: string; state: string; startedAt: string; decidedAt?: string }[];
  release?: { proposedAt: string; notBefore: string; state: string };
}

export interface OwnFreezeView {
  kind: string;
  state: string;
  scopes: readonly string[];
  applied: readonly string[];
  missing: readonly string[];
  requestedAt: string;
  confirmedAt?: string;
  expiresAt: string;
  releasedAt?: string;
}

export const caseLine = (doc: CaseDoc, { definition }: Pick<CaseFile, 'definition'>): CaseLine => ({
  caseId: doc._id,
  number: doc.number,
  kind: doc.kind,
  title: definition.title,
  state: stateView(doc, definition),
  urgent: doc.urgent,
  openedAt: doc.openedAt.toISOString(),
  reports: doc.reports,
  ...ending(doc),
  ...(doc.assignee !== undefined && { assignee: doc.assignee }),
  ...(doc.legalHold && { legalHold: true, legalHoldSince: doc.legalHold.setAt.toISOString() }),
});

export function caseView(file: CaseFile, acts: ActView[]): CaseView {
  const { doc, definition, facts, allowed, freezes, remedies, checks, counted, approvals, keptUntil } = file;
  const counting = new Set(counted.map(({ _id }) => _id));
  return {
    ...caseLine(doc, file),
    language: doc.language,
    version: doc.version,
    workflow: { ...doc.workflow },
    ...(doc.accountId !== undefined && { accountId: doc.accountId }),
    ...(doc.customerId !== undefined && { customerId: doc.customerId }),
    reporter: doc.reporter.kind,
    ...(doc.incidentAt && { incidentAt: doc.incidentAt.toISOString() }),
    ...(doc.legalHold && { legalHoldReason: doc.legalHold.reason }),
    ...(keptUntil && { evidenceKeptUntil: keptUntil.toISOString() }),
    ...(doc.retention && { retentionReason: doc.retention.reason }),
    identity: { accepted: definition.identity.accept, met: facts.identityMet, round: doc.identityRound },
    freezes: freezes.map(freezeView),
    remedies: remedies.map(remedyView),
    checks: checks.map((check) => checkView(check, counting.has(check._id))),
    approvals: approvals.map(approvalView),
    allowed,
    acts,
  };
}

export function ownCaseView({ doc, definition, facts, freezes, remedies, checks, approvals }: CaseFile): OwnCaseView {
  const proposal = approvals.at(-1);
  return {
    caseId: doc._id,
    number: doc.number,
    kind: doc.kind,
    title: definition.title,
    state: stateView(doc, definition),
    openedAt: doc.openedAt.toISOString(),
    reports: doc.reports,
    ...ending(doc),
    identity: { accepted: definition.identity.accept, met: facts.identityMet },
    // A hold on an account that they merely named would tell them that it exists.
    freezes: freezes.filter(({ accountId }) => accountId === doc.accountId).map(ownFreezeView),
    remedies: remedies.map(({ kind, state, orderedAt, doneAt }) => ({
      kind,
      state,
      orderedAt: orderedAt.toISOString(),
      ...(doneAt && { doneAt: doneAt.toISOString() }),
    })),
    checks: checks.map(({ method, state, startedAt, decidedAt }) => ({
      method,
      state,
      startedAt: startedAt.toISOString(),
      ...(decidedAt && { decidedAt: decidedAt.toISOString() }),
    })),
    ...(proposal && {
      release: {
        proposedAt: proposal.proposedAt.toISOString(),
        notBefore: proposal.coolingOffUntil.toISOString(),
        state: proposal.state,
      },
    }),
  };
}

export const stateView = ({ state, stateSince, due }: CaseDoc, { states }: CaseFile['definition']): StateView => {
  const words = states[state];
  if (!words) throw new Error(`no words for the state ${state}`);
  return {
    name: state,
    step: stepOf(state),
    title: words.title,
    next: words.next,
    since: stateSince.toISOString(),
    ...(due && { due: due.toISOString() }),
  };
};

export const ownFreezeView = (freeze: FreezeDoc): OwnFreezeView => ({
  kind: freeze.kind,
  state: freeze.state,
  scopes: freeze.scopes,
  applied: freeze.applied,
  missing: freeze.missing,
  requestedAt: freeze.requestedAt.toISOString(),
  ...(freeze.confirmedAt && { confirmedAt: freeze.confirmedAt.toISOString() }),
  expiresAt: freeze.expiresAt.toISOString(),
  ...(freeze.releasedAt && { releasedAt: freeze.releasedAt.toISOString() }),
});

const ending = ({ outcome, closedAt }: CaseDoc) => ({
  ...(outcome !== undefined && { outcome }),
  ...(closedAt && { closedAt: closedAt.toISOString() }),
});

export const checkView = (check: IdentityCheckDoc, counts: boolean): CheckView => ({
  checkId: check._id,
  method: check.method,
  state: check.state,
  round: check.round,
  counts,
  startedAt: check.startedAt.toISOString(),
  startedBy: check.startedBy,
  ...(check.decidedAt && { decidedAt: check.decidedAt.toISOString() }),
  ...(check.decidedBy !== undefined && { decidedBy: check.decidedBy }),
  ...(check.evidenceIds && { evidenceIds: check.evidenceIds }),
  ...(check.contactPointId !== undefined && { contactPointId: check.contactPointId }),
  ...(check.note !== undefined && { note: check.note }),
});

export const approvalView = (approval: ApprovalDoc): ApprovalView => ({
  approvalId: approval._id,
  state: approval.state,
  scopes: approval.scopes,
  outcome: approval.outcome,
  reason: approval.reason,
  proposedBy: approval.proposedBy,
  proposedAt: approval.proposedAt.toISOString(),
  coolingOffUntil: approval.coolingOffUntil.toISOString(),
  expiresAt: approval.expiresAt.toISOString(),
  ...(approval.decidedBy !== undefined && { decidedBy: approval.decidedBy }),
  ...(approval.decidedAt && { decidedAt: approval.decidedAt.toISOString() }),
  ...(approval.decisionReason !== undefined && { decisionReason: approval.decisionReason }),
});

export interface MessageView {
  messageId: string;
  from: string;
  audience: string;
  text: string;
  at: string;
  authorId?: string;
}

export const messageView = (message: MessageDoc, forStaff: boolean): MessageView => ({
  messageId: message._id,
  from: message.from,
  audience: message.audience,
  text: message.text,
  at: message.at.toISOString(),
  ...(forStaff && { authorId: message.authorId }),
});
