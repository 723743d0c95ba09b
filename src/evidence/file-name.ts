import { TextDecoder } from 'node:util';
/** Longest file name kept, in bytes of UTF-8. File systems end at 255; a longer one comes from a broken client. */
export const MAX_NAME_BYTES = 512;

/**
 * The file name as its sender meant it: parsers hand UTF-8 names over as latin1, one character a byte.
 *
 * What is no UTF-8, or holds characters beyond latin1 (an RFC 5987 `filename*`), stays as it came.
 */
export function decodeFileName(raw: string): string {
  const text = [...raw].every((character) => character <= '\u00ff') ? (utf8Of(Buffer.from(raw, 'latin1')) ?? raw) : raw;
  return text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1) || 'unnamed';
}

function utf8Of(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Control and format characters (bidirectional overrides among them), separators of lines, unpaired surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const FORBIDDEN_IN_NAMES = /[\\/:*?"<>|]/g;

/**
 * `Content-Disposition` of a download (RFC 6266): an ASCII name for old clients, the real one percent-encoded (RFC 8187).
 *
 * A name must not lie on the disk of whoever downloads it either, so what could reorder or hide parts of it becomes `_`.
 */
export function attachment(name: string): string {
  const safe = name.replaceAll(UNSAFE, '_').replaceAll(FORBIDDEN_IN_NAMES, '_').replace(/^\.+/, '_') || '_';
  const ascii = safe.replaceAll(/[^\x20-\x7e]|%/gu, '_');
  const encoded = encodeURIComponent(safe).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
