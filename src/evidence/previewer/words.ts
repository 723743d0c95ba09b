import type { Charset } from '../words.js';

/** What is too large for memory the process reads here, a part at a time: an open file without a name. */
export const INPUT_FD = 3;

/** And answers here. */
export const ANSWER_FD = 4;

/** How a process is started that pictures will be given to: it loads what they need while it waits. */
export const AHEAD = 'ahead';

/** The first of its answer, before it looks at the file: what ends it from then on may be the file. */
export const TAKEN = new Uint8Array([1]);

/** How a preview shows itself. */
export const PREVIEW_FORMS = ['image', 'text', 'mail', 'archive'] as const;
export type PreviewForm = (typeof PREVIEW_FORMS)[number];

/** Why there is no preview. The previewer says the first five, whoever runs it the rest. */
export const PREVIEW_FAILURES = [
  'damaged',
  'locked',
  'too-many-pixels',
  'too-large',
  'unsupported',
  'timed-out',
  'crashed',
  'no-decoder',
] as const;
export type PreviewFailure = (typeof PREVIEW_FAILURES)[number];

/** A part of the upright picture, in fractions of its width and height, from the upper left. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What the bytes are; the previewer guesses nothing. */
export type Previewable =
  | 'image/png'
  | 'image/jpeg'
  | 'image/webp'
  | 'image/heic'
  | 'application/pdf'
  | 'text/plain'
  | 'message/rfc822'
  | 'application/zip';

/** Comes on standard input, framed, and the file behind it. */
export interface PreviewRequest {
  /** Of the file; none when it lies at `INPUT_FD`. */
  readonly bytes: number;
  readonly work: 'preview' | 'redact';
  readonly type: Previewable;
  readonly charset?: Charset;
  /** To black out, when the work is to redact. */
  readonly regions?: readonly Region[];
}

/** What a file says about itself: claims, that its maker can have set to anything. */
export interface FileFacts {
  /** As the device's clock had it, ISO 8601; with an offset only when the file has one. */
  readonly takenAt?: string;
  /** Degrees, WGS 84. */
  readonly place?: { readonly latitude: number; readonly longitude: number };
  readonly device?: string;
  readonly software?: string;
  /** Pixels of the upright picture. */
  readonly width?: number;
  readonly height?: number;
  /** Of a PDF. */
  readonly pages?: number;
}

export interface TextContent {
  readonly text: string;
  /** Whether the file goes on behind what is shown. */
  readonly truncated: boolean;
}

export interface MailContent extends TextContent {
  /** As they stand in the mail, in their order. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly attachments: readonly {
    readonly name: string;
    readonly type: string;
    readonly size: number;
    readonly sha256: string;
  }[];
}

/** What is wrong with an archive; the first three make it a bomb. */
export const ARCHIVE_WARNINGS = [
  'ratio',
  'overlap',
  'sizes-lie',
  'too-many-entries',
  'nested',
  'path-escape',
  'encrypted',
  'damaged',
] as const;
export type ArchiveWarning = (typeof ARCHIVE_WARNINGS)[number];

export interface ArchiveContent {
  readonly entries: readonly {
    readonly name: string;
    readonly size: number;
    readonly compressedSize: number;
    /** Bytes out for each byte in. */
    readonly ratio: number;
    readonly encrypted: boolean;
  }[];
  /** Entries in all, listed or not. */
  readonly count: number;
  readonly size: number;
  readonly compressedSize: number;
  readonly ratio: number;
  readonly bomb: boolean;
  readonly warnings: readonly ArchiveWarning[];
  readonly truncated: boolean;
}

/** Precedes the bytes in the previewer's answer. */
export type PreviewHeader =
  | { readonly made: PreviewForm; readonly facts: FileFacts }
  | { readonly failed: PreviewFailure };

/** The file is what keeps its preview from being made. */
export class NotPreviewable extends Error {
  readonly because: PreviewFailure;

  constructor(because: PreviewFailure, cause?: unknown) {
    super(because, cause === undefined ? undefined : { cause });
    this.name = 'NotPreviewable';
    this.because = because;
  }
}
