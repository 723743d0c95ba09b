import { Schema } from 'mongoose';
import { collection, type Db, SCHEMA_OPTIONS } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import type { Handler } from './words.js';

/** `receiving`: pieces come. `checking`: all are here and become evidence. `done` and `refused` say what became of it. */
export const UPLOAD_STATES = ['receiving', 'checking', 'done', 'refused'] as const;
export type UploadState = (typeof UPLOAD_STATES)[number];

/** A file that comes in pieces. Each piece is an object of the vault, until all of them are one. */
export interface ResumableDoc {
  readonly _id: string;
  readonly caseId: string;
  readonly by: Handler;
  readonly name: string;
  readonly declaredType?: string;
  /** Bytes of the whole file, as announced. */
  readonly size: number;
  /** Bytes that are here, durable. */
  readonly offset: number;
  /** Objects, in order. */
  readonly parts: readonly string[];
  readonly state: UploadState;
  /** When done. */
  readonly evidenceId?: string;
  /** When refused: the code of the problem. */
  readonly because?: string;
  readonly startedAt: Date;
  /** A day after the last piece it is gone. */
  readonly expiresAt: Date;
}

const handler = new Schema(
  { kind: { type: String, required: true }, id: { type: String, required: true } },
  { ...SCHEMA_OPTIONS, _id: false },
);

const schema = new Schema<ResumableDoc>(
  {
    _id: String,
    caseId: { type: String, required: true },
    by: { type: handler, required: true },
    name: { type: String, required: true },
    declaredType: String,
    size: { type: Number, required: true },
    offset: { type: Number, required: true },
    parts: { type: [String], required: true },
    state: { type: String, required: true },
    evidenceId: String,
    because: String,
    startedAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  SCHEMA_OPTIONS,
);
schema.index({ expiresAt: 1 });
schema.index({ 'by.id': 1, state: 1 });

const Uploads = collection<ResumableDoc>('evidenceUploads', schema);

export const readUpload = async (db: Db, uploadId: string): Promise<ResumableDoc | null> =>
  (await Uploads(db).collection.findOne({ _id: uploadId as never })) as unknown as ResumableDoc | null;

/** Uploads of one person that are still under way. */
export const openUploads = async (tx: Tx, personId: string): Promise<readonly ResumableDoc[]> =>
  (await Uploads(tx)
    .collection.find({ 'by.id': personId, state: { $in: ['receiving', 'checking'] } }, { session: tx.session })
    .toArray()) as unknown as readonly ResumableDoc[];

export const expiredUploads = async (db: Db, now: Date, limit: number): Promise<readonly ResumableDoc[]> =>
  (await Uploads(db)
    .collection.find({ expiresAt: { $lt: now } })
    .sort({ expiresAt: 1 })
    .limit(limit)
    .toArray()) as unknown as readonly ResumableDoc[];

export async function insertUpload(tx: Tx, doc: ResumableDoc): Promise<void> {
  await Uploads(tx).collection.insertOne(doc as never, { session: tx.session });
}

/** Writes when the upload is as it was read, and says whether it was. */
export async function changeUpload(
  tx: Tx,
  { _id, offset, state }: ResumableDoc,
  change: Partial<ResumableDoc>,
): Promise<boolean> {
  const { matchedCount } = await Uploads(tx).collection.updateOne(
    { _id: _id as never, offset, state },
    { $set: change as never },
    { session: tx.session },
  );
  return matchedCount === 1;
}

export async function deleteUpload(tx: Tx, { _id, offset, state }: ResumableDoc): Promise<boolean> {
  const { deletedCount } = await Uploads(tx).collection.deleteOne(
    { _id: _id as never, offset, state },
    { session: tx.session },
  );
  return deletedCount === 1;
}
