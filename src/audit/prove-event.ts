import type { Db } from '../kernel/mongo.js';
import { formatProof } from '../proof/index.js';
import { checkpointCovering, noteOf } from './checkpoints.js';
import { indexOf } from './log-store.js';
import { auditProblem } from './problems.js';
import { treeOf } from './tree.js';

/**
 * The proof that an event is in the log, as a file of its own (C2SP tlog-proof).
 *
 * @param entry  the event's bytes, when the reader may have them; they travel as `extra`
 * @throws Problem `event_not_found` when the log has no such event · `not_in_log_yet` (ask again in a second)
 */
export async function proveEvent(db: Db, eventId: string, entry?: Uint8Array): Promise<string> {
  const index = await indexOf(db, eventId);
  if (index === undefined) throw auditProblem(entry ? 'not_in_log_yet' : 'event_not_found', { headers: SOON });
  const checkpoint = await checkpointCovering(db, index);
  if (!checkpoint) throw auditProblem('not_in_log_yet', { headers: SOON });
  const hashes = await treeOf(db).inclusion(index, checkpoint._id);
  return formatProof({ ...(entry && { extra: entry }), index, hashes, checkpoint: noteOf(checkpoint) });
}

const SOON = { 'Retry-After': '1' };
