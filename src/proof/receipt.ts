import { fromBase64, toBase64 } from './bytes.js';
import { Fault } from './fault.js';
import { HASH_LENGTH } from './merkle.js';
import { parseNote, type VerifierKey, verifyNote } from './note.js';
import type { Primitives } from './primitives.js';

/** One event that the log promised to hold. */
export interface ReceiptedEvent {
  /** The event's id, to ask for its proof by. */
  readonly id: string;
  readonly leaf: Uint8Array;
}

/** What the log promised to hold, when the act was done. */
export interface Receipt {
  readonly origin: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** The act's events, in their order. */
  readonly events: readonly ReceiptedEvent[];
}

/** Its first line is never that of a checkpoint, so that neither can be passed off as the other. */
const HEADER = 'firebreak/receipt/v1';

export const receiptText = ({ origin, at, events }: Receipt): string =>
  [HEADER, origin, at, ...events.map(({ leaf, id }) => `${toBase64(leaf)} ${id}`), ''].join('\n');

/** @throws Fault `unreadable` · `unknown_key` · `signature` */
export async function verifyReceipt(
  primitives: Primitives,
  given: string | Uint8Array,
  logKeys: readonly VerifierKey[],
): Promise<Receipt> {
  const note = parseNote(given);
  const [header, origin = '', at = '', ...rest] = note.text.slice(0, -1).split('\n');
  if (header !== HEADER || !origin || Number.isNaN(Date.parse(at)) || rest.length === 0)
    throw new Fault('unreadable', 'not a receipt');
  const events = rest.map((line) => {
    const [, hash = '', id = ''] = /^(\S+) (\S+)$/.exec(line) ?? [];
    return { id, leaf: fromBase64(hash) };
  });
  if (events.some(({ leaf }) => leaf.length !== HASH_LENGTH)) throw new Fault('unreadable', 'not a receipt');
  await verifyNote(
    primitives,
    note,
    logKeys.filter(({ name }) => name === origin),
  );
  return { origin, at, events };
}
