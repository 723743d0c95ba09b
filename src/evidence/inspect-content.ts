import { fileTypeFromBuffer } from 'file-type';
import { TextProbe, textContent } from './inspect-text.js';
import type { Content, EvidenceType } from './words.js';

/** Bytes kept for recognising the type: enough for every signature on the list and for a mail's header. */
const HEAD_BYTES = 64 * 1024;

/** How file-type names what is on our list. */
const KNOWN: Readonly<Record<string, EvidenceType>> = {
  'image/jpeg': 'image/jpeg',
  'image/webp': 'image/webp',
  'image/gif': 'image/gif',
  'image/heic': 'image/heic',
  'image/heic-sequence': 'image/heic',
  'image/heif': 'image/heic',
  'image/heif-sequence': 'image/heic',
  'video/mp4': 'video/mp4',
  'video/x-m4v': 'video/mp4',
  'video/webm': 'video/webm',
};

/** Watches the bytes of one file go by and says what they are. */
export class ContentInspector {
  readonly #head: Uint8Array[] = [];
  readonly #text = new TextProbe();
  #headBytes = 0;
  #bytes = 0;

  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    this.#text.push(chunk);
    if (this.#headBytes >= HEAD_BYTES) return;
    const part = chunk.slice(0, HEAD_BYTES - this.#headBytes); // a copy: the sender's buffer is used again
    this.#head.push(part);
    this.#headBytes += part.length;
  }

  /** Undefined when the bytes are nothing on the list. Call once, after the last chunk. */
  async conclude(): Promise<Content | undefined> {
    const head = Buffer.concat(this.#head);
    if (isPng(head)) return { type: 'image/png' };
    if (isPdf(head)) return { type: 'application/pdf' };
    if (isZip(head)) return { type: 'application/zip' };
    const charset = this.#text.conclude();
    if (charset !== undefined) return textContent(head, charset, this.#bytes === head.length);
    const type = KNOWN[(await signatureOf(head)) ?? ''];
    return type === undefined ? undefined : { type };
  }
}

/** By its signature alone: telling an animation apart would need chunks that may lie behind the head. */
const isPng = (head: Buffer): boolean => head.subarray(0, 8).toString('latin1') === '\x89PNG\r\n\x1a\n';

const isPdf = (head: Buffer): boolean => head.subarray(0, 5).toString('latin1') === '%PDF-';

/** Any ZIP, whatever it holds: it is kept and listed, never unpacked. The second form is the empty archive. */
const isZip = (head: Buffer): boolean => ['PK\x03\x04', 'PK\x05\x06'].includes(head.subarray(0, 4).toString('latin1'));

async function signatureOf(head: Buffer): Promise<string | undefined> {
  try {
    return (await fileTypeFromBuffer(head))?.mime;
  } catch {
    return undefined; // broken on purpose or cut off: nothing we know
  }
}
