import type { Db } from '../kernel/mongo.js';
import { AuditEvents } from './store.js';
import { readEvent } from './verify-event.js';
import type { AuditEvent } from './words.js';

/** What was recorded of a case under these actions, by (at, id); what cannot be read any more is left out. For checks. */
export async function eventsOfCase(db: Db, caseId: string, actions: readonly string[]): Promise<readonly AuditEvent[]> {
  const rows = await AuditEvents(db)
    .collection.find({ caseId, action: { $in: [...actions] } }, { promoteBuffers: true })
    .sort({ at: 1, _id: 1 })
    .toArray();
  return rows.flatMap((row) => readable(row['bytes']));
}

/** Everything that was recorded under one action, by (at, id). For checks. */
export async function* eventsOfAction(db: Db, action: string): AsyncGenerator<AuditEvent> {
  const rows = AuditEvents(db).collection.find({ action }, { promoteBuffers: true, batchSize: 500 });
  for await (const row of rows.sort({ at: 1, _id: 1 })) yield* readable(row['bytes']);
}

function readable(bytes: unknown): AuditEvent[] {
  const event = bytes instanceof Uint8Array ? readEvent(bytes) : undefined;
  return event ? [event] : [];
}
