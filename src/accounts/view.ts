import type { AccountState, Activity, Receipt } from './exchange.js';
import type { FreezeDoc, RemedyDoc } from './store.js';
import type { FreezeKind, FreezeState, ReleaseReason, RemedyKind, RemedyState, Scope } from './words.js';

/** A freeze as staff see it. Instants are RFC 3339, UTC. */
export interface FreezeView {
  freezeId: string;
  kind: FreezeKind;
  state: FreezeState;
  scopes: readonly Scope[];
  applied: readonly Scope[];
  missing: readonly Scope[];
  requestedAt: string;
  requestedBy: string;
  expiresAt: string;
  confirmedAt?: string;
  receipt?: Receipt;
  unconfirmedReason?: string;
  refusalCode?: string;
  release?: {
    reason: ReleaseReason;
    scopes: readonly Scope[];
    requestedAt: string;
    requestedBy: string;
    unsettled?: string;
    receipt?: Receipt;
  };
  releasedAt?: string;
}

export const freezeView = (freeze: FreezeDoc): FreezeView => ({
  freezeId: freeze._id,
  kind: freeze.kind,
  state: freeze.state,
  scopes: freeze.scopes,
  applied: freeze.applied,
  missing: freeze.missing,
  requestedAt: freeze.requestedAt.toISOString(),
  requestedBy: freeze.requestedBy,
  expiresAt: freeze.expiresAt.toISOString(),
  ...(freeze.confirmedAt && { confirmedAt: freeze.confirmedAt.toISOString() }),
  ...(freeze.receipt && { receipt: freeze.receipt }),
  ...(freeze.unconfirmedReason && { unconfirmedReason: freeze.unconfirmedReason }),
  ...(freeze.refusalCode && { refusalCode: freeze.refusalCode }),
  ...(freeze.release && {
    release: {
      reason: freeze.release.reason,
      scopes: freeze.release.scopes,
      requestedAt: freeze.release.requestedAt.toISOString(),
      requestedBy: freeze.release.requestedBy,
      ...(freeze.release.unsettled && { unsettled: freeze.release.unsettled }),
      ...(freeze.release.receipt && { receipt: freeze.release.receipt }),
    },
  }),
  ...(freeze.releasedAt && { releasedAt: freeze.releasedAt.toISOString() }),
});

export interface RemedyView {
  remedyId: string;
  kind: RemedyKind;
  state: RemedyState;
  orderedAt: string;
  orderedBy: string;
  /** Ids, at the exchange, of the sessions, keys or withdrawals it ended. */
  ended: readonly string[];
  doneAt?: string;
  receipt?: Receipt;
  unconfirmedReason?: string;
  refusalCode?: string;
}

export const remedyView = (remedy: RemedyDoc): RemedyView => ({
  remedyId: remedy._id,
  kind: remedy.kind,
  state: remedy.state,
  orderedAt: remedy.orderedAt.toISOString(),
  orderedBy: remedy.orderedBy,
  ended: remedy.ended,
  ...(remedy.doneAt && { doneAt: remedy.doneAt.toISOString() }),
  ...(remedy.receipt && { receipt: remedy.receipt }),
  ...(remedy.unconfirmedReason && { unconfirmedReason: remedy.unconfirmedReason }),
  ...(remedy.refusalCode && { refusalCode: remedy.refusalCode }),
});

/** The customer's own account, as the exchange has it now. */
export interface AccountView {
  accountId: string;
  uid: string;
  balances: AccountState['balances'];
  scopes: AccountState['scopes'];
  sessions: readonly { id: string; device: string; address: string }[];
  apiKeys: readonly { id: string; label: string }[];
}

export const accountView = ({ accountId, uid, balances, scopes, sessions, apiKeys }: AccountState): AccountView => ({
  accountId,
  uid,
  balances,
  scopes,
  sessions: sessions.filter(({ revokedAt }) => !revokedAt).map(({ id, device, address }) => ({ id, device, address })),
  apiKeys: apiKeys.filter(({ revokedAt }) => !revokedAt).map(({ id, label }) => ({ id, label })),
});

export const activityView = ({ trades, withdrawals, signIns }: Activity): Activity => ({
  trades,
  withdrawals,
  signIns,
});
