import { Schema } from 'mongoose';
import { collection, type Db, inside, SCHEMA_OPTIONS, type Where } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import type { Receipt, UnconfirmedReason } from './exchange.js';
import {
  FREEZE_KINDS,
  FREEZE_STATES,
  type FreezeKind,
  type FreezeState,
  RELEASE_REASONS,
  REMEDY_KINDS,
  REMEDY_STATES,
  type ReleaseReason,
  type RemedyKind,
  type RemedyState,
  SCOPES,
  type Scope,
} from './words.js';

/** What Firebreak keeps of an account at the exchange: how many decisions were taken about it. */
export interface AccountDoc {
  _id: string;
  /** One more with every freeze and release asked for; the exchange refuses a lower one. */
  generation: number;
  updatedAt: Date;
}

/** A release on its way: what it opens, and what the exchange said so far. */
export interface Release {
  reason: ReleaseReason;
  approvalId?: string;
  requestedAt: Date;
  requestedBy: string;
  /** Scopes that no other freeze held when it was decided; the only ones it opens. */
  scopes: Scope[];
  generation: number;
  operationId: string;
  /** The last answer that did not settle it. */
  unsettled?: 'unconfirmed' | 'partial' | 'refused';
  unsettledBecause?: string;
  receipt?: Receipt;
}

export interface FreezeDoc {
  _id: string;
  caseId: string;
  caseNumber: string;
  accountId: string;
  kind: FreezeKind;
  scopes: Scope[];
  state: FreezeState;
  generation: number;
  /** The call whose answer counts; an answer to any other is late. */
  operationId: string;
  requestedAt: Date;
  requestedBy: string;
  /** Ordered by staff who may freeze for a day and not extend. */
  capped?: true;
  expiresAt: Date;
  applied: Scope[];
  missing: Scope[];
  confirmedAt?: Date;
  receipt?: Receipt;
  unconfirmedReason?: UnconfirmedReason;
  refusalCode?: string;
  release?: Release;
  releasedAt?: Date;
  updatedAt: Date;
}

export interface RemedyDoc {
  _id: string;
  caseId: string;
  caseNumber: string;
  accountId: string;
  kind: RemedyKind;
  state: RemedyState;
  operationId: string;
  orderedAt: Date;
  orderedBy: string;
  /** Ids of what it ended. */
  ended: string[];
  doneAt?: Date;
  receipt?: Receipt;
  unconfirmedReason?: UnconfirmedReason;
  refusalCode?: string;
  updatedAt: Date;
}

const PART = { ...SCHEMA_OPTIONS, _id: false } as const;
const text = { type: String, required: true } as const;
const instant = { type: Date, required: true } as const;
const whole = { type: Number, required: true } as const;
const scopes = { type: [{ type: String, enum: SCOPES }], required: true };
const asItCame = { type: Schema.Types.Mixed };

const account = new Schema<AccountDoc>({ _id: String, generation: whole, updatedAt: instant }, SCHEMA_OPTIONS);

const release = new Schema(
  {
    reason: { ...text, enum: RELEASE_REASONS },
    approvalId: String,
    requestedAt: instant,
    requestedBy: text,
    scopes,
    generation: whole,
    operationId: text,
    unsettled: String,
    unsettledBecause: String,
    receipt: asItCame,
  },
  PART,
);

const freeze = new Schema<FreezeDoc>(
  {
    _id: String,
    caseId: text,
    caseNumber: text,
    accountId: text,
    kind: { ...text, enum: FREEZE_KINDS },
    scopes,
    state: { ...text, enum: FREEZE_STATES },
    generation: whole,
    operationId: text,
    requestedAt: instant,
    requestedBy: text,
    capped: Boolean,
    expiresAt: instant,
    applied: scopes,
    missing: scopes,
    confirmedAt: Date,
    receipt: asItCame,
    unconfirmedReason: String,
    refusalCode: String,
    release,
    releasedAt: Date,
    updatedAt: instant,
  } as never,
  SCHEMA_OPTIONS,
);
freeze.index({ caseId: 1, requestedAt: 1 });
freeze.index({ accountId: 1, state: 1 });
freeze.index({ state: 1, expiresAt: 1 });

const remedy = new Schema<RemedyDoc>(
  {
    _id: String,
    caseId: text,
    caseNumber: text,
    accountId: text,
    kind: { ...text, enum: REMEDY_KINDS },
    state: { ...text, enum: REMEDY_STATES },
    operationId: text,
    orderedAt: instant,
    orderedBy: text,
    ended: { type: [String], required: true },
    doneAt: Date,
    receipt: asItCame,
    unconfirmedReason: String,
    refusalCode: String,
    updatedAt: instant,
  } as never,
  SCHEMA_OPTIONS,
);
remedy.index({ caseId: 1, orderedAt: 1 });

export const Accounts = collection<AccountDoc>('accounts', account);
export const Freezes = collection<FreezeDoc>('freezes', freeze);
export const Remedies = collection<RemedyDoc>('remedies', remedy);

// The driver's own collections: mongoose would turn operators in filters into values (sanitizeFilter), and every value
// below comes from this feature's types, not from a request.
export const readFreeze = async (where: Where, freezeId: string): Promise<FreezeDoc | null> =>
  (await Freezes(where).collection.findOne({ _id: freezeId as never }, inside(where))) as unknown as FreezeDoc | null;

export const freezesOfCase = async (where: Where, caseId: string): Promise<FreezeDoc[]> =>
  (await Freezes(where)
    .collection.find({ caseId }, inside(where))
    .sort({ requestedAt: 1, _id: 1 })
    .toArray()) as unknown as FreezeDoc[];

/** Freezes of the account that are not over. */
export const openFreezesOfAccount = async (where: Where, accountId: string): Promise<FreezeDoc[]> =>
  (await Freezes(where)
    .collection.find(
      { accountId, state: { $in: FREEZE_STATES.filter((state) => state !== 'released') } },
      inside(where),
    )
    .sort({ requestedAt: 1, _id: 1 })
    .toArray()) as unknown as FreezeDoc[];

/** When staff who may not extend first froze this account since an instant; a freeze that failed froze nothing. */
export async function firstCappedFreeze(where: Where, accountId: string, since: Date): Promise<Date | undefined> {
  const filter = { accountId, capped: true, state: { $ne: 'failed' }, requestedAt: { $gt: since } };
  const found = await Freezes(where).collection.findOne(filter, { ...inside(where), sort: { requestedAt: 1 } });
  return (found as unknown as FreezeDoc | null)?.requestedAt;
}

export const expiredFreezes = async (
  db: Db,
  now: Date,
  states: readonly FreezeState[],
  limit: number,
): Promise<string[]> => {
  const found = Freezes(db).collection.find(
    { state: { $in: [...states] }, expiresAt: { $lte: now } },
    { projection: { _id: 1 }, sort: { expiresAt: 1 }, limit },
  );
  return (await found.toArray()).map(({ _id }) => String(_id));
};

export const readRemedy = async (where: Where, remedyId: string): Promise<RemedyDoc | null> =>
  (await Remedies(where).collection.findOne({ _id: remedyId as never }, inside(where))) as unknown as RemedyDoc | null;

export const remediesOfCase = async (where: Where, caseId: string): Promise<RemedyDoc[]> =>
  (await Remedies(where)
    .collection.find({ caseId }, inside(where))
    .sort({ orderedAt: 1, _id: 1 })
    .toArray()) as unknown as RemedyDoc[];

/** Moves with every decision about the account; 0 for one that nobody has decided about. */
export const accountVersion = async (where: Where, accountId: string): Promise<number> => {
  const found = await Accounts(where).collection.findOne({ _id: accountId as never }, inside(where));
  return (found as unknown as AccountDoc | null)?.generation ?? 0;
};

/** Counts one more decision. Two transactions that decide about one account conflict here, so decisions have an order. */
export async function nextGeneration(tx: Tx, accountId: string): Promise<number> {
  const counted = await Accounts(tx).collection.findOneAndUpdate(
    { _id: accountId as never },
    { $inc: { generation: 1 }, $set: { updatedAt: tx.now } },
    { upsert: true, returnDocument: 'after', session: tx.session },
  );
  return (counted as unknown as AccountDoc).generation;
}

export const insertFreeze = (tx: Tx, doc: FreezeDoc) =>
  Freezes(tx).collection.insertOne(doc as never, { session: tx.session });

export const replaceFreeze = (tx: Tx, doc: FreezeDoc) =>
  Freezes(tx).collection.replaceOne({ _id: doc._id as never }, doc as never, { session: tx.session });

export const insertRemedy = (tx: Tx, doc: RemedyDoc) =>
  Remedies(tx).collection.insertOne(doc as never, { session: tx.session });

export const replaceRemedy = (tx: Tx, doc: RemedyDoc) =>
  Remedies(tx).collection.replaceOne({ _id: doc._id as never }, doc as never, { session: tx.session });
