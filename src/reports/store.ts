import { Schema } from 'mongoose';
import { collection, type Db, inside, SCHEMA_OPTIONS, type Where } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import type { HoldRequest, ReportDoc } from './words.js';

const PART = { ...SCHEMA_OPTIONS, _id: false } as const;
const text = { type: String, required: true } as const;
const texts = { type: [String], default: undefined } as const;

const schema = new Schema<ReportDoc>(
  {
    _id: String,
    caseId: text,
    caseNumber: text,
    joined: { type: Boolean, required: true },
    personId: String,
    accountId: String,
    kind: text,
    language: text,
    occurredAt: Date,
    noticedAt: Date,
    where: new Schema({ channel: text, detail: String }, PART),
    whatHappened: text,
    losses: [new Schema({ asset: text, amount: text }, PART)],
    transactionHashes: texts,
    counterpartyAddresses: texts,
    notMine: new Schema({ trades: texts, withdrawals: texts, signIns: texts }, PART),
    contact: new Schema({ email: String, phone: String }, PART),
    compromised: texts,
    account: new Schema({ uid: String, email: String }, PART),
    activity: text,
    reverified: { type: Boolean, required: true },
    hold: new Schema({ state: text, because: String, accountId: String, freezeId: String, decidedAt: Date }, PART),
    disowns: String,
    reporterKeys: texts,
    likeness: texts,
    firstOf: texts,
    source: String,
    receivedAt: { type: Date, required: true },
  } as never,
  SCHEMA_OPTIONS,
);
schema.index({ caseId: 1, receivedAt: 1 });
schema.index({ likeness: 1 }, { partialFilterExpression: { likeness: { $exists: true } } });
schema.index({ firstOf: 1 }, { unique: true, partialFilterExpression: { firstOf: { $exists: true } } });
schema.index({ source: 1, receivedAt: 1 }, { partialFilterExpression: { 'hold.state': { $exists: true } } });
schema.index(
  { 'hold.accountId': 1, receivedAt: 1 },
  { partialFilterExpression: { 'hold.accountId': { $exists: true } } },
);

const Reports = collection<ReportDoc>('reports', schema);

export const readReport = async (where: Where, reportId: string): Promise<ReportDoc | null> =>
  Reports(where).findOne({ _id: reportId }, null, inside(where)).lean<ReportDoc>();

/** Reports of a case in the order they came. */
export const reportsOfCase = async (db: Db, caseId: string): Promise<readonly ReportDoc[]> =>
  Reports(db).find({ caseId }).sort({ receivedAt: 1, _id: 1 }).lean<ReportDoc[]>();

/** Cases that earlier reports of the same reporter share something with, newest first. */
export async function casesAlike(
  tx: Tx,
  reporterKeys: readonly string[],
  likeness: readonly string[],
): Promise<readonly string[]> {
  const found = Reports(tx).collection.find(
    { likeness: { $in: [...likeness] }, reporterKeys: { $in: [...reporterKeys] } },
    { session: tx.session, projection: { caseId: 1, receivedAt: 1 }, sort: { receivedAt: -1 }, limit: 20 },
  );
  return [...new Set((await found.toArray()).map((report) => String(report['caseId'])))];
}

/** Those of the reporter keys that an earlier report with a likeness had. */
export async function knownReporters(tx: Tx, reporterKeys: readonly string[]): Promise<ReadonlySet<string>> {
  const found = Reports(tx).collection.find(
    { firstOf: { $in: [...reporterKeys] } },
    { session: tx.session, projection: { firstOf: 1 } },
  );
  return new Set((await found.toArray()).flatMap((report) => report['firstOf'] as string[]));
}

export const insertReport = (tx: Tx, report: ReportDoc): void => tx.append(Reports, report);

/** Settles the hold that a report asked for. Returns false when another run has settled it. */
export async function settleHold(tx: Tx, reportId: string, hold: HoldRequest): Promise<boolean> {
  const { modifiedCount } = await Reports(tx).collection.updateOne(
    { _id: reportId as never, 'hold.state': 'asked' },
    { $set: { hold } },
    { session: tx.session },
  );
  return modifiedCount === 1;
}

/** Holds that were asked for from a source since an instant, up to and including one report. */
export const holdsAskedFrom = (tx: Tx, source: string, since: Date, upTo: Date): Promise<number> =>
  Reports(tx).collection.countDocuments(
    { source, receivedAt: { $gte: since, $lte: upTo }, 'hold.state': { $exists: true } },
    { session: tx.session },
  );

/** Holds that strangers got placed on an account since an instant. */
export const holdsPlacedOn = (tx: Tx, accountId: string, since: Date): Promise<number> =>
  Reports(tx).collection.countDocuments(
    { 'hold.accountId': accountId, 'hold.state': 'placed', receivedAt: { $gte: since } },
    { session: tx.session },
  );
