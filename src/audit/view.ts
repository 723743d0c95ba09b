import { type Fault, openingFits, readEvent, verifyEvent } from './verify-event.js';
import type { AuditEvent, EventRow, Opening } from './words.js';

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
  /** Fields that were committed to and whose opening is gone. */
  erased: string[];
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

export function openedEventView(row: EventRow, openings: readonly Opening[]): OpenedEventView {
  const view = eventView(row, openings);
  const opened = new Set(openings.map(({ field }) => field));
  return {
    ...view,
    openings: openings.map((opening) => ({
      field: opening.field,
      salt: base64(opening.salt),
      value: opening.value,
      fits: view.event !== undefined && openingFits(view.event, opening),
    })),
    erased: Object.keys(view.event?.commitments ?? {}).filter((field) => !opened.has(field)),
  };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
