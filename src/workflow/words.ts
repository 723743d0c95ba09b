import type { Text } from '../kernel/locale.js';

// The words a workflow definition may use. A file that uses another word is refused at start.

export const INCIDENT_KINDS = [
  'unauthorized_trade',
  'unauthorized_withdrawal',
  'account_takeover',
  'phishing',
  'other',
] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

export const CHECK_METHODS = ['authenticator', 'document', 'callback'] as const;
export type CheckMethod = (typeof CHECK_METHODS)[number];

/**
 * Every event a case can meet, and who sends it: `person` events are offered to people as "what is allowed now",
 * `system` events come only from the product itself (a job's outcome, a policy that was met, a clock).
 */
export const EVENTS = {
  'case.opened': 'system',
  'case.triaged': 'person',
  'case.closed': 'person',
  'case.reopened': 'person',
  'freeze.requested': 'person',
  'freeze.waived': 'person',
  'freeze.confirmed': 'system',
  'freeze.partial': 'system',
  'freeze.unconfirmed': 'system',
  'freeze.refused': 'system',
  'freeze.expired': 'system',
  'hold.confirmed': 'system',
  'hold.partial': 'system',
  'hold.unconfirmed': 'system',
  'hold.refused': 'system',
  'hold.expired': 'system',
  'hold.cancelled': 'system',
  'identity.requested': 'person',
  'identity.check-started': 'person',
  'identity.passed': 'system',
  'identity.failed': 'person',
  'remedy.ordered': 'person',
  'remedy.done': 'system',
  'remedy.partial': 'system',
  'remedy.unconfirmed': 'system',
  'remedy.refused': 'system',
  'release.proposed': 'person',
  'release.approved': 'person',
  'release.declined': 'person',
  'release.expired': 'system',
  'release.confirmed': 'system',
  'release.partial': 'system',
  'release.unconfirmed': 'system',
  'release.refused': 'system',
} as const;
export type EventName = keyof typeof EVENTS;

/** What a transition asks for. `[]` takes no parameters; otherwise the names of the parameters, all of them texts. */
export const EFFECTS = {
  requestFreeze: [],
  requestHold: [],
  orderRemedy: [],
  requestRelease: [],
  tell: ['template'],
  /** Through the exchange's own channels, to whoever the account belongs to. */
  tellOwner: [],
  pageStaff: ['reason'],
  newIdentityRound: [],
  close: [],
  reopen: [],
  /** Nothing beyond the line in the case's history. */
  note: [],
} as const;
export type EffectName = keyof typeof EFFECTS;

export interface Effect {
  readonly type: EffectName;
  readonly params: Readonly<Record<string, string>>;
}

/** What guards may look at. Whoever sends an event gathers these; a guard never looks anything up. */
export interface Facts {
  readonly urgent: boolean;
  /** The reporter proved a second factor for this very report. */
  readonly reverified: boolean;
  readonly hasAccount: boolean;
  /** A short hold on withdrawals was asked for and is within its limits. */
  readonly holdAsked: boolean;
  readonly legalHold: boolean;
  /** Freezes of the case that may still be in force at the exchange; short holds end by themselves and do not count. */
  readonly liveFreezes: number;
  /** Scopes that freezes of the case ask for, and that the exchange's receipts cover. */
  readonly coveredScopes: number;
  /** Scopes that they ask for and no receipt covers. */
  readonly openScopes: number;
  readonly pendingRemedies: number;
  /** The checks passed in this round satisfy one of the accepted combinations. */
  readonly identityMet: boolean;
  /** Whole days since the case was closed; null while it is open. */
  readonly daysSinceClosed: number | null;
}

export const NO_FACTS: Facts = {
  urgent: false,
  reverified: false,
  hasAccount: false,
  holdAsked: false,
  legalHold: false,
  liveFreezes: 0,
  coveredScopes: 0,
  openScopes: 0,
  pendingRemedies: 0,
  identityMet: false,
  daysSinceClosed: null,
};

export interface WorkflowEvent {
  readonly type: EventName;
  readonly facts: Facts;
}

/** One leaf of the state chart, written `intake.received`; `closed` has no step above it. */
export type StateName = string;

export interface StateWords {
  readonly title: Text;
  /** What happens next, said to the customer. */
  readonly next: Text;
  /** How long the case may stay here before somebody is late, in milliseconds. */
  readonly withinMs?: number;
}
