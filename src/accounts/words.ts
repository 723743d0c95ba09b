/** What can be frozen, each by itself; deposits stay open. `sessions` means that all are revoked. */
export const SCOPES = [
  'crypto_withdrawal',
  'fiat_withdrawal',
  'internal_transfer',
  'trading',
  'api_keys',
  'sessions',
  'sign_in',
  'security_settings',
  'address_book',
] as const;
export type Scope = (typeof SCOPES)[number];

/** The ways by which assets leave an account: all that a hold on somebody's mere word may touch. */
export const WITHDRAWAL_SCOPES = [
  'crypto_withdrawal',
  'fiat_withdrawal',
  'internal_transfer',
] as const satisfies readonly Scope[];

/** `hold`: short, withdrawals only, at the word of somebody who is not known to be the owner. */
export const FREEZE_KINDS = ['freeze', 'hold'] as const;
export type FreezeKind = (typeof FREEZE_KINDS)[number];

/**
 * The life of a freeze.
 *
 * - `requested`: decided here, not yet answered. Leaves by the exchange's answer, or to release-pending.
 * - `active`: the exchange's receipt covers every scope. Only now may anybody say *frozen*.
 * - `partial`: the receipt covers some scopes; `missing` names the others. Leaves by a new request, or to release-pending.
 * - `failed`: the exchange refused all of it; nothing is frozen by it. Leaves by a new request.
 * - `unconfirmed`: sent, no usable answer; frozen or not. Leaves once it was read back.
 * - `release-pending`: a release is decided, the exchange has not confirmed it. Leaves to released only.
 * - `released`: the end.
 */
export const FREEZE_STATES = [
  'requested',
  'active',
  'partial',
  'failed',
  'unconfirmed',
  'release-pending',
  'released',
] as const;
export type FreezeState = (typeof FREEZE_STATES)[number];

/** States in which a freeze still wants its scopes frozen: nobody else's release may open them. */
export const HOLDING_STATES = [
  'requested',
  'active',
  'partial',
  'unconfirmed',
] as const satisfies readonly FreezeState[];

/** States in which an answer of the exchange to the freeze is awaited. */
export const AWAITING_STATES = ['requested', 'unconfirmed'] as const satisfies readonly FreezeState[];

export const RELEASE_REASONS = ['approved', 'expired', 'owner_cancelled', 'withdrawn'] as const;
export type ReleaseReason = (typeof RELEASE_REASONS)[number];

export const REMEDY_KINDS = ['revoke_sessions', 'revoke_api_keys', 'cancel_pending_withdrawals'] as const;
export type RemedyKind = (typeof REMEDY_KINDS)[number];

/** `failed`: the exchange refused it, or did only a part (`ended` names that). `unconfirmed`: sent, no usable answer, to be read back. */
export const REMEDY_STATES = ['ordered', 'done', 'failed', 'unconfirmed'] as const;
export type RemedyState = (typeof REMEDY_STATES)[number];

export const holds = (state: FreezeState): boolean => (HOLDING_STATES as readonly FreezeState[]).includes(state);

export const awaitsAnswer = (state: FreezeState): boolean =>
  (AWAITING_STATES as readonly FreezeState[]).includes(state);

/** The scopes a release may open: those of the freeze that no other freeze of the account still holds. */
export function releasableScopes(
  freeze: { readonly _id: string; readonly scopes: readonly Scope[] },
  ofAccount: readonly { readonly _id: string; readonly state: FreezeState; readonly scopes: readonly Scope[] }[],
): Scope[] {
  const held = new Set(
    ofAccount.filter((other) => other._id !== freeze._id && holds(other.state)).flatMap((other) => other.scopes),
  );
  return freeze.scopes.filter((scope) => !held.has(scope));
}
