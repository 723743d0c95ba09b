import { Schema } from 'mongoose';
import { idsBetween } from '../kernel/ids.js';
import { collection, type Db, SCHEMA_OPTIONS } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import type { EventRow, Opening, OpeningsRow, Result } from './words.js';

const eventSchema = new Schema<EventRow>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    actor: { type: String, required: true },
    action: { type: String, required: true },
    caseId: String,
    accountId: String,
    result: { type: String, required: true },
    bytes: { type: Buffer, required: true },
    leafHash: { type: Buffer, required: true },
  },
  SCHEMA_OPTIONS,
);
// Lists are read newest first: of the whole log by _id, which begins with the instant; by a look-up field then (at, _id).
for (const field of ['actor', 'action']) eventSchema.index({ [field]: 1, at: 1, _id: 1 });
for (const field of ['caseId', 'accountId'])
  eventSchema.index({ [field]: 1, at: 1, _id: 1 }, { partialFilterExpression: { [field]: { $exists: true } } });

const openingsSchema = new Schema<OpeningsRow>(
  {
    _id: { type: String, required: true },
    openings: { type: [{}], required: true },
    erased: { type: [{}], default: undefined },
  },
  SCHEMA_OPTIONS,
);

export const AuditEvents = collection<EventRow>('auditEvents', eventSchema);
export const AuditOpenings = collection<OpeningsRow>('auditOpenings', openingsSchema);

/** Where a page ended: the next one holds what is older. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

export interface EventFilter {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly caseId?: string | undefined;
  readonly accountId?: string | undefined;
  readonly result?: Result | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
}

/** Newest first. Late commits show up above the position, so no page repeats or loses a row that was there before. */
export async function findEvents(
  where: Db & { session?: Tx['session'] },
  { from, to, ...fields }: EventFilter,
  after: Position | undefined,
  limit: number,
): Promise<EventRow[]> {
  const exact = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const ofAll = Object.keys(exact).every((field) => field === 'result');
  const options = { ...(where.session && { session: where.session }), promoteBuffers: true };
  return (
    await AuditEvents(where)
      .collection.find({ ...exact, ...(ofAll ? byId(from, to, after) : byInstant(from, to, after)) } as never, options)
      .sort(ofAll ? { _id: -1 } : { at: -1, _id: -1 })
      .limit(limit)
      .toArray()
  ).map(eventRow);
}

function byInstant(from: Date | undefined, to: Date | undefined, after: Position | undefined): object {
  const at = { ...within(from, to), ...(after && { $lte: after.at }) };
  return {
    ...(Object.keys(at).length > 0 && { at }),
    ...(after && { $or: [{ at: { $lt: after.at } }, { at: after.at, _id: { $lt: after.id } }] }),
  };
}

function byId(from: Date | undefined, to: Date | undefined, after: Position | undefined): object {
  const ids = { ...idsBetween('event', from, to), ...(after && { $lt: after.id }) };
  return { ...(Object.keys(ids).length > 0 && { _id: ids }), ...((from ?? to) && { at: within(from, to) }) };
}

const within = (from: Date | undefined, to: Date | undefined): object => ({
  ...(from && { $gte: from }),
  ...(to && { $lt: to }),
});

/** The events of a time: what `_id` narrows down, `at` decides. */
export const eventsWithin = (from: Date | undefined, to: Date | undefined): object => byId(from, to, undefined);

export async function findEvent(where: Db & { session?: Tx['session'] }, id: string): Promise<EventRow | undefined> {
  const options = { ...(where.session && { session: where.session }), promoteBuffers: true };
  const row = await AuditEvents(where).collection.findOne({ _id: id } as never, options);
  return row === null ? undefined : eventRow(row);
}

/** The openings that still exist; erased ones are simply not there. */
export async function findOpenings(where: Db & { session?: Tx['session'] }, id: string): Promise<readonly Opening[]> {
  const options = { ...(where.session && { session: where.session }), promoteBuffers: true };
  const row = await AuditOpenings(where).collection.findOne({ _id: id } as never, options);
  return (row as unknown as OpeningsRow | null)?.openings ?? [];
}

/** A row that was damaged behind our back is still read, so that its faults are shown instead of the page failing. */
function eventRow(document: object): EventRow {
  const row = document as EventRow;
  const bytes = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : new Uint8Array());
  return {
    ...row,
    at: row.at instanceof Date ? row.at : new Date(0),
    bytes: bytes(row.bytes),
    leafHash: bytes(row.leafHash),
  };
}
