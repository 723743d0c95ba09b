import { read } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { firstFrame, needsFirstFrame } from './first-frame.js';
import { type Ended, LimitedProcess } from './limited-process.js';
import { framed } from './previewer/frame.js';
import {
  AHEAD,
  type FileFacts,
  type Previewable,
  type PreviewFailure,
  type PreviewForm,
  type PreviewHeader,
  type PreviewRequest,
  type Region,
  TAKEN,
} from './previewer/words.js';
import { type ScratchFile, scratchFile } from './scratch-file.js';
import { Standby } from './standby.js';
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
  /** Has a process load while the file is still on its way. */
  expect(type: EvidenceType): void;
  preview(file: ScratchFile, of: PreviewOf): Promise<Preview>;
  /** Ends the process that waits for the next picture. */
  close(): void;
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
  const start: Start = (fd, ...options) =>
    new LimitedProcess(
      [process.execPath, ...nodeFlags(limits.megabytes), PROGRAM, ...options],
      { ...limits, answerBytes: ANSWER_BYTES },
      fd,
    );
  const standby = new Standby(() => start(undefined, AHEAD));
  return {
    expect: (type) => {
      if (isShownAsImage(type)) standby.prepare();
    },
    preview: (file, of) => turns.take(() => preview(file, of, { limits, start, standby })),
    close: () => standby.close(),
  };
}

type Start = (fd?: number, ...options: readonly string[]) => LimitedProcess;

interface Means {
  readonly limits: PreviewerLimits;
  readonly start: Start;
  readonly standby: Standby;
}

async function preview(file: ScratchFile, of: PreviewOf, means: Means): Promise<Preview> {
  if (needsFirstFrame(of.type)) return previewFrame(file, of, means);
  const type = AS[of.type];
  if (type === undefined) return { failed: 'unsupported' };
  const streamed = type === 'application/zip';
  if (file.size > (streamed ? MAX_STREAMED_BYTES : MAX_FILE_BYTES)) return { failed: 'too-large' };
  const work = { ...requestOf(type, of), bytes: streamed ? 0 : file.size };
  if (isShownAsImage(type)) return previewPicture(file, work, means);
  return answerOf(await means.start(streamed ? file.fd : undefined).work(handOver(work, file)));
}

async function previewFrame(file: ScratchFile, of: PreviewOf, means: Means): Promise<Preview> {
  const frame = await firstFrame(of.type, file.fd, FRAME_SIDE, means.limits);
  if ('failed' in frame) return { failed: frame.failed === 'crashed' ? 'damaged' : frame.failed };
  const png = await scratchFile(only(frame.bytes));
  try {
    return await previewPicture(png, { ...requestOf('image/png', of), bytes: png.size }, means);
  } finally {
    await png.close();
  }
}

/** By the process that waits, if one does. One that crashed before it had the file did not die of it: another is started. */
async function previewPicture(file: ScratchFile, work: PreviewRequest, { start, standby }: Means): Promise<Preview> {
  const waited = standby.take();
  try {
    const ended = await waited?.work(handOver(work, file));
    const untouched = ended && 'failed' in ended && ended.failed === 'crashed' && waited?.heard === 0;
    return answerOf(ended && !untouched ? ended : await start().work(handOver(work, file)));
  } finally {
    standby.prepare();
  }
}

const requestOf = (type: Previewable, { charset, redact }: PreviewOf): Omit<PreviewRequest, 'bytes'> => ({
  work: redact ? 'redact' : 'preview',
  type,
  ...(charset === undefined ? {} : { charset }),
  ...(redact === undefined ? {} : { regions: redact }),
});

const PART_BYTES = 1024 * 1024;
const readFrom = promisify(read);

async function* handOver(request: PreviewRequest, { fd }: ScratchFile): AsyncGenerator<Uint8Array> {
  yield framed(request);
  for (let at = 0; at < request.bytes; ) {
    const { buffer, bytesRead } = await readFrom(fd, Buffer.allocUnsafe(PART_BYTES), 0, PART_BYTES, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
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
function answerOf(ended: Ended): Preview {
  if ('failed' in ended) return ended;
  const bytes = ended.bytes.subarray(TAKEN.length);
  const length = bytes.length < 4 ? Number.POSITIVE_INFINITY : bytes.readUInt32BE(0);
  if (length > bytes.length - 4) return { failed: 'crashed' };
  const header = JSON.parse(bytes.toString('utf8', 4, 4 + length)) as PreviewHeader;
  return 'failed' in header ? header : { ...header, bytes: bytes.subarray(4 + length) };
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
