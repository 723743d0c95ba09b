import { TextDecoder } from 'node:util';
import type { Charset } from '../words.js';
import type { TextContent } from './words.js';

/** Characters of a text that are shown; who needs more opens the original. */
export const MAX_CHARACTERS = 100_000;
const MOST_BYTES_A_CHARACTER = 4;

export const readText = (file: Uint8Array, charset: Charset): TextContent => {
  const part = file.subarray(0, MAX_CHARACTERS * MOST_BYTES_A_CHARACTER);
  return shown(new TextDecoder(charset).decode(part), part.length < file.length);
};

/** As much as is shown, with control characters made visible: none may move a cursor or hide what stands beside it. */
export function shown(text: string, more = false): TextContent {
  const cut = text.length > MAX_CHARACTERS;
  const part = cut ? text.slice(0, MAX_CHARACTERS).toWellFormed() : text.toWellFormed();
  return { text: visible(part), truncated: cut || more };
}

/** Control characters become their pictures (U+2400 block); tab and line ends stay. */
export const visible = (text: string): string => text.replaceAll(/(?![\t\n\r])\p{Cc}/gu, pictureOf);

function pictureOf(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}
