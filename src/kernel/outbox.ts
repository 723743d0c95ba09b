import { Schema } from 'mongoose';
import type { Clock } from './clock.js';
import { newId } from './ids.js';
import type { JobRequest } from './jobs.js';
import { collection, type Db, SCHEMA_OPTIONS } from './mongo.js';
import type { Outbox, Tx } from './transact.js';

export interface OutboxRow {
  _id: string;
  name: string;
  /** A `Payload`; kept loose here, for mongoose cannot unfold a recursive type. */
  payload: Record<string, unknown>;
  /** `due` waits for `runAt`; `dead` failed for good and waits for a person. A finished row is deleted. */
  state: 'due' | 'dead';
  runAt: Date;
  attempts: number;
  /** Until then one worker has it; after that anybody may take it. */
  leaseUntil: Date | null;
  /** Changes with every claim, so that a worker that lost its lease cannot settle the row. */
  lease: string | null;
  key?: string;
  createdAt: Date;
  lastError?: string;
}

const schema = new Schema<OutboxRow>(
  {
    _id: String,
    name: { type: String, required: true },
    payload: { type: Schema.Types.Mixed, required: true },
    state: { type: String, required: true },
    runAt: { type: Date, required: true },
    attempts: { type: Number, required: true },
    leaseUntil: { type: Date, default: null },
    lease: { type: String, default: null },
    key: String,
    createdAt: { type: Date, required: true },
    lastError: String,
  },
  SCHEMA_OPTIONS,
);
schema.index({ state: 1, runAt: 1 });
schema.index({ key: 1 }, { unique: true, partialFilterExpression: { key: { $exists: true } } });

export const OutboxRows = collection<OutboxRow>('outbox', schema);

/** The writing side of the outbox for `transact`; `bell` hears the ids once they are committed. */
export function makeOutbox(bell: (ids: readonly string[]) => void): Outbox {
  return {
    ring: (ids) => {
      if (ids.length > 0) bell(ids);
    },
    append: async (tx, jobs) => {
      const rows = (await withoutWaiting(tx, jobs)).map((job) => rowOf(tx, job));
      for (const row of rows) tx.append(OutboxRows, row);
      return rows.filter((row) => row.runAt <= tx.now).map((row) => row._id);
    },
  };
}

/** Leaves out jobs whose key waits already. */
async function withoutWaiting(tx: Tx, jobs: readonly JobRequest[]): Promise<readonly JobRequest[]> {
  const keys = jobs.flatMap(({ key, fresh }) => (key === undefined || fresh ? [] : [key]));
  if (keys.length === 0) return jobs;
  const rows = OutboxRows(tx).collection.find({ key: { $in: keys } }, { session: tx.session, projection: { key: 1 } });
  const seen = new Set((await rows.toArray()).map((row) => String(row['key'])));
  return jobs.filter(({ key }) => {
    if (key === undefined) return true;
    const first = !seen.has(key);
    seen.add(key);
    return first;
  });
}

const rowOf = (tx: Tx, { name, payload, runAt, key }: JobRequest): OutboxRow => ({
  _id: newId('job'),
  name,
  payload,
  state: 'due',
  runAt: runAt ?? tx.now,
  attempts: 0,
  leaseUntil: null,
  lease: null,
  ...(key === undefined ? {} : { key }),
  createdAt: tx.now,
});

const mayTake = (now: Date) => ({
  state: 'due',
  runAt: { $lte: now },
  $or: [{ leaseUntil: null }, { leaseUntil: { $lt: now } }],
});

/** Takes a due row for `leaseMs`; null when it is gone, not due yet, or another worker's. */
export async function claim(db: Db, id: string, clock: Clock, leaseMs: number): Promise<OutboxRow | null> {
  const now = clock.now();
  const row = await OutboxRows(db).collection.findOneAndUpdate(
    { _id: id as never, ...mayTake(now) },
    { $set: { leaseUntil: new Date(now.getTime() + leaseMs), lease: newId('lease') }, $inc: { attempts: 1 } },
    { returnDocument: 'after' },
  );
  return row as unknown as OutboxRow | null;
}

/** Ids of rows that anybody may take now, oldest first. */
export async function dueIds(db: Db, clock: Clock, limit: number): Promise<readonly string[]> {
  const rows = OutboxRows(db).collection.find(mayTake(clock.now()), {
    projection: { _id: 1 },
    sort: { runAt: 1 },
    limit,
  });
  return (await rows.toArray()).map((row) => String(row._id));
}

export const extend = (db: Db, row: OutboxRow, until: Date) =>
  OutboxRows(db).collection.updateOne({ _id: row._id as never, lease: row.lease }, { $set: { leaseUntil: until } });

export const finish = (db: Db, row: OutboxRow) =>
  OutboxRows(db).collection.deleteOne({ _id: row._id as never, lease: row.lease });

const FREE = { leaseUntil: null, lease: null } as const;

/** Puts the row back for another try at `runAt`. */
export const giveBack = (db: Db, row: OutboxRow, runAt: Date, lastError: string) =>
  OutboxRows(db).collection.updateOne(
    { _id: row._id as never, lease: row.lease },
    { $set: { ...FREE, state: 'due', runAt, lastError } },
  );

/** Puts the row back untried. */
export const putOff = (db: Db, row: OutboxRow, runAt: Date) =>
  OutboxRows(db).collection.updateOne(
    { _id: row._id as never, lease: row.lease },
    { $set: { ...FREE, runAt }, $inc: { attempts: -1 } },
  );

/** Ends the row as `dead`. It no longer waits, so it gives up its key: the next job of that key gets its chance. */
export const bury = (db: Db, row: OutboxRow, at: Date, lastError: string) =>
  OutboxRows(db).collection.updateOne(
    { _id: row._id as never, lease: row.lease },
    { $set: { ...FREE, state: 'dead', runAt: at, lastError }, $unset: { key: 1 } },
  );
