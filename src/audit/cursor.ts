import { auditProblem } from './problems.js';
import type { Position } from './store.js';

/** Longest cursor there can be, in characters; anything longer is refused before it is decoded. */
export const CURSOR_MAX_LENGTH = 128;

/** Opaque to readers: where a page ended, by what the list is ordered by, so that new events never shift it. */
export const cursorOf = ({ at, id }: Position): string => Buffer.from(`${at.getTime()}.${id}`).toString('base64url');

/** @throws Problem `cursor_not_valid` for anything `cursorOf` did not make */
export function positionOf(cursor: string): Position {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const [, time, id] = /^(\d{1,15})\.(event_[0-9a-f]{24})$/.exec(text) ?? [];
  if (time === undefined || id === undefined || cursorOf({ at: new Date(Number(time)), id }) !== cursor)
    throw auditProblem('cursor_not_valid');
  return { at: new Date(Number(time)), id };
}
