import type { Locale } from '../kernel/locale.js';
import type { IncidentKind } from '../workflow/index.js';

/** Where it happened, or through whom: as the reporter experienced it. */
export const CHANNELS = ['app', 'web', 'api', 'phone', 'e-mail', 'chat', 'in-person', 'other'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Whether what the customer says was not theirs is among what the exchange says happened lately. */
export const ACTIVITY_STATES = ['none-named', 'verified', 'unverified'] as const;
export type ActivityState = (typeof ACTIVITY_STATES)[number];

export const HOLD_STATES = ['asked', 'placed', 'refused'] as const;
export type HoldState = (typeof HOLD_STATES)[number];

export const HOLD_REFUSALS = [
  'no-such-account',
  'source-limit',
  'target-limit',
  'another-account',
  'case-closed',
] as const;
export type HoldRefusal = (typeof HOLD_REFUSALS)[number];

export interface Loss {
  asset: string;
  /** Decimal string; never a floating point number. */
  amount: string;
}

/** Ids of the exchange. */
export interface NotMine {
  trades?: string[] | undefined;
  withdrawals?: string[] | undefined;
  signIns?: string[] | undefined;
}

export interface Contact {
  email?: string | undefined;
  phone?: string | undefined;
}

export interface AccountHint {
  uid?: string | undefined;
  email?: string | undefined;
}

/** What somebody tells us; already checked for shape, otherwise exactly as they wrote it. */
export interface ReportBody {
  kind: IncidentKind;
  language: Locale;
  /** ISO 8601 with an offset. */
  occurredAt?: string | undefined;
  noticedAt?: string | undefined;
  where?: { channel: Channel; detail?: string | undefined } | undefined;
  whatHappened: string;
  losses: Loss[];
  transactionHashes: string[];
  counterpartyAddresses: string[];
  notMine?: NotMine | undefined;
  contact?: Contact | undefined;
  /** `email`, `phone`, or ids of the person's contact points. */
  compromised: string[];
  account?: AccountHint | undefined;
  requestHold: boolean;
}

/** A hold on withdrawals that somebody asked for who is not known to be the owner. */
export interface HoldRequest {
  state: HoldState;
  because?: HoldRefusal;
  accountId?: string;
  freezeId?: string;
  decidedAt?: Date;
}

/** A report as it is kept. Personal throughout; what the audit log says about it is in events.ts. */
export interface ReportDoc extends Omit<ReportBody, 'occurredAt' | 'noticedAt' | 'requestHold'> {
  _id: string;
  caseId: string;
  caseNumber: string;
  /** Joined a case that was open already. */
  joined: boolean;
  /** The signed-in reporter. */
  personId?: string;
  /** The reporter's own account at the exchange, linked to the person. */
  accountId?: string;
  occurredAt?: Date;
  noticedAt?: Date;
  activity: ActivityState;
  /** Whether the reporter proved a second factor for exactly this report. */
  reverified: boolean;
  hold?: HoldRequest;
  /** The security change that a "this was not me" link spoke of; nobody wrote the rest. */
  disowns?: string;
  /** Names of the reporter by which later reports are recognised; contacts only as keyed hashes. */
  reporterKeys: string[];
  /** What two reports of one loss have in common, normalised; absent when there is nothing. */
  likeness?: string[];
  /** Reporter keys that no earlier report with a likeness had. Unique: whoever writes one here knows of no such report. */
  firstOf?: string[];
  /** Keyed hash of the source address, for the limits on holds. */
  source?: string;
  receivedAt: Date;
}
