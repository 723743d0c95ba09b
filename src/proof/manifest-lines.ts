import { canonical } from './canonical.js';
import { Fault } from './fault.js';

export const MANIFEST_FORMAT = 'firebreak-evidence-manifest/1';

interface Handler {
  readonly kind: string;
  readonly id: string;
}

/** What a manifest says before the first piece of evidence. Instants are RFC 3339, UTC. */
export interface ManifestHeader {
  readonly format: string;
  readonly caseId: string;
  readonly caseNumber: string;
  readonly madeAt: string;
  readonly madeBy: Handler;
  readonly reason: string;
  /** The log whose key signs. */
  readonly log: string;
  /** Its public keys, oldest first. */
  readonly keys: readonly string[];
  /** Signed notes in which a key names the next. */
  readonly successions: readonly string[];
}

export interface ManifestEvidence {
  readonly evidenceId: string;
  /** The sender's own words. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Of the bytes as they came, lower-case hex. */
  readonly sha256: string;
  readonly type: string;
  readonly declaredType: string | null;
  readonly addedAt: string;
  readonly addedBy: Handler;
  readonly scan: string;
  readonly scannedAt: string | null;
  /** `erased`: the bytes are gone, and this line is what is left of them. */
  readonly original: string;
  /** When the bytes were last read through and found to be these; null when they are gone. */
  readonly readThroughAt: string | null;
}

export interface ManifestCustody {
  readonly act: string;
  readonly by: Handler;
  readonly at: string;
  readonly reason: string;
  readonly sha256: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** One line for machines; what people read stands above it and says the same. */
export type ManifestLine =
  | { readonly header: ManifestHeader }
  | { readonly evidence: ManifestEvidence; readonly number: number }
  | { readonly custody: readonly ManifestCustody[]; readonly evidenceId: string };

/** Control, format and bidirectional characters, that would make a page show other than what stands there; by UTF-16 unit. */
const UNSEEN =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\udb40]|(?<=\udb40)[\udc00-\udfff]/g;

const seen = (text: string): string =>
  text.replace(UNSEEN, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Somebody's own words, so that they cannot pass for ours. */
const quoted = (text: string): string => seen(JSON.stringify(text));

/** A line as it stands in a manifest: for people, then for machines. */
export const formatManifestLine = (line: ManifestLine): string =>
  `${textOf(line)
    .map((one) => `${one}\n`)
    .join('')}${seen(canonical(line))}\n`;

/** @throws Fault `unreadable` */
export function parseManifestLine(text: string): ManifestLine {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    throw new Fault('unreadable', 'not JSON');
  }
  if (!isLine(line)) throw new Fault('unreadable', 'not a line of a manifest');
  return line;
}

function textOf(line: ManifestLine): readonly string[] {
  if ('header' in line) return headText(line.header);
  if ('evidence' in line) return evidenceText(line.evidence, line.number);
  return ['    保管记录 / Custody', ...line.custody.map(custodyText), ''];
}

const headText = ({ format, caseId, caseNumber, madeAt, madeBy, reason }: ManifestHeader) => [
  `Firebreak 证据清单 / Evidence manifest (${format})`,
  '',
  `案件 / Case      ${caseNumber} (${caseId})`,
  `制作 / Made      ${madeAt}, ${handler(madeBy)}`,
  `理由 / Reason    ${quoted(reason)}`,
  '',
  '时间均为 UTC。以 { 开头的行供机器读取，内容与其上方文字相同。核对：firebreak evidence verify 本文件 [证据文件…]',
  'Times are UTC. A line that begins with { says for machines what stands above it. To check this file, and files against it:',
  'firebreak evidence verify THIS-FILE [FILE...]',
  '',
];

const evidenceText = (one: ManifestEvidence, number: number) => [
  '',
  `[${number}] ${quoted(one.name)}`,
  `    编号 / Id            ${one.evidenceId}`,
  `    SHA-256              ${one.sha256}`,
  `    大小 / Size          ${one.size} bytes`,
  `    类型 / Type          ${one.type}${one.declaredType === null ? '' : `; 发送者称 / the sender said ${quoted(one.declaredType)}`}`,
  `    收到 / Received      ${one.addedAt}, ${handler(one.addedBy)}`,
  `    扫描 / Virus scan    ${one.scan}${one.scannedAt === null ? '' : `, ${one.scannedAt}`}`,
  `    原件 / Original      ${one.original}${one.readThroughAt === null ? '' : `; 最近核验无误 / last read and found unchanged ${one.readThroughAt}`}`,
  '',
];

const custodyText = (event: ManifestCustody): string =>
  [
    `    ${event.at}  ${event.act.padEnd(18)} ${handler(event.by)}`,
    `之前 / before: ${hash(event.before, event.sha256)}`,
    `之后 / after: ${hash(event.after, event.sha256)}`,
    quoted(event.reason),
  ].join('  ');

/** Null is "no bytes there" and "not read" alike. */
const hash = (found: string | null, onRecord: string): string =>
  found === null ? '-' : found === onRecord ? '一致 / as received' : found;

const handler = ({ kind, id }: Handler): string => `${kind} ${quoted(id).slice(1, -1)}`;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isHandler = (value: unknown) => isObject(value) && isText(value['kind']) && isText(value['id']);
const isHash = (value: unknown) => isText(value) && /^[0-9a-f]{64}$/.test(value);
const orNull = (value: unknown, is: (value: unknown) => boolean) => value === null || is(value);
const areTexts = (value: unknown) => Array.isArray(value) && value.every(isText);

function isLine(value: unknown): value is ManifestLine {
  if (!isObject(value)) return false;
  const { header, evidence, custody } = value;
  if (isObject(header)) return isHeader(header);
  if (isObject(evidence)) return Number.isSafeInteger(value['number']) && isEvidence(evidence);
  return isText(value['evidenceId']) && Array.isArray(custody) && custody.every(isCustody);
}

const isHeader = (it: Record<string, unknown>): boolean =>
  it['format'] === MANIFEST_FORMAT &&
  ['caseId', 'caseNumber', 'madeAt', 'reason', 'log'].every((name) => isText(it[name])) &&
  isHandler(it['madeBy']) &&
  areTexts(it['keys']) &&
  areTexts(it['successions']);

const isEvidence = (it: Record<string, unknown>): boolean =>
  ['evidenceId', 'name', 'type', 'addedAt', 'scan', 'original'].every((name) => isText(it[name])) &&
  ['declaredType', 'scannedAt', 'readThroughAt'].every((name) => orNull(it[name], isText)) &&
  Number.isSafeInteger(it['size']) &&
  isHash(it['sha256']) &&
  isHandler(it['addedBy']);

const isCustody = (it: unknown): boolean =>
  isObject(it) &&
  ['act', 'at', 'reason'].every((name) => isText(it[name])) &&
  isHandler(it['by']) &&
  isHash(it['sha256']) &&
  orNull(it['before'], isHash) &&
  orNull(it['after'], isHash);
