import { inside } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import { cursorOf, positionOf } from './cursor.js';
import { searched } from './events.js';
import { matcherOf, type SearchFilter } from './search-words.js';
import { AuditOpenings, findEvents, type Position } from './store.js';
import { readEvent } from './verify-event.js';
import { type EventPageView, eventView } from './view.js';
import type { EventRow, Opening, OpeningsRow } from './words.js';

/** Events that one page looks through at most: what it costs is bounded, however rare what is looked for. */
const LOOKED_THROUGH = 5_000;

/** Events that are read at once. */
const PIECE = 500;

export interface SearchRequest extends SearchFilter {
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** The saved query it comes from. */
  readonly queryId?: string | undefined;
}

/** A filter as JSON says it. */
export interface GivenFilter extends Omit<SearchFilter, 'from' | 'to'> {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export type SearchBody = GivenFilter & Omit<SearchRequest, keyof SearchFilter>;

export interface SearchPageView extends EventPageView {
  /** How many events were looked through for this page. */
  lookedThrough: number;
}

/**
 * Looks through the log, newest first, for what no index answers; the indexed filters narrow what is looked through.
 *
 * @param query  as of `listEvents`; `text` and `sourceAddress` also look into personal data that is not erased
 * @returns what was found and, while there is more to look through, `next`: also when nothing was found yet
 * @throws Problem `cursor_not_valid` (start again without one) · `address_not_valid`
 * Audited as `audit.searched`, in the same transaction; what was looked for is a commitment, because it may be personal.
 */
export async function searchEvents(
  tx: Tx,
  { limit, cursor, queryId, role, text, sourceAddress, from, to, ...exact }: SearchBody,
): Promise<SearchPageView> {
  const indexed = { ...exact, ...(from && { from: new Date(from) }), ...(to && { to: new Date(to) }) };
  const matches = matcherOf({ role, text, sourceAddress });
  const after = cursor === undefined ? undefined : positionOf(cursor);
  const found: EventRow[] = [];
  let lookedThrough = 0;
  let position: Position | undefined = after;
  let more = true;
  while (more && found.length < limit && lookedThrough < LOOKED_THROUGH) {
    const rows = await findEvents(tx, indexed, position, PIECE);
    const opened = text === undefined && sourceAddress === undefined ? new Map() : await openingsOfAll(tx, rows);
    more = rows.length === PIECE;
    for (const row of rows) {
      if (found.length === limit) {
        more = true;
        break;
      }
      lookedThrough += 1;
      position = { at: row.at, id: row._id };
      const event = readEvent(row.bytes);
      if (!event || matches(event, opened.get(row._id) ?? [])) found.push(row); // one that is damaged is never hidden
    }
  }
  tx.record(searched({ ...indexed, role }, { text, sourceAddress }, { after, queryId, lookedThrough, rows: found }));
  return {
    events: found.map((row) => eventView(row)),
    lookedThrough,
    ...(more && position && { next: cursorOf(position) }),
  };
}

async function openingsOfAll(tx: Tx, rows: readonly EventRow[]): Promise<Map<string, readonly Opening[]>> {
  const found = (await AuditOpenings(tx)
    .collection.find({ _id: { $in: rows.map(({ _id }) => _id as never) } }, inside(tx))
    .toArray()) as unknown as OpeningsRow[];
  return new Map(found.map(({ _id, openings }) => [_id, openings]));
}
