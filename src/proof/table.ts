import type { EventContent, EventLine } from './bundle-lines.js';

const COLUMNS = [
  'index',
  'at',
  'actor kind',
  'actor',
  'roles',
  'action',
  'result',
  'case',
  'account',
  'target kind',
  'target',
  'request',
  'facts',
  'personal data',
  'event',
] as const;

/** With the mark that tells spreadsheets that this is UTF-8. */
export const tableHead = `\uFEFF${COLUMNS.map(cell).join(',')}\r\n`;

/** One event as a line of CSV (RFC 4180); its form follows from the event alone, so that it can be held to it. */
export const tableRow = ({ index, event, openings }: EventLine): string =>
  `${[String(index), ...about(event), personal(openings), event.id].map(cell).join(',')}\r\n`;

const about = (event: EventContent): string[] => [
  event.at,
  event.actor.kind,
  event.actor.id,
  event.actor.roles.join(' '),
  event.action,
  event.result,
  event.caseId ?? '',
  event.accountId ?? '',
  event.target?.kind ?? '',
  event.target?.id ?? '',
  event.requestId,
  JSON.stringify(event.facts),
];

const personal = (openings: EventLine['openings']): string =>
  openings ? JSON.stringify(Object.fromEntries(openings.map(({ field, value }) => [field, value]))) : '';

/**
 * What a spreadsheet would take for a formula gets an apostrophe in front, and a cell stays on its line.
 * Source: OWASP, CSV Injection
 */
function cell(value: string): string {
  const flat = String(value).replace(/[\r\n\u2028\u2029\0]+/g, ' ');
  const safe = /^\s*[=+\-@\t|%]/.test(flat) ? `'${flat}` : flat;
  return `"${safe.replaceAll('"', '""')}"`;
}
