/** What may come in as evidence; the type is what the bytes say, never what the sender claims. */
export const EVIDENCE_TYPES = [
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/heic',
  'image/gif',
  'application/pdf',
  'video/mp4',
  'video/webm',
  'text/plain',
  'text/csv',
  'application/json',
  'message/rfc822',
  'application/zip',
  'application/octet-stream',
] as const;
export type EvidenceType = (typeof EVIDENCE_TYPES)[number];

/** Active content: kept, but only ever as opaque bytes of type application/octet-stream. */
export const ACTIVE_CONTENT = ['html', 'svg'] as const;
export type ActiveContent = (typeof ACTIVE_CONTENT)[number];

export const CHARSETS = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030'] as const;
export type Charset = (typeof CHARSETS)[number];

/** What the bytes of a file turned out to be. */
export interface Content {
  readonly type: EvidenceType;
  readonly charset?: Charset;
  readonly activeContent?: ActiveContent;
}

/**
 * `pending`: a scanner will say; `failed`: it was asked and cannot tell. `not-scanned`: there was no scanner when it came. Only a
 * scanner's own word makes anything clean.
 */
export const SCAN_STATES = ['not-scanned', 'pending', 'clean', 'infected', 'failed'] as const;
export type ScanState = (typeof SCAN_STATES)[number];

/**
 * What can be done to a piece of evidence. `downloaded`, `viewed`, `exported` and `shared` say that bytes began to leave,
 * `delivered` that all of them did and had the right hash.
 */
export const CUSTODY_ACTS = [
  'received',
  'listed',
  'scanned',
  'previewed',
  'viewed',
  'downloaded',
  'exported',
  'shared',
  'delivered',
  'redacted',
  'held',
  'released-from-hold',
  'erased',
  'integrity-failed',
  'restored',
] as const;
export type CustodyAct = (typeof CUSTODY_ACTS)[number];

/** How the original is. `key-lost` and `missing` may end: when the master key or the bytes are back. */
export const ORIGINAL_STATES = ['kept', 'damaged', 'missing', 'key-lost', 'erased'] as const;
export type OriginalState = (typeof ORIGINAL_STATES)[number];

/** A person, an anonymous reporter or a part of the system, as it stands in custody records. */
export interface Handler {
  readonly kind: 'person' | 'anonymous' | 'system';
  readonly id: string;
}

/** Why there is no verdict: the first three pass, the others do not. */
export const SCAN_TROUBLES = [
  'scanner-away',
  'scanner-slow',
  'scanner-nonsense',
  'too-large',
  'scanner-error',
] as const;
export type ScanTrouble = (typeof SCAN_TROUBLES)[number];

/** What is known from the scanner. */
export interface Scanning {
  /** When it last gave an answer; null when it never did. */
  readonly at: Date | null;
  /** What answered, with the version of its signatures. */
  readonly engine?: string;
  /** What it found. */
  readonly signature?: string;
  readonly trouble?: ScanTrouble;
}

/** Encrypted bytes in the store, and what opens them. */
export interface ObjectDoc {
  readonly _id: string;
  /** What was received, what we made of it (a preview, a redaction), or a piece of what is still coming. */
  readonly kind: 'original' | 'derivative' | 'part';
  /** `removed`: never belonged to anything, and never will. `erased`: its data key is deleted. */
  readonly state: 'kept' | 'erased' | 'removed';
  readonly caseId: string;
  /** Of the plain bytes, lower-case hex. */
  readonly sha256: string;
  /** Plain bytes. */
  readonly size: number;
  /** Bytes as they lie. */
  readonly storedSize: number;
  /** The wrapped data key; absent once it is deleted. */
  readonly key?: { readonly masterKeyId: string; readonly message: Uint8Array };
  /** The same bytes of the same case come to this object. Only while it is in good order. */
  readonly joinable?: true;
  readonly addedAt: Date;
  /** When it was last read through and was what it should be. */
  readonly checkedAt: Date;
  /** The row of a removed object goes then. */
  readonly expiresAt?: Date;
}

/** One file that somebody gave to a case. Several records may stand on one object: the same bytes sent twice. */
export interface EvidenceDoc {
  readonly _id: string;
  readonly caseId: string;
  readonly reportId?: string;
  readonly objectId: string;
  readonly original: OriginalState;
  /** Of the bytes as they came, lower-case hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** As the sender named it, code point for code point: a label, never a path, never put raw into a header. */
  readonly name: string;
  /** The sender's claim, lower case; absent when none was made. */
  readonly declaredType?: string;
  readonly type: EvidenceType;
  readonly charset?: Charset;
  readonly activeContent?: ActiveContent;
  readonly typeMismatch: boolean;
  readonly scan: ScanState;
  readonly scanning?: Scanning;
  readonly addedBy: Handler;
  readonly addedAt: Date;
}

/** Who had evidence in hand, when, why and with which hash. Written once, never changed. */
export interface CustodyDoc {
  readonly _id: string;
  readonly evidenceId: string;
  readonly caseId: string;
  readonly act: CustodyAct;
  readonly by: Handler;
  readonly at: Date;
  readonly reason: string;
  /** On record for this evidence. */
  readonly sha256: string;
  /** What the bytes were before the act; null when there were none. */
  readonly before: string | null;
  /** What they were found to be by the end of it; null when they were not read, or are gone. */
  readonly after: string | null;
}

/** A claim that says nothing: browsers send it when they do not know. */
const NO_CLAIM = new Set(['', 'application/octet-stream', 'binary/octet-stream']);

/** Kinds of text that one sender calls this and another that; none of them is a lie about the others. */
const TEXT_CLAIMS = new Set([
  'text/plain',
  'text/csv',
  'application/json',
  'message/rfc822',
  'application/vnd.ms-excel',
]);

const SAME_CLAIM: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/heif': 'image/heic',
  'video/x-m4v': 'video/mp4',
  'application/x-zip-compressed': 'application/zip',
  'application/x-pdf': 'application/pdf',
};

const ACTIVE_CLAIMS: Readonly<Record<ActiveContent, ReadonlySet<string>>> = {
  html: new Set(['text/html', 'application/xhtml+xml']),
  svg: new Set(['image/svg+xml']),
};

/** True when the sender claimed a type and the bytes say another. */
export function contradicts(declared: string, content: Content): boolean {
  if (NO_CLAIM.has(declared)) return false;
  if (content.activeContent !== undefined) return !ACTIVE_CLAIMS[content.activeContent].has(declared);
  if (TEXT_CLAIMS.has(content.type)) return !TEXT_CLAIMS.has(declared);
  return (SAME_CLAIM[declared] ?? declared) !== content.type;
}
