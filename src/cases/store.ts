import { Schema, trusted } from 'mongoose';
import { collection, type Db, inside, SCHEMA_OPTIONS, type Where } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import { caseProblem } from './problems.js';
import type { ApprovalDoc, CaseDoc, HistoryEntry, IdentityCheckDoc, MessageDoc } from './words.js';

const PART = { ...SCHEMA_OPTIONS, _id: false } as const;
const text = { type: String, required: true } as const;
const whole = { type: Number, required: true } as const;
const instant = { type: Date, required: true } as const;

const by = new Schema({ kind: text, id: text }, PART);
const caseSchema = new Schema<CaseDoc>(
  {
    _id: String,
    number: text,
    kind: text,
    workflow: { type: new Schema({ id: text, version: text, sha256: text }, PART), required: true },
    state: text,
    stateSince: instant,
    due: Date,
    version: whole,
    urgent: { type: Boolean, required: true },
    language: text,
    accountId: String,
    customerId: String,
    reporter: { type: new Schema({ kind: text, contactHash: String }, PART), required: true },
    incidentAt: Date,
    trackingHash: String,
    joinedTracking: { type: [String], default: undefined },
    openKey: String,
    reports: whole,
    openedAt: instant,
    assignee: String,
    identityRound: whole,
    outcome: String,
    closedAt: Date,
    legalHold: new Schema({ reason: text, setBy: text, setAt: instant }, PART),
    retention: new Schema({ until: instant, reason: text, setBy: text, setAt: instant }, PART),
    history: [new Schema({ at: instant, event: text, by, from: text, to: text }, PART)],
  } as never,
  SCHEMA_OPTIONS,
);
const present = (field: string) => ({ partialFilterExpression: { [field]: { $exists: true } } });
caseSchema.index({ number: 1 }, { unique: true });
caseSchema.index({ openKey: 1 }, { unique: true, ...present('openKey') });
caseSchema.index({ trackingHash: 1 }, { unique: true, ...present('trackingHash') });
caseSchema.index({ joinedTracking: 1 }, present('joinedTracking'));
caseSchema.index({ openedAt: 1, _id: 1 });
caseSchema.index({ state: 1, openedAt: 1, _id: 1 });
caseSchema.index({ assignee: 1, openedAt: 1, _id: 1 }, present('assignee'));
caseSchema.index({ customerId: 1, openedAt: 1, _id: 1 }, present('customerId'));
caseSchema.index({ accountId: 1 }, present('accountId'));
caseSchema.index({ 'legalHold.setAt': 1 }, present('legalHold.setAt'));

const checkSchema = new Schema<IdentityCheckDoc>(
  {
    _id: String,
    caseId: text,
    round: whole,
    method: text,
    state: text,
    subjectId: text,
    startedBy: text,
    startedAt: instant,
    decidedBy: String,
    decidedAt: Date,
    evidenceIds: { type: [String], default: undefined },
    contactPointId: String,
    note: String,
  } as never,
  SCHEMA_OPTIONS,
);
checkSchema.index({ caseId: 1, startedAt: 1 });

const approvalSchema = new Schema<ApprovalDoc>(
  {
    _id: String,
    caseId: text,
    accountId: text,
    scopes: { type: [String], required: true },
    outcome: text,
    reason: text,
    state: text,
    round: whole,
    proposedBy: text,
    proposedAt: instant,
    coolingOffUntil: instant,
    expiresAt: instant,
    decidedBy: String,
    decidedAt: Date,
    decisionReason: String,
  } as never,
  SCHEMA_OPTIONS,
);
approvalSchema.index({ caseId: 1, proposedAt: 1 });

const messageSchema = new Schema<MessageDoc>(
  { _id: String, caseId: text, audience: text, from: text, authorId: text, text, at: instant } as never,
  SCHEMA_OPTIONS,
);
messageSchema.index({ caseId: 1, at: 1, _id: 1 });

/** That staff looked at a case in an hour, `person case hour`; only so that the log says it once. */
const viewSchema = new Schema<{ _id: string; expiresAt: Date }>({ _id: String, expiresAt: instant }, SCHEMA_OPTIONS);
viewSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export const Cases = collection<CaseDoc>('cases', caseSchema);
export const IdentityChecks = collection<IdentityCheckDoc>('identityChecks', checkSchema);
export const Approvals = collection<ApprovalDoc>('approvals', approvalSchema);
export const Messages = collection<MessageDoc>('caseMessages', messageSchema);
export const CaseViews = collection('caseViews', viewSchema);

/** @throws Problem `case_not_found` */
export async function readCase(where: Where, caseId: string): Promise<CaseDoc> {
  const found = await Cases(where).findOne({ _id: caseId }, null, inside(where)).lean<CaseDoc>().exec();
  if (!found) throw caseProblem('case_not_found');
  return found;
}

/** A case by its number, spelt canonically; null when there is none. */
export const readCaseByNumber = async (where: Where, number: string): Promise<CaseDoc | null> =>
  Cases(where).findOne({ number }, null, inside(where)).lean<CaseDoc>().exec();

/** Newest first by (openedAt, _id). The filter is built by us, from values that were checked. */
export const findCases = async (db: Db, filter: Record<string, unknown>, limit: number): Promise<CaseDoc[]> =>
  (await Cases(db)
    .collection.find(filter as never)
    .sort({ openedAt: -1, _id: -1 })
    .limit(limit)
    .toArray()) as unknown as CaseDoc[];

/** By the token of the report that opened the case, or of one that joined it. */
export const caseByTracking = async (db: Db, trackingHash: string): Promise<CaseDoc | null> =>
  (await Cases(db).findOne({ trackingHash }).lean<CaseDoc>().exec()) ??
  Cases(db).findOne({ joinedTracking: trackingHash }).lean<CaseDoc>().exec();

/** Every case there is, in the order of ids. */
export async function* everyCase(db: Db): AsyncGenerator<CaseDoc> {
  for await (const row of Cases(db).collection.find({}).sort({ _id: 1 }).batchSize(100)) yield row as never;
}

export const casesById = async (db: Db, ids: readonly string[]): Promise<readonly CaseDoc[]> =>
  (await Cases(db)
    .collection.find({ _id: { $in: ids as never[] } })
    .toArray()) as unknown as CaseDoc[];

/** Which of these there are. */
export const existingCases = async (db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await Cases(db)
    .collection.find({ _id: { $in: ids as never[] } }, { projection: { _id: 1 } })
    .toArray();
  return new Set(rows.map(({ _id }) => String(_id)));
};

/** Checks of a case in the order they were begun. */
export const checksOfCase = (where: Where, caseId: string): Promise<IdentityCheckDoc[]> =>
  IdentityChecks(where)
    .find({ caseId }, null, inside(where))
    .sort({ startedAt: 1, _id: 1 })
    .lean<IdentityCheckDoc[]>()
    .exec();

/** @throws Problem `check_not_found` */
export async function readCheck(where: Where, caseId: string, checkId: string): Promise<IdentityCheckDoc> {
  const found = await IdentityChecks(where)
    .findOne({ _id: checkId, caseId }, null, inside(where))
    .lean<IdentityCheckDoc>()
    .exec();
  if (!found) throw caseProblem('check_not_found');
  return found;
}

export const approvalsOfCase = (where: Where, caseId: string): Promise<ApprovalDoc[]> =>
  Approvals(where).find({ caseId }, null, inside(where)).sort({ proposedAt: 1, _id: 1 }).lean<ApprovalDoc[]>().exec();

/** Proposals of these cases that nobody has decided. */
export const openApprovals = (where: Where, caseIds: readonly string[]): Promise<ApprovalDoc[]> =>
  Approvals(where)
    .find({ caseId: trusted({ $in: [...caseIds] }), state: 'proposed' }, null, inside(where))
    .sort({ proposedAt: 1, _id: 1 })
    .lean<ApprovalDoc[]>()
    .exec();

/** @throws Problem `approval_not_found` */
export async function readApproval(where: Where, caseId: string, approvalId: string): Promise<ApprovalDoc> {
  const found = await Approvals(where)
    .findOne({ _id: approvalId, caseId }, null, inside(where))
    .lean<ApprovalDoc>()
    .exec();
  if (!found) throw caseProblem('approval_not_found');
  return found;
}

export const messagesOfCase = (where: Where, caseId: string): Promise<MessageDoc[]> =>
  Messages(where).find({ caseId }, null, inside(where)).sort({ at: 1, _id: 1 }).lean<MessageDoc[]>().exec();

/**
 * Adds a case, at the end of the transaction: until then nothing reads it back. A taken number, or a case opened this very
 * moment for the same reporter and kind, rolls everything back and lets the transaction run again, where it draws another
 * number or finds the case to join.
 */
export const insertCase = (tx: Tx, doc: CaseDoc): void => tx.append(Cases, doc);

/** A failure that the next run of the same transaction will not meet; `transact` goes by the driver's label. */
class RunAgain extends Error {
  constructor(cause?: unknown) {
    super('somebody was quicker', { cause });
  }
  hasErrorLabel(label: string): boolean {
    return label === 'TransientTransactionError';
  }
}

/** A bound on one document; what scrolls out of the case is still in the audit log. */
export const HISTORY_MAX = 2_000;

/**
 * Writes what differs between two readings of a case, adds to its history and moves its version on. When somebody else
 * changed the case since `before` was read, the transaction runs again and judges the act anew.
 * @throws Problem `conflict`, from `transact`, when others kept being quicker
 */
export async function saveCase(tx: Tx, before: CaseDoc, after: CaseDoc, entry?: HistoryEntry): Promise<CaseDoc> {
  const { _id, version, history, ...was } = before;
  const { _id: _, version: __, history: ___, ...is } = after;
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])] as (keyof typeof is)[];
  const changed = names.filter((name) => was[name] !== is[name]);
  const gone = changed.filter((name) => is[name] === undefined);
  const kept = changed.filter((name) => is[name] !== undefined);
  const { matchedCount } = await Cases(tx).collection.updateOne(
    { _id: _id as never, version },
    {
      $set: { ...Object.fromEntries(kept.map((name) => [name, is[name]])), version: version + 1 },
      ...(gone.length > 0 && { $unset: Object.fromEntries(gone.map((name) => [name, ''])) }),
      ...(entry && { $push: { history: { $each: [entry], $slice: -HISTORY_MAX } } as never }),
    },
    { session: tx.session },
  );
  if (matchedCount !== 1) throw new RunAgain();
  return { ...after, version: version + 1, history: entry ? [...history, entry] : history };
}

export const insertCheck = (tx: Tx, doc: IdentityCheckDoc) =>
  IdentityChecks(tx).collection.insertOne(doc as never, { session: tx.session });
export const insertApproval = (tx: Tx, doc: ApprovalDoc) =>
  Approvals(tx).collection.insertOne(doc as never, { session: tx.session });
export const countMessages = (tx: Tx, caseId: string, from: MessageDoc['from']): Promise<number> =>
  Messages(tx).collection.countDocuments({ caseId, from }, { session: tx.session });
export const insertMessage = (tx: Tx, doc: MessageDoc) =>
  Messages(tx).collection.insertOne(doc as never, { session: tx.session });

/** Decides a check that is still open; of two deciders one wins. @throws Problem `already_decided` */
export async function decideCheck(
  tx: Tx,
  check: IdentityCheckDoc,
  decision: Partial<IdentityCheckDoc>,
): Promise<IdentityCheckDoc> {
  const { matchedCount } = await IdentityChecks(tx).collection.updateOne(
    { _id: check._id as never, state: 'started' },
    { $set: decision },
    { session: tx.session },
  );
  if (matchedCount !== 1) throw caseProblem('already_decided');
  return { ...check, ...decision };
}

/** Moves an approval out of one state; of two movers one wins. @throws Problem `already_decided` */
export async function moveApproval(tx: Tx, approval: ApprovalDoc, move: Partial<ApprovalDoc>): Promise<ApprovalDoc> {
  const { matchedCount } = await Approvals(tx).collection.updateOne(
    { _id: approval._id as never, state: approval.state },
    { $set: move },
    { session: tx.session },
  );
  if (matchedCount !== 1) throw caseProblem('already_decided');
  return { ...approval, ...move };
}
