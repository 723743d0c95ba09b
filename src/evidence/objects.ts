import { Schema } from 'mongoose';
import { DAY } from '../kernel/clock.js';
import { collection, type Db, SCHEMA_OPTIONS } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import type { ObjectDoc } from './words.js';

const wrappedKey = new Schema(
  { masterKeyId: { type: String, required: true }, message: { type: Buffer, required: true } },
  { ...SCHEMA_OPTIONS, _id: false },
);

const objectSchema = new Schema<ObjectDoc>(
  {
    _id: String,
    kind: { type: String, required: true },
    state: { type: String, required: true },
    caseId: { type: String, required: true },
    sha256: { type: String, required: true },
    size: { type: Number, required: true },
    storedSize: { type: Number, required: true },
    key: { type: wrappedKey },
    joinable: Boolean,
    addedAt: { type: Date, required: true },
    checkedAt: { type: Date, required: true },
    expiresAt: Date,
  },
  SCHEMA_OPTIONS,
);
objectSchema.index({ caseId: 1, sha256: 1 }, { unique: true, partialFilterExpression: { joinable: true } });
objectSchema.index({ state: 1, checkedAt: 1 });
objectSchema.index({ 'key.masterKeyId': 1 });
objectSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const Objects = collection<ObjectDoc>('evidenceObjects', objectSchema);

/** The object that holds these bytes for a case, in good order. */
export const findKept = async (tx: Tx, caseId: string, sha256: string): Promise<ObjectDoc | null> =>
  (await Objects(tx).collection.findOne(
    { caseId, sha256, joinable: true },
    { session: tx.session, promoteBuffers: true },
  )) as unknown as ObjectDoc | null;

export const readObject = async (db: Db, objectId: string): Promise<ObjectDoc | null> =>
  (await Objects(db).collection.findOne(
    { _id: objectId as never },
    { promoteBuffers: true },
  )) as unknown as ObjectDoc | null;

export async function insertObject(tx: Tx, object: ObjectDoc): Promise<void> {
  await Objects(tx).collection.insertOne({ ...object, key: bytesOf(object) } as never, { session: tx.session });
}

const bytesOf = ({ key }: ObjectDoc) => key && { ...key, message: Buffer.from(key.message) };

/** Longer than any process may still be about to commit a record on it. */
const BURIED_FOR_MS = 7 * DAY;

/**
 * Takes the place of a row that was never committed, so that it cannot be committed any more.
 * @returns false when there is a row already that keeps the object
 */
export async function buryObject(tx: Tx, objectId: string): Promise<boolean> {
  const there = await Objects(tx).collection.findOne(
    { _id: objectId as never },
    { session: tx.session, projection: { state: 1 } },
  );
  if (there) return there['state'] !== 'kept';
  const stone: ObjectDoc = {
    _id: objectId,
    kind: 'original',
    state: 'removed',
    caseId: 'none',
    sha256: 'none',
    size: 0,
    storedSize: 0,
    addedAt: tx.now,
    checkedAt: tx.now,
    expiresAt: new Date(tx.now.getTime() + BURIED_FOR_MS),
  };
  await Objects(tx).collection.insertOne(stone as never, { session: tx.session });
  return true;
}

/** Says what a reading of the object found: joinable again when it is what it should be. */
export async function markObject(tx: Tx, objectId: string, { joinable }: { joinable: boolean }): Promise<void> {
  await Objects(tx).collection.updateOne(
    { _id: objectId as never, state: 'kept', kind: 'original' },
    joinable
      ? { $set: { joinable: true, checkedAt: tx.now } }
      : { $unset: { joinable: 1 }, $set: { checkedAt: tx.now } },
    { session: tx.session },
  );
}

/** Those of the ids that no row keeps. */
export async function strangersAmong(db: Db, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const kept = await Objects(db)
    .collection.find({ _id: { $in: [...ids] as never }, state: 'kept' }, { projection: { _id: 1 } })
    .toArray();
  const known = new Set(kept.map(({ _id }) => String(_id)));
  return ids.filter((id) => !known.has(id));
}
