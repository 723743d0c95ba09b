import type { Tx } from '../kernel/transact.js';
import { cursorOf, positionOf } from './cursor.js';
import { pageRead } from './events.js';
import { type EventFilter, findEvents } from './store.js';
import { type EventPageView, eventView } from './view.js';

/** What one page holds at most. */
export const PAGE_LIMIT = 200;

export interface PageRequest extends EventFilter {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * Reads one page of the log, newest first.
 *
 * @param query  `from` inclusive, `to` exclusive, both UTC; `cursor` from the page before, with the same filter
 * @returns the events and, when there are older ones, `next`
 * @throws Problem `cursor_not_valid` (start again without one)
 * Audited as `audit.page-read`, in the same transaction: nobody reads unseen.
 */
export async function listEvents(tx: Tx, { limit, cursor, ...filter }: PageRequest): Promise<EventPageView> {
  const after = cursor === undefined ? undefined : positionOf(cursor);
  const found = await findEvents(tx, filter, after, limit + 1);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  tx.record(pageRead(filter, after, rows));
  return {
    events: rows.map((row) => eventView(row)),
    ...(found.length > limit && last && { next: cursorOf({ at: last.at, id: last._id }) }),
  };
}
