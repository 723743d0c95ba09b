import type { AuditDraft, JsonValue } from '../kernel/audit-draft.js';
import type { EventFilter, Position } from './store.js';
import type { EventRow } from './words.js';

/** Somebody was given one page of the log: what they asked for, and which events they saw. */
export const pageRead = (filter: EventFilter, after: Position | undefined, rows: readonly EventRow[]): AuditDraft => ({
  action: 'audit.page-read',
  facts: {
    filter: Object.fromEntries(
      Object.entries(filter).flatMap(([name, value]): [string, JsonValue][] =>
        value === undefined ? [] : [[name, value instanceof Date ? value.toISOString() : value]],
      ),
    ),
    events: rows.length,
    ...(after && { after: after.id }),
    ...(rows[0] && { newest: rows[0]._id }),
    ...(rows.length > 0 && { oldest: rows[rows.length - 1]?._id ?? null }),
  },
});

/** Somebody was shown one event with the personal data that its openings still hold. */
export const eventRead = (row: EventRow, openedFields: readonly string[]): AuditDraft => ({
  action: 'audit.event-read',
  target: { kind: 'event', id: row._id },
  facts: { opened: openedFields },
});
