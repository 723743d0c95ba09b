import type { Facts } from './words.js';

/** Why a guard says no. A closed list: answers to people and tests name these. */
export type Refusal =
  | 'not_urgent_and_proven'
  | 'no_hold_asked'
  | 'no_account'
  | 'legal_hold'
  | 'still_frozen'
  | 'still_open'
  | 'nothing_frozen'
  | 'remedies_pending'
  | 'identity_not_proven'
  | 'reopen_window_over';

export type GuardParams = Readonly<Record<string, number>>;
export interface Guard {
  /** Names of the parameters the guard needs, all of them whole numbers. */
  readonly params: readonly string[];
  /** Null lets the event pass; pure in both arguments. */
  readonly refusal: (facts: Facts, params: GuardParams) => Refusal | null;
}

const guard = (refusal: Guard['refusal'], params: readonly string[] = []): Guard => ({ params, refusal });

export const GUARDS = {
  /** An urgent kind, reported by the account's own customer, who proved a second factor for it. */
  freezesAtOnce: guard((f) => (f.urgent && f.reverified && f.hasAccount ? null : 'not_urgent_and_proven')),
  holdAsked: guard((f) => (!f.hasAccount ? 'no_account' : f.holdAsked ? null : 'no_hold_asked')),
  hasAccount: guard((f) => (f.hasAccount ? null : 'no_account')),
  identityMet: guard((f) => (f.identityMet ? null : 'identity_not_proven')),
  nothingFrozen: guard((f) => (f.liveFreezes > 0 ? 'still_frozen' : null)),
  /** Receipts cover every scope that the case asked for, by whichever of its freezes: only then may it say frozen. */
  allFrozen: guard((f) => (f.openScopes > 0 ? 'still_open' : null)),
  /** A receipt covers some scope. */
  someFrozen: guard((f) => (f.coveredScopes > 0 ? null : 'nothing_frozen')),
  /** Something of ours is frozen to release, the owner is proven, and no remedy is still under way. */
  mayRelease: guard((f) =>
    !f.identityMet
      ? 'identity_not_proven'
      : f.pendingRemedies > 0
        ? 'remedies_pending'
        : f.liveFreezes > 0
          ? null
          : 'nothing_frozen',
  ),
  /** Nobody may be left frozen behind a closed case, and legal hold stops closing in any state. */
  mayClose: guard((f) =>
    f.legalHold ? 'legal_hold' : f.liveFreezes > 0 ? 'still_frozen' : f.pendingRemedies > 0 ? 'remedies_pending' : null,
  ),
  mayReopen: guard(
    (f, p) => (f.daysSinceClosed !== null && f.daysSinceClosed <= (p.days ?? 0) ? null : 'reopen_window_over'),
    ['days'],
  ),
} as const satisfies Record<string, Guard>;
export type GuardName = keyof typeof GUARDS;

export const isGuardName = (name: string): name is GuardName => Object.hasOwn(GUARDS, name);
