import { Schema } from 'mongoose';
import { newId } from '../kernel/ids.js';
import { collection, type Db, inside, SCHEMA_OPTIONS, type Where } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import type { Amount } from './sums.js';
import type { CustodyAct, CustodyDoc, EvidenceDoc, OriginalState } from './words.js';

const handler = new Schema(
  { kind: { type: String, required: true }, id: { type: String, required: true } },
  { ...SCHEMA_OPTIONS, _id: false },
);

const scanning = new Schema(
  { at: Date, engine: String, signature: String, trouble: String },
  { ...SCHEMA_OPTIONS, _id: false },
);

const evidenceSchema = new Schema<EvidenceDoc>(
  {
    _id: String,
    caseId: { type: String, required: true },
    reportId: String,
    objectId: { type: String, required: true },
    original: { type: String, required: true },
    sha256: { type: String, required: true },
    size: { type: Number, required: true },
    name: { type: String, required: true },
    declaredType: String,
    type: { type: String, required: true },
    charset: String,
    activeContent: String,
    typeMismatch: { type: Boolean, required: true },
    scan: { type: String, required: true },
    scanning: { type: scanning },
    addedBy: { type: handler, required: true },
    addedAt: { type: Date, required: true },
  },
  SCHEMA_OPTIONS,
);
evidenceSchema.index({ caseId: 1, addedAt: 1 });
evidenceSchema.index({ objectId: 1 });
evidenceSchema.index({ scan: 1, addedAt: 1 });
evidenceSchema.index({ 'addedBy.id': 1, addedAt: 1 });

const custodySchema = new Schema<CustodyDoc>(
  {
    _id: String,
    evidenceId: { type: String, required: true },
    caseId: { type: String, required: true },
    act: { type: String, required: true },
    by: { type: handler, required: true },
    at: { type: Date, required: true },
    reason: { type: String, required: true },
    sha256: { type: String, required: true },
    before: String,
    after: String,
  },
  SCHEMA_OPTIONS,
);
custodySchema.index({ evidenceId: 1, at: 1 });
custodySchema.index({ caseId: 1, _id: 1 });
custodySchema.index({ 'by.id': 1, act: 1, at: 1 });

export const Evidence = collection<EvidenceDoc>('evidence', evidenceSchema);
const CustodyEvents = collection<CustodyDoc>('custodyEvents', custodySchema);

/** Evidence of a case in the order it came. */
export const evidenceOfCase = async (db: Db, caseId: string): Promise<readonly EvidenceDoc[]> =>
  Evidence(db).find({ caseId }).sort({ addedAt: 1, _id: 1 }).lean<EvidenceDoc[]>();

export const readEvidence = async (db: Db, caseId: string, evidenceId: string): Promise<EvidenceDoc | null> =>
  (await Evidence(db).collection.findOne({ _id: evidenceId as never, caseId })) as EvidenceDoc | null;

export const readEvidenceById = async (db: Db, evidenceId: string): Promise<EvidenceDoc | null> =>
  Evidence(db).findOne({ _id: evidenceId }).lean<EvidenceDoc>();

/** The same, as the transaction sees it. */
export const evidenceOfCaseIn = async (tx: Tx, caseId: string): Promise<readonly EvidenceDoc[]> =>
  (await Evidence(tx).collection.find({ caseId }, { session: tx.session }).sort({ _id: 1 }).toArray()) as never;

/** Every record there is, in the order of ids. */
export async function* everyEvidence(db: Db): AsyncGenerator<EvidenceDoc> {
  for await (const row of Evidence(db).collection.find({}).sort({ _id: 1 }).batchSize(500)) yield row as never;
}

/** Ids of the cases that have evidence, each once. */
export const casesWithEvidence = (db: Db): AsyncGenerator<string> => casesOf(db, {});

/** Ids of the cases that have evidence which is not erased, each once. */
export const casesHoldingEvidence = (db: Db): AsyncGenerator<string> => casesOf(db, { original: { $ne: 'erased' } });

async function* casesOf(db: Db, filter: object): AsyncGenerator<string> {
  let last = '';
  const rows = Evidence(db).collection.find(filter, { projection: { caseId: 1 }, batchSize: 500 });
  for await (const { caseId } of rows.sort({ caseId: 1 })) {
    if (String(caseId) === last) continue;
    last = String(caseId);
    yield last;
  }
}

/** Which of these there are. */
export const existingEvidence = async (db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await Evidence(db)
    .collection.find({ _id: { $in: ids as never[] } }, { projection: { _id: 1 } })
    .toArray();
  return new Set(rows.map(({ _id }) => String(_id)));
};

/** What a case holds; what was erased counts as a file, but its bytes do not. */
export const sumOfCase = (db: Db, caseId: string) => sumOf(db, { caseId });

/** What somebody added since an instant, to any case, and when the first of it came. */
export const sumOfPerson = (db: Db, personId: string, since: Date) =>
  sumOf(db, { 'addedBy.kind': 'person', 'addedBy.id': personId, addedAt: { $gt: since } });

export interface Sum extends Amount {
  readonly first: Date | undefined;
}

async function sumOf(db: Db, filter: object): Promise<Sum> {
  const bytes = { $cond: [{ $eq: ['$original', 'erased'] }, 0, '$size'] };
  const [sum] = await Evidence(db)
    .collection.aggregate<Required<Sum>>([
      { $match: filter },
      { $group: { _id: null, files: { $sum: 1 }, bytes: { $sum: bytes }, first: { $min: '$addedAt' } } },
    ])
    .toArray();
  return { files: sum?.files ?? 0, bytes: sum?.bytes ?? 0, first: sum?.first };
}

/** What happened to one piece of evidence, oldest first. */
export const custodyOf = async (db: Db, evidenceId: string): Promise<readonly CustodyDoc[]> =>
  CustodyEvents(db).find({ evidenceId }).sort({ at: 1, _id: 1 }).lean<CustodyDoc[]>();

/** When somebody did one of these acts since an instant, the latest first, as far as `most`. */
export const actsOf = async (
  db: Db,
  personId: string,
  acts: readonly CustodyAct[],
  since: Date,
  most: number,
): Promise<readonly Date[]> => {
  const views = await CustodyEvents(db)
    .collection.find({ act: { $in: acts }, 'by.id': personId, at: { $gt: since } }, { projection: { at: 1 } })
    .sort({ at: -1 })
    .limit(most)
    .toArray();
  return views.map(({ at }) => at as unknown as Date);
};

/** Every record that stands on an object. */
export const evidenceOfObject = async (where: Where, objectId: string): Promise<readonly EvidenceDoc[]> =>
  (await Evidence(where).collection.find({ objectId }, inside(where)).sort({ _id: 1 }).toArray()) as never;

/** What is erased stays so. */
export async function setOriginal(tx: Tx, objectId: string, original: OriginalState): Promise<void> {
  const unlessErased = original === 'erased' ? { objectId } : { objectId, original: { $ne: 'erased' } };
  await Evidence(tx).collection.updateMany(unlessErased, { $set: { original } }, { session: tx.session });
}

/** What happened to all evidence of a case, oldest first, after an event of it. */
export const custodyOfCase = async (
  db: Db,
  caseId: string,
  after: string,
  limit: number,
): Promise<readonly CustodyDoc[]> =>
  (await CustodyEvents(db)
    .collection.find({ caseId, _id: { $gt: after } as never })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray()) as unknown as readonly CustodyDoc[];

export function insertEvidence(tx: Tx, docs: readonly EvidenceDoc[]): void {
  for (const doc of docs) tx.append(Evidence, doc);
}

/** What the bytes were before and after an act; see `CustodyDoc`. Without it: on record, and not read. */
export interface Hashes {
  readonly before?: string | null;
  readonly after?: string | null;
}

/** Custody events are only ever added; whoever calls this records the audit event of the same act. */
export function insertCustody(
  tx: Tx,
  docs: readonly EvidenceDoc[],
  act: CustodyAct,
  reason: string,
  hashes: Hashes = {},
): void {
  const { kind, id } = tx.actor;
  for (const { _id: evidenceId, caseId, sha256 } of docs)
    tx.append(CustodyEvents, {
      _id: newId('custody'),
      evidenceId,
      caseId,
      act,
      by: { kind, id },
      at: tx.now,
      reason,
      sha256,
      before: hashes.before === undefined ? sha256 : hashes.before,
      after: hashes.after ?? null,
    });
}
