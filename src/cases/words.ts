import { DAY } from '../kernel/clock.js';
import type { Locale } from '../kernel/locale.js';
import type { CheckMethod, DefinitionRef, EventName, IncidentKind, StateName } from '../workflow/index.js';

export const OUTCOMES = [
  'recovered',
  'partly-recovered',
  'no-loss',
  'false-report',
  'malicious-report',
  'verification-failed',
  'duplicate',
  'withdrawn',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A release gives the account back to its owner, so it cannot end in an outcome that says nobody was proven to be one. */
export const RELEASE_OUTCOMES = OUTCOMES.filter((outcome) => outcome !== 'verification-failed');

export const STEPS = ['intake', 'freeze-account', 'verify-identity', 'resolve', 'closed'] as const;
export type Step = (typeof STEPS)[number];

export const stepOf = (state: StateName): Step => state.split('.')[0] as Step;

/** Who opened the case, as far as later reports of the same loss can be recognised by it. */
export interface Reporter {
  kind: 'customer' | 'anonymous';
  /** Keyed hash of an anonymous reporter's contact; the contact itself stays with the report. */
  contactHash?: string;
}

/** A line of the case's own history: what happened, in the words of its workflow. */
export interface HistoryEntry {
  at: Date;
  event:
    | EventName
    | 'report.joined'
    | 'freeze.extended'
    | 'case.assigned'
    | 'legal-hold.set'
    | 'legal-hold.lifted'
    | 'account.linked'
    | 'retention.set'
    | 'evidence.expired';
  by: { kind: 'person' | 'anonymous' | 'system'; id: string };
  from: StateName;
  to: StateName;
}

export interface CaseDoc {
  _id: string;
  /** `FB-XXXX-XXXX-C`: speakable, not secret. */
  number: string;
  kind: IncidentKind;
  /** The definition this case was opened with and is judged by until it ends. */
  workflow: DefinitionRef;
  state: StateName;
  /** Since when it is in this state, and until when it may be before somebody is late. */
  stateSince: Date;
  due?: Date;
  /** Grows with every change; a change that read an older one is refused. */
  version: number;
  urgent: boolean;
  language: Locale;
  accountId?: string;
  /** The person whose case it is. Absent for anonymous reports. */
  customerId?: string;
  reporter: Reporter;
  /** When the reporter says it happened. */
  incidentAt?: Date;
  trackingHash?: string;
  /** The same for reports that joined: each reporter follows the case by a token of their own. */
  joinedTracking?: string[];
  /** Present while open: one open case per reporter and kind, kept by a unique index. */
  openKey?: string;
  /** Reports that are part of this case. */
  reports: number;
  openedAt: Date;
  assignee?: string;
  /** Checks count only within their round; a failed identification or a reopening begins another. */
  identityRound: number;
  outcome?: Outcome;
  closedAt?: Date;
  legalHold?: { reason: string; setBy: string; setAt: Date };
  /** Until when its evidence is kept, where that is not EVIDENCE_KEEP_DAYS from its closing. */
  retention?: { until: Date; reason: string; setBy: string; setAt: Date };
  history: HistoryEntry[];
}

export const CHECK_STATES = ['started', 'passed', 'failed'] as const;
export type CheckState = (typeof CHECK_STATES)[number];

/** One attempt to prove who the customer is: by which method, begun and decided by whom, on what ground. */
export interface IdentityCheckDoc {
  _id: string;
  caseId: string;
  round: number;
  method: CheckMethod;
  state: CheckState;
  /** The person who is to be proven. */
  subjectId: string;
  startedBy: string;
  startedAt: Date;
  decidedBy?: string;
  decidedAt?: Date;
  /** For `document`: what was looked at. */
  evidenceIds?: string[];
  /** For `callback`: which contact point is called. */
  contactPointId?: string;
  note?: string;
}

export const APPROVAL_STATES = ['proposed', 'approved', 'declined', 'expired', 'carried-out'] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

/** A proposal to release, and what a second person said to it. */
export interface ApprovalDoc {
  _id: string;
  caseId: string;
  accountId: string;
  scopes: string[];
  outcome: Outcome;
  reason: string;
  state: ApprovalState;
  round: number;
  proposedBy: string;
  proposedAt: Date;
  /** Nobody may approve before this. */
  coolingOffUntil: Date;
  /** Nobody may approve from this on. */
  expiresAt: Date;
  decidedBy?: string;
  decidedAt?: Date;
  decisionReason?: string;
}

export const AUDIENCES = ['customer', 'staff'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** A message to or from the customer, or a note among staff. Written once, never changed. */
export interface MessageDoc {
  _id: string;
  caseId: string;
  audience: Audience;
  from: 'customer' | 'staff';
  authorId: string;
  text: string;
  at: Date;
}

export const REOPEN_MS = 30 * DAY; // as the guard `mayReopen` of the workflows says
export const MESSAGE_MAX = 5_000; // characters
export const REASON_MAX = 1_000; // characters
export const PAGE_MAX = 100; // cases on one page of a list
export const MESSAGES_PER_SIDE = 1_000; // of one case, so that it cannot fill the store, nor one side silence the other
