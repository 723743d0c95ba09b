import { Schema } from 'mongoose';
import { collection, type Db, isDuplicate, SCHEMA_OPTIONS } from '../../kernel/mongo.js';

/** How far one target is, and who may take it further. */
export interface StreamRow {
  /** Id of the target. */
  readonly _id: string;
  /** The first place in the log that it has not said to have. */
  readonly next: number;
  /** Where the last batch began that it has. Sent again after a failure: it may have died of it. */
  readonly before: number;
  /** When it last took something; null before that. */
  readonly at: Date | null;
  /** Tries that failed since, and why the last one did. */
  readonly failures: number;
  readonly trouble: string | null;
  /** Who sends. The lease works as that of the log does: `beat` moves while the holder lives, `epoch` with each take-over. */
  readonly holder: string | null;
  readonly epoch: number;
  readonly beat: number;
}

const number = { type: Number, required: true };

export const AuditStreams = collection<StreamRow>(
  'auditStreams',
  new Schema<StreamRow>(
    {
      _id: { type: String, required: true },
      next: number,
      before: number,
      at: { type: Date, default: null },
      failures: number,
      trouble: { type: String, default: null },
      holder: { type: String, default: null },
      epoch: number,
      beat: number,
    },
    SCHEMA_OPTIONS,
  ),
);

export async function readStream(db: Db, id: string): Promise<StreamRow | undefined> {
  const row = await AuditStreams(db).collection.findOne({ _id: id as never });
  return (row as unknown as StreamRow | null) ?? undefined;
}

/** Begins at a place, unless it has begun before. */
export async function beginStream(db: Db, id: string, next: number): Promise<void> {
  const row: StreamRow = {
    _id: id,
    next,
    before: next,
    at: null,
    failures: 0,
    trouble: null,
    holder: null,
    epoch: 0,
    beat: 0,
  };
  await AuditStreams(db)
    .collection.insertOne(row as never)
    .catch((error: unknown) => {
      if (!isDuplicate(error)) throw error;
    });
}

/** Takes over from whoever was seen in `row`. @returns false when somebody moved meanwhile */
export async function takeStream(db: Db, row: StreamRow, holder: string): Promise<boolean> {
  const taken = await AuditStreams(db).collection.updateOne(
    { _id: row._id as never, epoch: row.epoch, beat: row.beat },
    { $set: { holder, epoch: row.epoch + 1 }, $inc: { beat: 1 } },
  );
  return taken.matchedCount === 1;
}

/** Writes as the holder. @returns false when it is somebody else by now */
export async function moveStream(
  db: Db,
  id: string,
  { holder, epoch }: { readonly holder: string; readonly epoch: number },
  change: Partial<StreamRow> = {},
): Promise<boolean> {
  const moved = await AuditStreams(db).collection.updateOne(
    { _id: id as never, holder, epoch },
    { ...(Object.keys(change).length > 0 && { $set: change as never }), $inc: { beat: 1 } },
  );
  return moved.matchedCount === 1;
}
