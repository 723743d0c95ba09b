import type { Text } from '../kernel/locale.js';
import type { AnomalyKind } from './anomaly-words.js';
import { erasedText } from './erasure-words.js';
import { type Fault, openingFits, readEvent, verifyEvent } from './verify-event.js';
import type { AuditEvent, ErasedMark, EventRow, Opening } from './words.js';

/** One event as compliance reads it; enough for the reader to hash it again. */
export interface EventView {
  id: string;
  /** RFC 3339, UTC. */
  at: string;
  /** What the canonical bytes say; missing when they cannot be read any more. */
  event?: AuditEvent;
  /** Base64 of the canonical bytes. */
  canonical: string;
  /** Base64 of SHA-256(0x00 || canonical bytes). */
  leafHash: string;
  /** Empty for an intact event. */
  faults: readonly Fault[];
}

export interface OpenedEventView extends EventView {
  openings: { field: string; salt: string; value: string; fits: boolean }[];
  /** Fields whose opening an erasure took. */
  erased: { field: string; at: string; erasureId: string; says: Text }[];
  /** Fields that were committed to and whose opening is gone, and no erasure says so. */
  missing: string[];
}

/** What deserves a look: one act, or acts of one person that belong together. */
export interface AnomalyView {
  kind: AnomalyKind;
  personId: string;
  caseId?: string;
  /** RFC 3339, UTC; so is `last`. */
  first: string;
  last: string;
  count: number;
  events: string[];
  says: Text;
}

export interface AnomalyPageView {
  anomalies: AnomalyView[];
  lookedThrough: number;
  next?: string;
}

export interface EventPageView {
  events: EventView[];
  next?: string;
}

export function eventView(row: EventRow, openings: readonly Opening[] = []): EventView {
  const event = readEvent(row.bytes);
  return {
    id: row._id,
    at: row.at.toISOString(),
    ...(event && { event }),
    canonical: base64(row.bytes),
    leafHash: base64(row.leafHash),
    faults: verifyEvent(row, openings),
  };
}

export function openedEventView(
  row: EventRow,
  openings: readonly Opening[],
  marks: readonly ErasedMark[],
): OpenedEventView {
  const view = eventView(row, openings);
  const opened = new Set(openings.map(({ field }) => field));
  const gone = Object.keys(view.event?.commitments ?? {}).filter((field) => !opened.has(field));
  const markOf = new Map(marks.flatMap((mark) => mark.fields.map((field) => [field, mark] as const)));
  return {
    ...view,
    openings: openings.map((opening) => ({
      field: opening.field,
      salt: base64(opening.salt),
      value: opening.value,
      fits: view.event !== undefined && openingFits(view.event, opening),
    })),
    erased: gone.flatMap((field) => {
      const mark = markOf.get(field);
      return mark ? [{ field, at: mark.at.toISOString(), erasureId: mark.erasure, says: erasedText(mark.at) }] : [];
    }),
    missing: gone.filter((field) => !markOf.has(field)),
  };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
