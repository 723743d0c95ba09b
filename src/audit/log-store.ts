import { Schema } from 'mongoose';
import { collection, type Db, inside, SCHEMA_OPTIONS, type Where } from '../kernel/mongo.js';
import { HASH_LENGTH } from '../proof/index.js';
import type { Tiles } from './tiles.js';
import { type TileAt, tileName } from './tiles.js';

/** The events of one act, until they have their place in the log. Written in the transaction of the act. */
export interface PendingRow {
  /** Id of the first of them. */
  readonly _id: string;
  readonly events: readonly string[];
  /** Their leaf hashes, one after another. */
  readonly leaves: Uint8Array;
  /** That a process with ROOT_KEY wrote it. */
  readonly vouch: Uint8Array;
}

/** Where the log ends, and who may lengthen it. There is one. */
export interface LogRow {
  readonly _id: 'log';
  /** Events that have an index. */
  readonly size: number;
  /** Size of the newest checkpoint; -1 before the first. */
  readonly signed: number;
  /** Grows with every take-over: who has an older one is fenced off. */
  readonly epoch: number;
  /** Grows with everything the holder does, so that others see that it lives. */
  readonly beat: number;
  readonly holder: string | null;
}

/** The place of one event in the log. */
export interface EntryRow {
  /** Counted from 0, without a gap. */
  readonly _id: number;
  readonly event: string;
}

/** Source: c2sp.org/tlog-tiles. A partial tile grows in its place; what it held stays at its beginning. */
export interface TileRow {
  /** `level/n`. */
  readonly _id: string;
  readonly hashes: Uint8Array;
}

export interface CheckpointRow {
  /** Size of the tree. */
  readonly _id: number;
  readonly root: Uint8Array;
  /** Signed note. */
  readonly note: string;
  readonly at: Date;
  /** Signature lines of witnesses. */
  readonly cosignatures: readonly string[];
}

const binary = { type: Buffer, required: true };
const instant = { type: Date, required: true };
const text = { type: String, required: true };
const number = { type: Number, required: true };

export const AuditPending = collection<PendingRow>(
  'auditPending',
  new Schema<PendingRow>(
    { _id: text, events: { type: [String], required: true }, leaves: binary, vouch: binary },
    SCHEMA_OPTIONS,
  ),
);

export const AuditLogs = collection<LogRow>(
  'auditLog',
  new Schema<LogRow>(
    { _id: text, size: number, signed: number, epoch: number, beat: number, holder: { type: String, default: null } },
    SCHEMA_OPTIONS,
  ),
);

const entrySchema = new Schema<EntryRow>({ _id: number, event: text }, SCHEMA_OPTIONS);
entrySchema.index({ event: 1 }, { unique: true }); // no event has two places, whatever goes wrong above
export const AuditEntries = collection<EntryRow>('auditEntries', entrySchema);

export const AuditTiles = collection<TileRow>(
  'auditTiles',
  new Schema<TileRow>({ _id: text, hashes: binary }, SCHEMA_OPTIONS),
);

export const AuditCheckpoints = collection<CheckpointRow>(
  'auditCheckpoints',
  new Schema<CheckpointRow>(
    { _id: number, root: binary, note: text, at: instant, cosignatures: { type: [String], required: true } },
    SCHEMA_OPTIONS,
  ),
);

const raw = (where: Where) => ({ ...inside(where), promoteBuffers: true });

export async function readLog(where: Where): Promise<LogRow | undefined> {
  const row = await AuditLogs(where).collection.findOne({ _id: 'log' as never }, inside(where));
  return (row as unknown as LogRow | null) ?? undefined;
}

export async function hasPending(db: Db): Promise<boolean> {
  return (await AuditPending(db).collection.findOne({}, { projection: { _id: 1 } })) !== null;
}

/** In the order of their ids, which is about the order of their acts. */
export async function readPending(where: Where, limit: number): Promise<PendingRow[]> {
  const rows = AuditPending(where).collection.find({}, raw(where)).sort({ _id: 1 }).limit(limit);
  return (await rows.toArray()) as unknown as PendingRow[];
}

/** Tiles that are missing are not in the map; whoever needs them says so. */
export async function readTiles(where: Where, wanted: readonly TileAt[]): Promise<Tiles> {
  if (wanted.length === 0) return new Map();
  const ids = wanted.map(tileName);
  const rows = await AuditTiles(where)
    .collection.find({ _id: { $in: ids as never[] } }, raw(where))
    .toArray();
  return new Map(
    rows.map((row) => [String(row._id), row['hashes'] instanceof Uint8Array ? row['hashes'] : new Uint8Array()]),
  );
}

export async function newestCheckpoint(where: Where): Promise<CheckpointRow | undefined> {
  const [row] = await AuditCheckpoints(where).collection.find({}, raw(where)).sort({ _id: -1 }).limit(1).toArray();
  return row as unknown as CheckpointRow | undefined;
}

/** The checkpoint of exactly this size. */
export async function checkpointOf(where: Where, size: number): Promise<CheckpointRow | undefined> {
  const row = await AuditCheckpoints(where).collection.findOne({ _id: size as never }, raw(where));
  return (row as unknown as CheckpointRow | null) ?? undefined;
}

export async function indexOf(where: Where, event: string): Promise<number | undefined> {
  const row = await AuditEntries(where).collection.findOne({ event }, inside(where));
  return row === null ? undefined : Number(row._id);
}

export const leavesOf = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: bytes.length / HASH_LENGTH }, (_, i) => bytes.subarray(i * HASH_LENGTH, (i + 1) * HASH_LENGTH));
