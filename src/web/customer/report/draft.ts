import type { Body } from '../../ground/client.js';
import type { Kind } from '../kinds.js';

export const STEPS = ['kind', 'which', 'story', 'evidence', 'contact', 'check'] as const;
export type Step = (typeof STEPS)[number];

export const CHANNELS = ['app', 'web', 'api', 'phone', 'e-mail', 'chat', 'in-person', 'other'] as const;
export type Channel = NonNullable<Body<'submitReport'>['where']>['channel'];
export type Activity = 'trades' | 'withdrawals' | 'signIns';

export interface Loss {
  readonly asset: string;
  readonly amount: string;
}

/** A report as far as it is written; texts as they were typed, so that nothing is lost by being wrong. */
export interface Draft {
  readonly kind?: Kind;
  readonly notMine: Readonly<Record<Activity, readonly string[]>>;
  readonly losses: readonly Loss[];
  /** One a line. */
  readonly hashes: string;
  readonly addresses: string;
  readonly whatHappened: string;
  /** Local time of the device, as a date-time field gives it. */
  readonly occurredAt: string;
  readonly noticedAt: string;
  readonly channel: Channel | '';
  readonly detail: string;
  readonly email: string;
  readonly phone: string;
  readonly compromised: readonly string[];
  readonly uid: string;
  readonly accountEmail: string;
  readonly hold: boolean;
  /** Freeze the account with the report. */
  readonly freeze: boolean;
  /** Where the reader was. */
  readonly step: Step;
  /** The key the report was last sent under, and what was sent: the same again is the same report. */
  readonly sent?: { readonly key: string; readonly what: string };
  /** ISO 8601; absent while nothing was written. */
  readonly savedAt?: string;
}

export const EMPTY: Draft = {
  notMine: { trades: [], withdrawals: [], signIns: [] },
  losses: [{ asset: '', amount: '' }],
  hashes: '',
  addresses: '',
  whatHappened: '',
  occurredAt: '',
  noticedAt: '',
  channel: '',
  detail: '',
  email: '',
  phone: '',
  compromised: [],
  uid: '',
  accountEmail: '',
  hold: true,
  freeze: true,
  step: 'kind',
};

/** What lay for longer is somebody's old story on a device that may not be theirs alone. */
const KEPT_FOR_MS = 7 * 24 * 3_600_000;

/** Of a person, or of whoever uses this device without signing in. */
const keyOf = (owner: string): string => (owner ? `report.${owner}` : 'report');
export const draftShelf = (owner: string): string => `draft:${owner}`;

export function readDraft(owner: string): Draft {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(owner)) ?? '{}') as Partial<Draft>;
    if (!kept.savedAt) return EMPTY;
    if (Date.now() - Date.parse(kept.savedAt) < KEPT_FOR_MS) return { ...EMPTY, ...kept };
    localStorage.removeItem(keyOf(owner));
  } catch {
    // not ours, or cut off: nothing that could be shown
  }
  return EMPTY;
}

/** @returns the draft as it is kept; without `savedAt` where the browser keeps nothing */
export function writeDraft(owner: string, draft: Draft): Draft {
  const { savedAt: _before, ...rest } = draft;
  const kept = { ...rest, savedAt: new Date().toISOString() };
  try {
    localStorage.setItem(keyOf(owner), JSON.stringify(kept));
    return kept;
  } catch {
    return rest;
  }
}

export const forgetDraft = (owner: string): void => localStorage.removeItem(keyOf(owner));

/** Whoever signs in goes on with what they wrote before, unless a draft of their own waits. @returns whether they do */
export function adoptDraft(owner: string): boolean {
  const strangers = readDraft('');
  if (!owner || !strangers.savedAt || readDraft(owner).savedAt) return false;
  writeDraft(owner, strangers);
  forgetDraft('');
  return true;
}
