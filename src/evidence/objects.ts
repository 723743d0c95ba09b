import { Schema } from 'mongoose';
import { DAY } from '../kernel/clock.js';
import { orTaken } from '../kernel/commit.js';
import { collection, type Db, inside, SCHEMA_OPTIONS, type Where } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import type { WrappedKey } from './master-keys.js';
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
export const findKept = async (where: Where, caseId: string, sha256: string): Promise<ObjectDoc | null> =>
  (await Objects(where).collection.findOne(
    { caseId, sha256, joinable: true },
    { ...inside(where), promoteBuffers: true },
  )) as unknown as ObjectDoc | null;

export const readObject = async (db: Db, objectId: string): Promise<ObjectDoc | null> =>
  (await Objects(db).collection.findOne(
    { _id: objectId as never },
    { promoteBuffers: true },
  )) as unknown as ObjectDoc | null;

/** Those of the ids that have a row. */
export async function objectsById(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, ObjectDoc>> {
  const rows = await Objects(db)
    .collection.find({ _id: { $in: [...ids] as never } }, { promoteBuffers: true })
    .toArray();
  return new Map(rows.map((row) => [String(row._id), row as unknown as ObjectDoc]));
}

export const insertObject = (tx: Tx, object: ObjectDoc): void =>
  tx.append(Objects, { ...object, ...(object.key ? { key: inBuffer(object.key) } : {}) });

const inBuffer = ({ masterKeyId, message }: WrappedKey) => ({ masterKeyId, message: Buffer.from(message) });

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
  await orTaken(Objects(tx).collection.insertOne(stone as never, { session: tx.session }));
  return true;
}

/**
 * Says whether the same bytes of the case may come to this object from now on: while it is in good order, and unless another
 * one has taken its place meanwhile.
 */
export async function markObject(tx: Tx, objectId: string, { joinable }: { joinable: boolean }): Promise<void> {
  const { session } = tx;
  const row = { _id: objectId as never, state: 'kept', kind: 'original' } as const;
  const object = (await Objects(tx).collection.findOne(row, { session })) as unknown as ObjectDoc | null;
  if (!object || (joinable && (await findKept(tx, object.caseId, object.sha256)))) return;
  const change = joinable ? { $set: { joinable } } : { $unset: { joinable: 1 } };
  await orTaken(Objects(tx).collection.updateOne(row, change, { session }));
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

/** Kept objects that nobody has read through since `before`, the longest unread first. */
export const unreadSince = async (db: Db, before: Date, limit: number): Promise<readonly ObjectDoc[]> =>
  (await Objects(db)
    .collection.find({ state: 'kept', checkedAt: { $lt: before } }, { promoteBuffers: true })
    .sort({ checkedAt: 1 })
    .limit(limit)
    .toArray()) as unknown as readonly ObjectDoc[];

/** Every kept object, in the order of ids. */
export async function* keptObjects(db: Db): AsyncGenerator<ObjectDoc> {
  const rows = Objects(db).collection.find({ state: 'kept' }, { promoteBuffers: true }).sort({ _id: 1 }).batchSize(200);
  for await (const row of rows) yield row as unknown as ObjectDoc;
}

export async function stampChecked(tx: Tx, ids: readonly string[]): Promise<void> {
  await Objects(tx).collection.updateMany(
    { _id: { $in: [...ids] as never } },
    { $set: { checkedAt: tx.now } },
    { session: tx.session },
  );
}

/**
 * Notes that an object was read through and was what it should be. Whoever erases it writes the same row, so that of the two one
 * comes first and the other one knows.
 * @returns false when it is erased
 */
export async function stampIntact(tx: Tx, objectId: string): Promise<boolean> {
  const { matchedCount } = await Objects(tx).collection.updateOne(
    { _id: objectId as never, state: 'kept' },
    { $set: { checkedAt: tx.now } },
    { session: tx.session },
  );
  return matchedCount === 1;
}

/** Kept objects whose data key another master key wrapped. */
export const wrappedByOthers = async (
  db: Db,
  active: string,
  after: string,
  limit: number,
): Promise<readonly ObjectDoc[]> =>
  (await Objects(db)
    .collection.find(
      { _id: { $gt: after } as never, state: 'kept', 'key.masterKeyId': { $ne: active } },
      { promoteBuffers: true },
    )
    .sort({ _id: 1 })
    .limit(limit)
    .toArray()) as unknown as readonly ObjectDoc[];

/** Puts a new wrapping in place of the one that was read; not when the key was deleted or wrapped anew meanwhile. */
export async function replaceKey(tx: Tx, { _id, key: old }: ObjectDoc, key: WrappedKey): Promise<boolean> {
  const { matchedCount } = await Objects(tx).collection.updateOne(
    { _id: _id as never, state: 'kept', 'key.masterKeyId': old?.masterKeyId },
    { $set: { key: inBuffer(key) } },
    { session: tx.session },
  );
  return matchedCount === 1;
}

/** How many data keys each master key wraps. */
export async function keysInUse(db: Db): Promise<ReadonlyMap<string, number>> {
  const rows = await Objects(db)
    .collection.aggregate<{ _id: string; count: number }>([
      { $match: { state: 'kept' } },
      { $group: { _id: '$key.masterKeyId', count: { $sum: 1 } } },
    ])
    .toArray();
  return new Map(rows.map(({ _id, count }) => [_id, count]));
}

/** Deletes a data key for good. @returns whether there was one */
export async function shredKey(tx: Tx, objectId: string): Promise<boolean> {
  const { modifiedCount } = await Objects(tx).collection.updateOne(
    { _id: objectId as never, state: 'kept' },
    { $set: { state: 'erased' }, $unset: { key: 1, joinable: 1 } },
    { session: tx.session },
  );
  return modifiedCount === 1;
}

/** What is known of objects; ids that have no row are not in it. */
export async function objectStates(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, ObjectDoc['state']>> {
  const rows = await Objects(db)
    .collection.find({ _id: { $in: [...ids] as never } }, { projection: { state: 1 } })
    .toArray();
  return new Map(rows.map((row) => [String(row._id), row['state'] as unknown as ObjectDoc['state']]));
}
