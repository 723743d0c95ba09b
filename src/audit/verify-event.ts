import { canonicalJson } from '../kernel/canonical.js';
import { commitment } from './commitment.js';
import { leafHash } from './leaf-hash.js';
import type { AuditEvent, EventRow, Opening } from './words.js';

/** What can be wrong with one stored event. */
export const FAULTS = [
  'leaf_hash', // the bytes are not those that were hashed
  'unreadable', // the bytes are no event in canonical form, so nobody could have hashed the same from its meaning
  'lookup_field', // a field beside the bytes says something else than the bytes: the event is found under a lie
  'opening', // an opening does not fit its commitment, or there is no commitment for it
] as const;
export type Fault = (typeof FAULTS)[number];

/**
 * Checks one stored event against itself, trusting nothing but its leaf hash; that the leaf is in the log is the tree's part.
 *
 * @returns the faults found, none for an intact event
 */
export function verifyEvent(row: EventRow, openings: readonly Opening[] = []): Fault[] {
  const faults: Fault[] = [];
  if (!leafHash(row.bytes).equals(row.leafHash)) faults.push('leaf_hash');
  const event = readEvent(row.bytes);
  if (event === undefined) return [...faults, 'unreadable'];
  if (!lookupFieldsFit(row, event)) faults.push('lookup_field');
  if (!openings.every((opening) => openingFits(event, opening))) faults.push('opening');
  return faults;
}

/** The event in the bytes, or undefined when they are not one in canonical form. */
export function readEvent(bytes: Uint8Array): AuditEvent | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return isEvent(value) && canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEvent(value: unknown): value is AuditEvent {
  if (!isObject(value)) return false;
  const { version, id, at, actor, action, result, facts, commitments, requestId } = value;
  return (
    Number.isInteger(version) &&
    [id, at, action, result, requestId].every((field) => typeof field === 'string') &&
    isObject(actor) &&
    [actor['kind'], actor['id']].every((field) => typeof field === 'string') &&
    Array.isArray(actor['roles']) &&
    isObject(facts) &&
    isObject(commitments) &&
    Object.values(commitments).every((commitment) => typeof commitment === 'string')
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function lookupFieldsFit(row: EventRow, event: AuditEvent): boolean {
  return (
    row._id === event.id &&
    row.at instanceof Date &&
    row.at.getTime() === Date.parse(event.at) &&
    row.actor === event.actor.id &&
    row.action === event.action &&
    row.caseId === event.caseId &&
    row.accountId === event.accountId &&
    row.result === event.result
  );
}

export function openingFits(event: AuditEvent, { field, salt, value }: Opening): boolean {
  const { commitments } = event;
  return Object.hasOwn(commitments, field) && commitments[field] === commitment(salt, value);
}
