import { canonical } from './canonical.js';
import { Fault } from './fault.js';

export const BUNDLE_FORMAT = 'firebreak-audit-bundle/1';

/** What a bundle says that it holds: the whole log, or what of it concerns a case, a time, an event. */
export type Scope =
  | { readonly kind: 'log' }
  | { readonly kind: 'case'; readonly caseId: string; readonly from?: string; readonly to?: string }
  | { readonly kind: 'time'; readonly from?: string; readonly to?: string };

/** First line. */
export interface BundleHeader {
  readonly format: string;
  readonly scope: Scope;
  /** Signed note. */
  readonly checkpoint: string;
  /** Public keys of the log, oldest first. */
  readonly keys: readonly string[];
  /** Signed notes in which a key names the next. */
  readonly successions: readonly string[];
}

export interface OpeningLine {
  readonly field: string;
  /** Base64. */
  readonly salt: string;
  readonly value: string;
}

/** What is read of an event; the rest of it is hashed and shown as it is. */
export interface EventContent {
  readonly id: string;
  readonly at: string;
  readonly actor: { readonly kind: string; readonly id: string; readonly roles: readonly string[] };
  readonly action: string;
  readonly caseId?: string;
  readonly accountId?: string;
  readonly target?: { readonly kind: string; readonly id: string };
  readonly result: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly commitments: Readonly<Record<string, string>>;
  readonly requestId: string;
}

/** One line between the first and the last. */
export interface EventLine {
  readonly index: number;
  readonly event: EventContent;
  readonly openings?: readonly OpeningLine[];
  /** Base64 of the hashes from the leaf to the root; missing where the bundle is the whole log. */
  readonly proof?: readonly string[];
}

/** Last line. */
export interface BundleEnd {
  readonly events: number;
  /** Base64 of SHA-256 over all lines before. */
  readonly digest: string;
}

export const formatHeader = (header: BundleHeader): string => `${canonical(header)}\n`;
export const formatEnd = (end: BundleEnd): string => `${canonical(end)}\n`;

/** `event` is the canonical text that was hashed into the log. */
export function formatEvent(event: string, { index, openings, proof }: Omit<EventLine, 'event'>): string {
  const beside = `${openings ? `,"openings":${canonical(openings)}` : ''}${proof ? `,"proof":${canonical(proof)}` : ''}`;
  return `{"event":${event},"index":${index}${beside}}\n`;
}

/** @throws Fault `unreadable` */
export function parseHeader(line: string): BundleHeader {
  const header = parseCanonical(line) as Partial<BundleHeader>;
  const { format, scope, checkpoint, keys, successions } = header;
  if (format !== BUNDLE_FORMAT) throw new Fault('unreadable', 'not an audit bundle');
  const kind = (scope as Scope | undefined)?.kind;
  if (
    typeof checkpoint !== 'string' ||
    !['log', 'case', 'time'].includes(String(kind)) ||
    (kind === 'case' && typeof (scope as { caseId?: unknown }).caseId !== 'string') ||
    !isTexts(keys) ||
    !isTexts(successions)
  )
    throw new Fault('unreadable', 'the first line of the bundle lacks something');
  return header as BundleHeader;
}

/** The event line and the canonical text of its event; undefined for the last line. @throws Fault `unreadable` */
export function parseEventLine(line: string): { readonly parsed: EventLine; readonly text: string } | undefined {
  const parsed = parseJson(line) as Partial<EventLine> & Partial<BundleEnd>;
  if (parsed.digest !== undefined) return undefined;
  const { index, event, openings, proof } = parsed;
  if (!Number.isSafeInteger(index) || (index as number) < 0 || !isEvent(event))
    throw new Fault('unreadable', 'no event');
  if (openings !== undefined && !(Array.isArray(openings) && openings.every(isOpening)))
    throw new Fault('unreadable', 'openings that are none');
  if (proof !== undefined && !isTexts(proof)) throw new Fault('unreadable', 'a proof that is none');
  const text = canonical(event);
  const again = formatEvent(text, {
    index: index as number,
    ...(openings && { openings }),
    ...(proof && { proof }),
  });
  if (again !== line) throw new Fault('unreadable', 'not as it was written');
  return { parsed: parsed as EventLine, text };
}

/** @throws Fault `unreadable` */
export function parseEnd(line: string): BundleEnd {
  const end = parseCanonical(line) as Partial<BundleEnd>;
  if (!Number.isSafeInteger(end.events) || typeof end.digest !== 'string' || Object.keys(end).length !== 2)
    throw new Fault('unreadable', 'no last line');
  return end as BundleEnd;
}

function parseCanonical(line: string): object {
  const value = parseJson(line);
  if (`${canonical(value)}\n` !== line) throw new Fault('unreadable', 'not as it was written');
  return value;
}

function parseJson(line: string): object {
  try {
    const value: unknown = JSON.parse(line);
    if (isObject(value)) return value;
  } catch {}
  throw new Fault('unreadable', 'not JSON');
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const isOpening = (value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).length === 3 &&
  ['field', 'salt', 'value'].every((name) => typeof value[name] === 'string');

function isEvent(value: unknown): value is EventContent {
  if (!isObject(value)) return false;
  const { actor, facts, commitments } = value;
  return (
    ['id', 'at', 'action', 'result', 'requestId'].every((name) => typeof value[name] === 'string') &&
    isObject(actor) &&
    typeof actor['id'] === 'string' &&
    isTexts(actor['roles']) &&
    isObject(facts) &&
    isObject(commitments) &&
    Object.values(commitments).every((one) => typeof one === 'string')
  );
}
