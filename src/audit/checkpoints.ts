import type { Db } from '../kernel/mongo.js';
import { AuditCheckpoints, type CheckpointRow, newestCheckpoint } from './log-store.js';

/** A checkpoint as it is handed out: the note, then the signatures that witnesses added. */
export const noteOf = ({ note, cosignatures }: CheckpointRow): string => `${note}${(cosignatures ?? []).join('')}`;

/** How many of the newest checkpoints are looked through for one that witnesses have signed. */
const LOOK_BACK = 300;

/**
 * The checkpoint to prove the event at `index` by: the newest that witnesses have signed too, or else the newest.
 * Undefined when none covers the event yet.
 */
export async function checkpointCovering(db: Db, index: number): Promise<CheckpointRow | undefined> {
  const newest = await newestCheckpoint(db);
  if (!newest || newest._id <= index) return undefined;
  const rows = (await AuditCheckpoints(db)
    .collection.find({ _id: { $gt: index as never } }, { promoteBuffers: true })
    .sort({ _id: -1 })
    .limit(LOOK_BACK)
    .toArray()) as unknown as CheckpointRow[];
  return rows.find(({ cosignatures }) => (cosignatures ?? []).length > 0) ?? newest;
}
