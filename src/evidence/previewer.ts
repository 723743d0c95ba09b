import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { firstFrame, needsFirstFrame } from './first-frame.js';
import type { FileFacts, Previewable, PreviewFailure, PreviewForm, PreviewHeader, Region } from './previewer/words.js';
import { runLimited } from './run-limited.js';
import { type ScratchFile, scratchFile } from './scratch-file.js';
import { Turns } from './turns.js';
import type { Charset, EvidenceType } from './words.js';

export interface PreviewOf {
  readonly type: EvidenceType;
  readonly charset?: Charset;
  /** Absent: a preview. */
  readonly redact?: readonly Region[];
}

export type Preview =
  | { readonly made: PreviewForm; readonly facts: FileFacts; readonly bytes: Buffer }
  | { readonly failed: PreviewFailure };

/** Makes what people look at in place of the original, each in a process of its own that may die of it. */
export interface Previewer {
  preview(file: ScratchFile, of: PreviewOf): Promise<Preview>;
}

export interface PreviewerLimits {
  readonly milliseconds: number;
  readonly megabytes: number;
}

/** Run from the sources, as tests are, the built program is started: a loader beside it would need limits of its own. */
const HERE = import.meta.url.endsWith('.ts') ? '../../dist/evidence/' : './';
const PROGRAM = fileURLToPath(new URL(`${HERE}previewer/main.js`, import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const ANSWER_BYTES = 64 * 1024 * 1024;
const FRAME_SIDE = 4_096;

/** Larger ones are opened as originals: the previewer holds a file in memory beside what it makes of it. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** Read from where they lie, a part at a time. */
const MAX_STREAMED_BYTES = 1024 * 1024 * 1024;

const AS: Partial<Record<EvidenceType, Previewable>> = {
  'image/png': 'image/png',
  'image/jpeg': 'image/jpeg',
  'image/webp': 'image/webp',
  'image/heic': 'image/heic',
  'application/pdf': 'application/pdf',
  'text/plain': 'text/plain',
  'text/csv': 'text/plain',
  'application/json': 'text/plain',
  'message/rfc822': 'message/rfc822',
  'application/zip': 'application/zip',
};

/** HTML, SVG and whatever else is only opaque bytes have none. */
export const hasPreview = (type: EvidenceType): boolean => AS[type] !== undefined || needsFirstFrame(type);

/** Pictures can be redacted, and what is shown as one. */
export const isShownAsImage = (type: EvidenceType): boolean =>
  needsFirstFrame(type) || type.startsWith('image/') || type === 'application/pdf';

export function makePreviewer(limits: PreviewerLimits): Previewer {
  const turns = new Turns(Math.max(1, Math.floor(cpus().length / 2)));
  return { preview: (file, of) => turns.take(() => preview(file, of, limits)) };
}

async function preview(file: ScratchFile, of: PreviewOf, limits: PreviewerLimits): Promise<Preview> {
  if (needsFirstFrame(of.type)) return previewFrame(file, of, limits);
  const type = AS[of.type];
  if (type === undefined) return { failed: 'unsupported' };
  if (file.size > (type === 'application/zip' ? MAX_STREAMED_BYTES : MAX_FILE_BYTES)) return { failed: 'too-large' };
  return run(file, { ...of, type }, limits);
}

async function previewFrame(file: ScratchFile, of: PreviewOf, limits: PreviewerLimits): Promise<Preview> {
  const frame = await firstFrame(of.type, file.fd, FRAME_SIDE, limits);
  if ('failed' in frame) return { failed: frame.failed === 'crashed' ? 'damaged' : frame.failed };
  const png = await scratchFile(only(frame.bytes));
  try {
    return await run(png, { ...of, type: 'image/png' }, limits);
  } finally {
    await png.close();
  }
}

async function run(
  { fd }: ScratchFile,
  { type, charset, redact }: Omit<PreviewOf, 'type'> & { type: Previewable },
  { milliseconds, megabytes }: PreviewerLimits,
): Promise<Preview> {
  const request = { work: redact ? 'redact' : 'preview', type, charset, regions: redact };
  const command = [process.execPath, ...nodeFlags(megabytes), PROGRAM, JSON.stringify(request)] as const;
  const ended = await runLimited(command, fd, { milliseconds, megabytes, answerBytes: ANSWER_BYTES });
  return 'failed' in ended ? { failed: ended.failed } : answerOf(ended.bytes);
}

/** Node's own permissions below the kernel's limits: it reads our code and fonts, and starts, writes and changes nothing. */
function nodeFlags(megabytes: number): readonly string[] {
  const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
  const readable = [`${ROOT}dist/*`, `${ROOT}node_modules/*`, `${ROOT}package.json`, '/usr/share/fonts/*'];
  return [
    flag,
    '--allow-addons',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    '--no-warnings',
    `--max-old-space-size=${Math.floor(megabytes / 2)}`,
  ];
}

/** What came out of a process that hostile bytes went into is checked before anybody believes it. */
function answerOf(bytes: Buffer): Preview {
  const length = bytes.length < 4 ? Number.POSITIVE_INFINITY : bytes.readUInt32BE(0);
  if (length > bytes.length - 4) return { failed: 'crashed' };
  const header = JSON.parse(bytes.toString('utf8', 4, 4 + length)) as PreviewHeader;
  return 'failed' in header ? header : { ...header, bytes: bytes.subarray(4 + length) };
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
