import { TextDecoder } from 'node:util';
import type { ActiveContent, Charset, Content, EvidenceType } from './words.js';

/** Bytes below 0x20 that occur in text: tab, line feed, form feed, carriage return, escape. */
const TEXT_CONTROLS = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b]);

/** The opening tags a browser takes for HTML (WHATWG MIME Sniffing, 7.1), and SVG's own. */
const HTML_START =
  /^<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|img|form|meta)[\s>/]/i;
const SVG_START = /^<(?:!doctype svg|svg)[\s>/]/i;
const PROLOGUE = /^(?:\s+|<\?xml[^>]*\?>|<!--[\s\S]*?-->)/i;

const HEADER_LINE = /^[!-9;-~]{1,100}:(?:[ \t]|$)/;
const MAIL_HEADERS = [
  'from',
  'to',
  'date',
  'subject',
  'message-id',
  'received',
  'return-path',
  'mime-version',
  'delivered-to',
];

/** Watches a file go by and says whether all of it, not only its beginning, is text in a charset we know. */
export class TextProbe {
  #decoders: Map<Charset, TextDecoder> | undefined;
  #dead = false;

  push(chunk: Uint8Array): void {
    if (this.#dead || chunk.length === 0) return;
    this.#decoders ??= decodersFor(chunk);
    const wide = this.#decoders.has('utf-16le') || this.#decoders.has('utf-16be');
    if (!wide && chunk.some((byte) => byte < 0x20 && !TEXT_CONTROLS.has(byte))) this.#decoders.clear();
    for (const [charset, decoder] of this.#decoders) this.#feed(charset, () => decoder.decode(chunk, { stream: true }));
    this.#dead = this.#decoders.size === 0;
  }

  /** The charset in which the whole file was text; undefined when it was not. Call once, after the last chunk. */
  conclude(): Charset | undefined {
    if (this.#dead || this.#decoders === undefined) return undefined;
    for (const [charset, decoder] of this.#decoders) this.#feed(charset, () => decoder.decode());
    return [...this.#decoders.keys()][0];
  }

  #feed(charset: Charset, decode: () => string): void {
    try {
      const text = decode();
      if (charset.startsWith('utf-16') && text.includes('\0')) this.#decoders?.delete(charset);
    } catch {
      this.#decoders?.delete(charset);
    }
  }
}

/** UTF-16 only with its byte order mark; else UTF-8, or GB 18030, which Chinese spreadsheets still write. */
function decodersFor(first: Uint8Array): Map<Charset, TextDecoder> {
  const open = (...charsets: Charset[]) =>
    new Map(charsets.map((charset) => [charset, new TextDecoder(charset, { fatal: true })]));
  if (first[0] === 0xff && first[1] === 0xfe) return open('utf-16le');
  if (first[0] === 0xfe && first[1] === 0xff) return open('utf-16be');
  return open('utf-8', 'gb18030');
}

/**
 * What kind of text a file is, from its beginning.
 *
 * @param complete whether `head` is the whole file; only then JSON is proved by parsing it
 */
export function textContent(head: Uint8Array, charset: Charset, complete: boolean): Content {
  const text = new TextDecoder(charset).decode(head);
  const activeContent = activeContentOf(text);
  if (activeContent !== undefined) return { type: 'application/octet-stream', charset, activeContent };
  return { type: kindOf(text, complete), charset };
}

function kindOf(text: string, complete: boolean): EvidenceType {
  if (isMail(text)) return 'message/rfc822';
  if (isJson(text, complete)) return 'application/json';
  return isTable(text, complete) ? 'text/csv' : 'text/plain';
}

function activeContentOf(text: string): ActiveContent | undefined {
  let rest = text;
  for (let prologue = PROLOGUE.exec(rest); prologue !== null; prologue = PROLOGUE.exec(rest))
    rest = rest.slice(prologue[0].length);
  if (SVG_START.test(rest)) return 'svg';
  return HTML_START.test(rest) ? 'html' : undefined;
}

/** A mail begins with header fields, at least two of them such as every mail has (RFC 5322). */
function isMail(text: string): boolean {
  const seen = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    if (line === '') break;
    if (/^[ \t]/.test(line) && seen.size > 0) continue;
    if (!HEADER_LINE.test(line)) break;
    seen.add(line.slice(0, line.indexOf(':')).toLowerCase());
  }
  return MAIL_HEADERS.filter((name) => seen.has(name)).length >= 2;
}

function isJson(text: string, complete: boolean): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  if (!complete) return /^\s*(?:\{\s*"|\[\s*[[{"\d-])/.test(text);
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A table has at least two lines, all with the same number of separators. Quoted line breaks make it plain text. */
function isTable(text: string, complete: boolean): boolean {
  const lines = text.split(/\r?\n/);
  const whole = (complete ? lines : lines.slice(0, -1)).filter((line) => line !== '').slice(0, 50);
  if (whole.length < 2) return false;
  return [',', ';', '\t'].some((separator) => {
    const columns = whole.map((line) => line.replaceAll(/"(?:[^"]|"")*"/g, '').split(separator).length);
    return columns[0]! > 1 && columns.every((count) => count === columns[0]);
  });
}
