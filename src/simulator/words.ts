// The exchange's own words. They are stated here again, not imported from the product: the simulator stands for
// somebody else's system, and shares nothing with its client but the protocol.

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

export const OPERATION_KINDS = [
  'freeze',
  'release',
  'revoke_sessions',
  'revoke_api_keys',
  'cancel_pending_withdrawals',
] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/** Everything that a failure switch can be aimed at. */
export const CALLS = [
  ...OPERATION_KINDS,
  'notify_owner',
  'redeem_link_code',
  'read_operation',
  'read_account',
  'read_activity',
  'find_account',
] as const;
export type Call = (typeof CALLS)[number];

/** A decimal string with its asset code; never a floating point number. */
export interface Amount {
  asset: string;
  amount: string;
}

export interface Trade {
  id: string;
  time: string;
  market: string;
  side: 'buy' | 'sell';
  amount: Amount;
  price: Amount;
}

export interface Withdrawal {
  id: string;
  time: string;
  amount: Amount;
  network: string;
  address: string;
  txHash: string | null;
  status: 'pending' | 'held' | 'sent' | 'cancelled';
}

export interface SignIn {
  id: string;
  time: string;
  address: string;
  device: string;
  place: string;
  result: 'succeeded' | 'failed';
}

export interface ApiKey {
  id: string;
  label: string;
  createdAt: string;
  revokedAt: string | null;
}

export interface WithdrawalAddress {
  id: string;
  label: string;
  network: string;
  address: string;
  addedAt: string;
}

export interface Session {
  id: string;
  device: string;
  address: string;
  createdAt: string;
  revokedAt: string | null;
}

export interface FrozenScope {
  since: string;
  operationId: string;
  caseNumber: string;
}

export interface OwnerMessage {
  at: string;
  operationId: string;
  texts: Record<string, { subject: string; text: string }>;
}

export interface Account {
  accountId: string;
  uid: string;
  email: string;
  /** The highest generation seen; a command with a lower one is refused. */
  generation: number;
  balances: Amount[];
  frozen: Partial<Record<Scope, FrozenScope>>;
  trades: Trade[];
  withdrawals: Withdrawal[];
  signIns: SignIn[];
  apiKeys: ApiKey[];
  sessions: Session[];
  withdrawalAddresses: WithdrawalAddress[];
  messages: OwnerMessage[];
}

export interface LinkCode {
  code: string;
  accountId: string;
  expiresAt: string;
  redeemedBy: string | null;
}

export const EFFECTS = [
  'scope_frozen',
  'scope_released',
  'withdrawal_held',
  'withdrawal_resumed',
  'withdrawal_cancelled',
  'session_revoked',
  'api_key_revoked',
  'owner_notified',
  'link_code_redeemed',
] as const;
export type EffectName = (typeof EFFECTS)[number];

/** One thing that really happened to an account; the ledger holds every one of them, in order. */
export interface Effect {
  sequence: number;
  at: string;
  operationId: string;
  accountId: string;
  effect: EffectName;
  /** A scope, or the id of a withdrawal, session, API key or link code. */
  subject: string;
}

/** What an operation id stands for: the payload it came with, and the answer that every repetition gets. */
export interface Operation {
  operationId: string;
  call: Call;
  /** SHA-256 of the payload: the same id with another payload is refused. */
  fingerprint: string;
  committedAt: string;
  answer: Record<string, unknown>;
}

export interface Receipt {
  receiptId: string;
  operationId: string;
  kind: OperationKind;
  accountId: string;
  caseNumber: string;
  generation: number;
  /** Scopes, or ids of what a remedy ended, that are now as the command wanted them. */
  applied: string[];
  missing: string[];
  confirmedAt: string;
  keyId: string;
  /** Ed25519 over the RFC 8785 canonical JSON of all other members; base64url. */
  signature: string;
}
