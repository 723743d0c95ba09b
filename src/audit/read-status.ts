import type { Db } from '../kernel/mongo.js';
import { AuditEntries, AuditPending, newestCheckpoint, readLog } from './log-store.js';
import { AuditPublications, type PublicationRow } from './publish-checkpoints.js';
import { AuditEvents } from './store.js';
import { AuditStreams, type StreamRow } from './stream/stream-store.js';

/** How far the log is, and how far behind it everybody outside is; instants are RFC 3339 in UTC. */
export interface LogStatus {
  readonly size: number;
  /** Acts that have no place yet. */
  readonly waiting: number;
  readonly checkpoint: { readonly size: number; readonly at: string } | null;
  readonly witnesses: readonly {
    readonly to: string;
    readonly size: number;
    readonly behind: number;
    readonly at: string;
    readonly failures: number;
    readonly refused: string | null;
  }[];
  readonly streams: readonly {
    readonly to: string;
    readonly sent: number;
    readonly behind: number;
    /** When the oldest event happened that it has not taken. */
    readonly oldest: string | null;
    readonly at: string | null;
    readonly failures: number;
    readonly trouble: string | null;
  }[];
}

/** Also those outside who are not configured any more: what they were given last still counts. */
export async function readStatus(db: Db): Promise<LogStatus> {
  const size = (await readLog(db))?.size ?? 0;
  const newest = await newestCheckpoint(db);
  const outlets = (await AuditPublications(db)
    .collection.find({})
    .sort({ _id: 1 })
    .toArray()) as unknown as PublicationRow[];
  const streams = (await AuditStreams(db).collection.find({}).sort({ _id: 1 }).toArray()) as unknown as StreamRow[];
  return {
    size,
    waiting: await AuditPending(db).collection.countDocuments({}),
    checkpoint: newest ? { size: newest._id, at: newest.at.toISOString() } : null,
    witnesses: outlets.map((row) => ({
      to: row._id,
      size: Math.max(row.size, 0),
      behind: Math.max((newest?._id ?? 0) - Math.max(row.size, 0), 0),
      at: row.at.toISOString(),
      failures: row.failures,
      refused: row.refused,
    })),
    streams: await Promise.all(
      streams.map(async ({ _id, next, at, failures, trouble }) => ({
        to: _id,
        sent: next,
        behind: Math.max(size - next, 0),
        oldest: next < size ? ((await instantAt(db, next))?.toISOString() ?? null) : null,
        at: at?.toISOString() ?? null,
        failures,
        trouble,
      })),
    ),
  };
}

async function instantAt(db: Db, index: number): Promise<Date | undefined> {
  const entry = await AuditEntries(db).collection.findOne({ _id: index as never });
  const event = entry && (await AuditEvents(db).collection.findOne({ _id: entry['event'] as never }));
  return event?.['at'] instanceof Date ? event['at'] : undefined;
}
