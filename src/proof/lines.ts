import { concat } from './bytes.js';
import { Fault } from './fault.js';

/** Longest line, in bytes. An event has a few hundred; what is longer was not written by us. */
export const LONGEST_LINE = 4 * 1_048_576;

const LINE_FEED = 0x0a;

/** Cuts pieces of a file into lines, each with its line feed; a last line without one is refused. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for await (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, start)) {
      const line = piece.subarray(start, end + 1);
      yield rest.length > 0 ? concat(rest, line) : line;
      rest = new Uint8Array();
      start = end + 1;
    }
    if (start < piece.length) rest = concat(rest, piece.subarray(start));
    if (rest.length > LONGEST_LINE) throw new Fault('unreadable', 'a line without an end');
  }
  if (rest.length > 0) throw new Fault('unreadable', 'cut off in the middle of a line');
}
