import { createHash } from 'node:crypto';
import { Schema } from 'mongoose';
import { collection, type Db, inside, SCHEMA_OPTIONS, type Where } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import { ERASURE_GROUNDS, type ErasureDoc } from './erasure-words.js';
import { AuditEvents, AuditOpenings } from './store.js';
import { readEvent } from './verify-event.js';
import type { AuditEvent, ErasedMark, Opening, OpeningsRow } from './words.js';

const text = { type: String, required: true };
const count = { type: Number, required: true };

export const AuditErasures = collection<ErasureDoc>(
  'auditErasures',
  new Schema<ErasureDoc>(
    {
      _id: text,
      personId: text,
      ground: { type: String, required: true, enum: ERASURE_GROUNDS },
      askedBy: text,
      askedAt: { type: Date, required: true },
      batches: count,
      erased: count,
      kept: { type: Number, default: null },
      doneAt: { type: Date, default: null },
    },
    SCHEMA_OPTIONS,
  ),
);

export async function findErasure(where: Where, id: string): Promise<ErasureDoc | undefined> {
  const row = await AuditErasures(where).collection.findOne({ _id: id as never }, inside(where));
  return (row as unknown as ErasureDoc | null) ?? undefined;
}

/** @returns false when another run was quicker */
export async function advanceErasure(tx: Tx, doc: ErasureDoc, change: Partial<ErasureDoc>): Promise<boolean> {
  const { matchedCount } = await AuditErasures(tx).collection.updateOne(
    { _id: doc._id as never, batches: doc.batches, doneAt: null },
    { $set: change },
    inside(tx),
  );
  return matchedCount === 1;
}

/** An event that is readable, with the openings it still has. */
export interface Opened {
  readonly id: string;
  readonly event: AuditEvent;
  readonly openings: readonly Opening[];
}

/** Events that are read at once. */
const PIECE = 500;

/** Every event that has openings, in the order of their ids. */
export async function* openedEvents(db: Db): AsyncGenerator<Opened[]> {
  for (let after = ''; ; ) {
    const rows = (await AuditOpenings(db)
      .collection.find({ _id: { $gt: after as never } }, { promoteBuffers: true })
      .sort({ _id: 1 })
      .limit(PIECE)
      .toArray()) as unknown as OpeningsRow[];
    const last = rows.at(-1);
    if (!last) return;
    after = last._id;
    const open = rows.filter(({ openings }) => openings.length > 0);
    const events = await readEvents(
      db,
      open.map(({ _id }) => _id),
    );
    yield open.flatMap(({ _id, openings }) => {
      const event = events.get(_id);
      return event ? [{ id: _id, event, openings }] : [];
    });
  }
}

async function readEvents(db: Db, ids: readonly string[]): Promise<Map<string, AuditEvent>> {
  const rows = await AuditEvents(db)
    .collection.find({ _id: { $in: ids as never[] } }, { promoteBuffers: true, projection: { bytes: 1 } })
    .toArray();
  return new Map(
    rows.flatMap((row): [string, AuditEvent][] => {
      const event = row['bytes'] instanceof Uint8Array ? readEvent(row['bytes']) : undefined;
      return event ? [[String(row._id), event]] : [];
    }),
  );
}

/** Takes openings out of the store for good, and says in their place when and by what. */
export async function takeOpenings(tx: Tx, id: string, fields: readonly string[], mark: ErasedMark): Promise<void> {
  await AuditOpenings(tx).collection.updateOne(
    { _id: id as never },
    { $pull: { openings: { field: { $in: [...fields] } } }, $push: { erased: mark } } as never,
    inside(tx),
  );
}

export async function findErasedMarks(where: Where, id: string): Promise<readonly ErasedMark[]> {
  const row = await AuditOpenings(where).collection.findOne({ _id: id as never }, inside(where));
  return (row as unknown as OpeningsRow | null)?.erased ?? [];
}

/** Over the events of one batch in the order of their ids, one line each: id and fields. Base64. */
export const erasureDigest = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.join('\n'), 'utf8').digest('base64');

export const erasureLine = (id: string, fields: readonly string[]): string => `${id} ${fields.join(' ')}`;
