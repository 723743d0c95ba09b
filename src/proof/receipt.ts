import { fromBase64, toBase64 } from './bytes.js';
import { Fault } from './fault.js';
import { HASH_LENGTH } from './merkle.js';
import { parseNote, type VerifierKey, verifyNote } from './note.js';
import type { Primitives } from './primitives.js';

/** What the log promised to hold, when the act was done. */
export interface Receipt {
  readonly origin: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** Leaf hashes of the act's events, in their order. */
  readonly leaves: readonly Uint8Array[];
}

/** Its first line is never that of a checkpoint, so that neither can be passed off as the other. */
const HEADER = 'firebreak/receipt/v1';

export const receiptText = ({ origin, at, leaves }: Receipt): string =>
  [HEADER, origin, at, ...leaves.map((leaf) => toBase64(leaf)), ''].join('\n');

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
  const leaves = rest.map(fromBase64);
  if (leaves.some(({ length }) => length !== HASH_LENGTH)) throw new Fault('unreadable', 'not a receipt');
  await verifyNote(
    primitives,
    note,
    logKeys.filter(({ name }) => name === origin),
  );
  return { origin, at, leaves };
}
