import type { AuditDraft, JsonValue } from '../kernel/audit-draft.js';
import type { EventFilter, Position } from './store.js';
import type { EventRow } from './words.js';

/** Somebody was given one page of the log: what they asked for, and which events they saw. */
export const pageRead = (filter: EventFilter, after: Position | undefined, rows: readonly EventRow[]): AuditDraft => ({
  action: 'audit.page-read',
  facts: {
    filter: filterFacts(filter),
    events: rows.length,
    ...(after && { after: after.id }),
    ...(rows[0] && { newest: rows[0]._id }),
    ...(rows.length > 0 && { oldest: rows[rows.length - 1]?._id ?? null }),
  },
});

/** Somebody looked through the log. What they looked for may name people, so it stands there as a commitment. */
export const searched = (
  filter: Record<string, string | Date | undefined>,
  { text, sourceAddress }: { text?: string | undefined; sourceAddress?: string | undefined },
  about: {
    after: Position | undefined;
    queryId: string | undefined;
    lookedThrough: number;
    rows: readonly EventRow[];
  },
): AuditDraft => ({
  action: 'audit.searched',
  facts: {
    filter: filterFacts(filter),
    events: about.rows.map(({ _id }) => _id),
    lookedThrough: about.lookedThrough,
    ...(about.after && { after: about.after.id }),
    ...(about.queryId !== undefined && { queryId: about.queryId }),
  },
  personal: {
    ...(text !== undefined && { soughtText: text }),
    ...(sourceAddress !== undefined && { soughtAddress: sourceAddress }),
  },
});

/** Somebody was given what deserves a look, by these measures. */
export const anomaliesListed = (measures: object, lookedThrough: number, found: number): AuditDraft => ({
  action: 'audit.anomalies-listed',
  facts: { measures: filterFacts(measures), lookedThrough, found },
});

const filterFacts = (filter: object): Record<string, JsonValue> =>
  Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]): [string, JsonValue][] =>
      value === undefined ? [] : [[name, value instanceof Date ? value.toISOString() : value]],
    ),
  );

/** Somebody was shown one event with the personal data that its openings still hold. */
export const eventRead = (row: EventRow, openedFields: readonly string[]): AuditDraft => ({
  action: 'audit.event-read',
  target: { kind: 'event', id: row._id },
  facts: { opened: openedFields },
});
