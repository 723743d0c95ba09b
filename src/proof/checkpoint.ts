import { fromBase64, toBase64 } from './bytes.js';
import { Fault } from './fault.js';
import { HASH_LENGTH } from './merkle.js';
import { type Note, parseNote, type VerifierKey, verifyNote } from './note.js';
import type { Primitives } from './primitives.js';

/** The state of a log that somebody vouches for. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** The text that is signed. Source: c2sp.org/tlog-checkpoint, Note text */
export const checkpointText = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${toBase64(root)}\n`;

/** Ours have no extension lines, so one is refused. @throws Fault `unreadable` */
export function readCheckpoint(text: string): Checkpoint {
  const [, origin = '', digits = '', hash = ''] = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([^\n]+)\n$/.exec(text) ?? [];
  const size = Number(digits);
  const root = fromBase64(hash);
  if (!origin || !Number.isSafeInteger(size) || root.length !== HASH_LENGTH)
    throw new Fault('unreadable', 'not a checkpoint');
  return { origin, size, root };
}

export interface VerifiedCheckpoint extends Checkpoint {
  readonly note: Note;
  readonly signers: Awaited<ReturnType<typeof verifyNote>>;
}

/**
 * Reads a checkpoint and holds it to keys of its log; `witnesses` add their names to `signers`.
 * @throws Fault `unreadable` · `unknown_key` · `signature`
 */
export async function verifyCheckpoint(
  primitives: Primitives,
  given: string | Uint8Array,
  logKeys: readonly VerifierKey[],
  witnesses: readonly VerifierKey[] = [],
): Promise<VerifiedCheckpoint> {
  const note = parseNote(given);
  const checkpoint = readCheckpoint(note.text);
  const own = logKeys.filter(({ name }) => name === checkpoint.origin);
  const signers = await verifyNote(primitives, note, [...own, ...witnesses]);
  if (!signers.some(({ key }) => own.includes(key)))
    throw new Fault('unknown_key', 'signed by a witness, but not by a key of the log that is trusted here');
  return { ...checkpoint, note, signers };
}
