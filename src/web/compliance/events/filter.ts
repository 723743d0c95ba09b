import type { Body } from '../../ground/client.js';

/** What is looked for, as the address and the form hold it: texts; `from` and `to` are instants in UTC. */
export type Filter = Readonly<Partial<Record<FilterName, string>>>;

export const FILTER_NAMES = [
  'actor',
  'role',
  'action',
  'caseId',
  'accountId',
  'result',
  'sourceAddress',
  'text',
  'from',
  'to',
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

type SearchBody = Body<'searchAuditEvents'>;

export const filterOf = (values: Readonly<Record<string, string | undefined>>): Filter =>
  Object.fromEntries(FILTER_NAMES.flatMap((name) => (values[name] ? [[name, values[name].trim()]] : [])));

/** What no index answers, so that events must be looked through. */
export const isSearch = ({ role, text, sourceAddress }: Filter): boolean => Boolean(role || text || sourceAddress);

/** The form takes only values that the API knows; one that a hand wrote into the address the API refuses in words. */
export const bodyOf = (filter: Filter): SearchBody => filter as SearchBody;

/** `2026-11-28T09:30` in the reader's zone, as `<input type="datetime-local">` has it; and back. */
export function localOf(instant: string | undefined): string {
  const at = new Date(instant ?? '');
  if (Number.isNaN(at.getTime())) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

export function instantOf(local: string | undefined): string | undefined {
  const at = new Date(local ?? '');
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
