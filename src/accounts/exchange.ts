import type { RemedyKind, Scope } from './words.js';

/** A decision on its way to the exchange. The same operation id always means the same command. */
export interface FreezeCommand {
  readonly operationId: string;
  readonly accountId: string;
  readonly scopes: readonly Scope[];
  /** Counts the decisions about the account; the exchange refuses one lower than it has seen (`stale_generation`). */
  readonly generation: number;
  readonly caseNumber: string;
}

export interface RemedyCommand {
  readonly operationId: string;
  readonly accountId: string;
  readonly kind: RemedyKind;
  readonly caseNumber: string;
}

export type Command =
  | (FreezeCommand & { readonly kind: 'freeze' | 'release' })
  | (RemedyCommand & { readonly scopes?: undefined; readonly generation?: undefined });

/** The exchange's signed word that something was done; kept as it came, so that it can be shown again. */
export interface Receipt {
  readonly receiptId: string;
  readonly operationId: string;
  readonly kind: 'freeze' | 'release' | RemedyKind;
  readonly accountId: string;
  readonly caseNumber: string;
  readonly generation: number;
  /** Scopes; for a remedy the ids of what it ended. */
  readonly applied: readonly string[];
  readonly missing: readonly string[];
  /** The exchange's clock, ISO 8601, UTC. */
  readonly confirmedAt: string;
  readonly keyId: string;
  /** Ed25519 over the RFC 8785 canonical JSON of all other members, base64url. */
  readonly signature: string;
}

export const UNCONFIRMED_REASONS = [
  'timeout',
  'unreachable',
  'connection_lost',
  'server_error',
  'busy',
  'unauthorized',
  'answer_invalid',
  'receipt_invalid',
  'not_configured',
] as const;
export type UnconfirmedReason = (typeof UNCONFIRMED_REASONS)[number];

/**
 * What became of a command.
 *
 * Only `confirmed` and `partial` come with a receipt, already verified. `refused`: the exchange decided not to do it.
 * `unconfirmed`: not known, or not decided (busy; `unauthorized`: a clock or a key is wrong and will be put right); read
 * back before sending again.
 */
export type Outcome =
  | { readonly state: 'confirmed'; readonly operationId: string; readonly receipt: Receipt }
  | {
      readonly state: 'partial';
      readonly operationId: string;
      readonly receipt: Receipt;
      readonly applied: readonly Scope[];
      readonly missing: readonly Scope[];
    }
  | { readonly state: 'refused'; readonly operationId: string; readonly code: string }
  | { readonly state: 'unconfirmed'; readonly operationId: string; readonly reason: UnconfirmedReason };

/** A decimal string with its asset code. */
export interface Amount {
  readonly asset: string;
  readonly amount: string;
}

/** Times are ISO 8601 in UTC. Texts come from whoever used the account, a thief among them: escape when shown. */
export interface Activity {
  readonly trades: readonly {
    readonly id: string;
    readonly time: string;
    readonly market: string;
    readonly side: 'buy' | 'sell';
    readonly amount: Amount;
    readonly price: Amount;
  }[];
  readonly withdrawals: readonly {
    readonly id: string;
    readonly time: string;
    readonly amount: Amount;
    readonly network: string;
    readonly address: string;
    readonly txHash: string | null;
    readonly status: 'pending' | 'held' | 'sent' | 'cancelled';
  }[];
  readonly signIns: readonly {
    readonly id: string;
    readonly time: string;
    readonly address: string;
    readonly device: string;
    readonly place: string;
    readonly result: 'succeeded' | 'failed';
  }[];
}

export interface AccountState {
  readonly accountId: string;
  readonly uid: string;
  readonly generation: number;
  readonly balances: readonly Amount[];
  readonly scopes: readonly { readonly scope: Scope; readonly frozen: boolean }[];
  readonly apiKeys: readonly {
    readonly id: string;
    readonly label: string;
    readonly createdAt?: string;
    readonly revokedAt: string | null;
  }[];
  /** Where withdrawals may go without further questions; absent when the exchange does not say. */
  readonly withdrawalAddresses?: readonly {
    readonly id: string;
    readonly label: string;
    readonly network: string;
    readonly address: string;
    readonly addedAt: string;
  }[];
  readonly sessions: readonly {
    readonly id: string;
    readonly device: string;
    readonly address: string;
    readonly createdAt?: string;
    readonly revokedAt: string | null;
  }[];
}

export interface OwnerMessage {
  /** Sent again with the same id it arrives once. */
  readonly operationId: string;
  readonly accountId: string;
  /** The exchange picks the owner's language. */
  readonly texts: Readonly<Record<'zh-CN' | 'en', { readonly subject: string; readonly text: string }>>;
}

/**
 * The port to the exchange: what Firebreak asks of it, whatever carries it there.
 *
 * Commands never throw for what the exchange or the network does: they answer with an Outcome. Reads do.
 * @throws Problem (reads, redeemLinkCode, notifyOwner) `exchange_unavailable` (try again later) · `account_unknown` ·
 *         `link_code_invalid`
 */
export interface Exchange {
  /** Names the account whose owner got this code at the exchange; a code works once, for one operation id. */
  redeemLinkCode(code: string, operationId: string): Promise<{ accountId: string; uid: string }>;
  /** Null when there is none; only for parts that do not tell their caller which. */
  findAccount(
    by: { readonly email: string } | { readonly uid: string },
  ): Promise<{ accountId: string; uid: string } | null>;
  recentActivity(accountId: string): Promise<Activity>;
  accountState(accountId: string): Promise<AccountState>;
  freeze(command: FreezeCommand): Promise<Outcome>;
  release(command: FreezeCommand): Promise<Outcome>;
  remedy(command: RemedyCommand): Promise<Outcome>;
  /** What became of a command sent before; null when the exchange never got it. */
  readOperation(command: Command): Promise<Outcome | null>;
  /** Tells the owner through every channel the exchange has. */
  notifyOwner(message: OwnerMessage): Promise<void>;
}
