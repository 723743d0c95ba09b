import type { ClientSession } from 'mongoose';
import { TRANSACTION } from '../kernel/commit.js';
import { type Db, isDuplicate } from '../kernel/mongo.js';
import { HASH_LENGTH } from '../proof/index.js';
import type { PendingRow } from './log-store.js';
import { AuditEntries, AuditLogs, AuditPending, AuditTiles, leavesOf, readPending, readTiles } from './log-store.js';
import { edgeOf, LogDamaged, lengthen } from './tiles.js';
import type { Vouch } from './vouch.js';

/** Events that get their index in one transaction, at most one act's more. */
export const BATCH_LIMIT = 1_000;

/** The right to lengthen the log: an epoch that nobody has taken over since. */
export interface Fence {
  readonly holder: string;
  readonly epoch: number;
}

/** Somebody else has the log now. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
}

export interface Batch {
  /** Size of the log after it. */
  readonly size: number;
  readonly events: number;
  /** Whether more may be waiting. */
  readonly full: boolean;
  /** Rows that no act of ours wrote, or that named events that are in the log already; they are taken away. */
  readonly refused: readonly string[];
}

/**
 * Gives the events that wait their indices: entries, tiles, the new size, and the end of their waiting, in one transaction.
 *
 * @throws Fenced · LogDamaged · the driver's error; then nothing has happened, and the next try begins anew
 */
export async function sequenceBatch(db: Db, fence: Fence, size: number, vouch: Vouch): Promise<Batch> {
  try {
    return await inTransaction(db, (session) => batch(db, session, fence, size, vouch, new Set()));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return inTransaction(db, async (session) =>
      batch(db, session, fence, size, vouch, await placed(db, session, size)),
    );
  }
}

async function batch(
  db: Db,
  session: ClientSession,
  fence: Fence,
  size: number,
  vouch: Vouch,
  known: ReadonlySet<string>,
): Promise<Batch> {
  const where = { ...db, session };
  const found = await readPending(where, BATCH_LIMIT);
  const taken = upToLimit(found);
  const refused = taken.filter(
    (row) => !isSound(row) || !vouch.holds(row) || row.events.some((event) => known.has(event)),
  );
  const sound = taken.filter((row) => !refused.includes(row));
  const events = sound.flatMap((row) => row.events);
  const leaves = sound.flatMap((row) => leavesOf(row.leaves));
  const held = { _id: 'log' as never, holder: fence.holder, epoch: fence.epoch, size };
  const moved = await AuditLogs(where).collection.updateOne(
    held,
    { $set: { size: size + events.length }, $inc: { beat: 1 } },
    { session },
  );
  if (moved.matchedCount !== 1) throw new Fenced('the log was taken over');
  if (taken.length > 0) {
    const tiles = lengthen(await readTiles(where, edgeOf(size)), size, leaves);
    if (events.length > 0) {
      const entries = events.map((event, n) => ({ _id: size + n, event }));
      await AuditEntries(where).collection.insertMany(entries as never[], { session });
      await AuditTiles(where).collection.bulkWrite(
        [...tiles].map(([name, hashes]) => ({
          replaceOne: { filter: { _id: name as never }, replacement: { hashes: Buffer.from(hashes) }, upsert: true },
        })),
        { session },
      );
    }
    await AuditPending(where).collection.deleteMany(
      { _id: { $in: taken.map(({ _id }) => _id) as never[] } },
      { session },
    );
  }
  return {
    size: size + events.length,
    events: events.length,
    full: taken.length < found.length || found.length === BATCH_LIMIT,
    refused: refused.map(({ _id }) => String(_id)),
  };
}

/** Whole acts, so that the events of one stand side by side. */
function upToLimit(rows: readonly PendingRow[]): PendingRow[] {
  const taken: PendingRow[] = [];
  let events = 0;
  for (const row of rows) {
    if (events >= BATCH_LIMIT) break;
    taken.push(row);
    events += Array.isArray(row.events) ? row.events.length : 0;
  }
  return taken;
}

const isSound = ({ events, leaves }: PendingRow): boolean =>
  Array.isArray(events) &&
  events.length > 0 &&
  events.every((event) => typeof event === 'string') &&
  new Set(events).size === events.length &&
  leaves instanceof Uint8Array &&
  leaves.length === events.length * HASH_LENGTH;

/** Which of those that wait have a place already. @throws LogDamaged when it is the places that are taken */
async function placed(db: Db, session: ClientSession, size: number): Promise<Set<string>> {
  const where = { ...db, session };
  const beyond = await AuditEntries(where).collection.findOne({ _id: { $gte: size as never } }, { session });
  if (beyond) throw new LogDamaged(`the log ends at ${size}, but index ${String(beyond._id)} is taken`);
  const waiting = upToLimit(await readPending(where, BATCH_LIMIT)).filter(isSound);
  const ids = waiting.flatMap(({ events }) => events);
  const twice = ids.filter((id, n) => ids.indexOf(id) !== n);
  const entries = await AuditEntries(where)
    .collection.find({ event: { $in: ids } }, { session })
    .toArray();
  return new Set([...twice, ...entries.map((entry) => String(entry['event']))]);
}

async function inTransaction<T>(db: Db, work: (session: ClientSession) => Promise<T>): Promise<T> {
  const session = await db.connection.startSession();
  try {
    session.startTransaction(TRANSACTION);
    const result = await work(session);
    await session.commitTransaction();
    return result;
  } catch (error) {
    if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
    throw error;
  } finally {
    await session.endSession();
  }
}
