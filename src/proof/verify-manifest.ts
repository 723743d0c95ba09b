import { concat, equal, textOf } from './bytes.js';
import { at, Fault } from './fault.js';
import { bundledKeys } from './key-chain.js';
import { linesOf } from './lines.js';
import {
  formatManifestLine,
  type ManifestEvidence,
  type ManifestHeader,
  type ManifestLine,
  parseManifestLine,
} from './manifest-lines.js';
import { parseManifestNote, SIGNATURE_LINE } from './manifest-note.js';
import { parseNote, type VerifierKey, verifyNote } from './note.js';
import type { Primitives } from './primitives.js';

export interface ProvenManifest {
  readonly header: ManifestHeader;
  readonly evidence: number;
  readonly custody: number;
  readonly signedBy: VerifierKey;
  /** Whether `signedBy` is, or follows from, a key that the checker knew. */
  readonly trusted: boolean;
  /** For each hash that was asked about the evidence that has it; none for a file that is not of this case. */
  readonly found: ReadonlyMap<string, readonly ManifestEvidence[]>;
}

export interface ManifestQuestions {
  /** Public keys of the log that the checker knows. Without them the manifest's own are believed, and the result says so. */
  readonly keys?: readonly VerifierKey[] | undefined;
  /** SHA-256, lower-case hex, of files that may be evidence of the case. */
  readonly hashes?: readonly string[];
}

/** Longest text for people that belongs to one line for machines, in bytes. */
const LONGEST_TEXT = 4 * 1_048_576;
const NOTE_LINES = 80;

/**
 * Checks a manifest from its first byte to its last: that a key of the log signed it, that nothing was added, taken out or
 * changed, and that what people read in it is what machines read.
 * @throws Fault at the first thing that is wrong, with its place
 */
export async function verifyManifest(
  primitives: Primitives,
  pieces: AsyncIterable<Uint8Array>,
  { keys, hashes = [] }: ManifestQuestions = {},
): Promise<ProvenManifest> {
  const digest = primitives.digest();
  const found = new Map<string, ManifestEvidence[]>(hashes.map((hash) => [hash, []]));
  const counted = { evidence: 0, custody: 0 };
  let header: ManifestHeader | undefined;
  let current = '';
  const note: string[] = [];
  for await (const { line, text, number } of blocksOf(linesOf(pieces))) {
    const where = `line ${number}`;
    if (text === undefined) {
      note.push(await at(where, () => textOf(line)));
      if (note.length > NOTE_LINES) throw new Fault('unreadable', 'too much after the signature', where);
      continue;
    }
    digest.update(text);
    digest.update(line);
    const parsed = await at(where, () => readBlock(text, line));
    if ('header' in parsed) {
      if (header) throw new Fault('unreadable', 'a second beginning', where);
      header = parsed.header;
    } else if (!header) throw new Fault('unreadable', 'not a manifest of evidence', where);
    else if ('evidence' in parsed) {
      counted.evidence += 1;
      current = parsed.evidence.evidenceId;
      if (parsed.number !== counted.evidence) throw new Fault('order', `expected number ${counted.evidence}`, where);
      found.get(parsed.evidence.sha256)?.push(parsed.evidence);
    } else {
      if (parsed.evidenceId !== current) throw new Fault('order', 'custody of something else', where);
      counted.custody += parsed.custody.length;
    }
  }
  if (!header) throw new Fault('unreadable', 'not a manifest of evidence');
  if (note.length === 0) throw new Fault('unreadable', 'cut off: the signature is missing', 'end');
  const { log, caseId, madeAt } = header;
  const known = await at('keys', () => bundledKeys(primitives, header, keys));
  const signed = await at('signature', () => parseNote(note.join('')));
  const [signer] = await at('signature', () =>
    verifyNote(
      primitives,
      signed,
      known.filter(({ name }) => name === log),
    ),
  );
  const sum = await at('signature', () => parseManifestNote(signed.text));
  if (!equal(sum.digest, await digest.digest())) throw new Fault('digest', 'not the manifest that was signed', 'end');
  if (sum.log !== log || sum.caseId !== caseId || sum.madeAt !== madeAt)
    throw new Fault('scope', 'the signature is about another manifest', 'signature');
  if (sum.evidence !== counted.evidence || sum.custody !== counted.custody)
    throw new Fault('order', 'another number of pieces was signed', 'end');
  return { header, ...counted, signedBy: (signer as { key: VerifierKey }).key, trusted: keys !== undefined, found };
}

/** A line for machines, held to the text for people above it. */
function readBlock(text: Uint8Array, line: Uint8Array): ManifestLine {
  const machine = textOf(line);
  const parsed = parseManifestLine(machine);
  if (formatManifestLine(parsed) !== textOf(text) + machine)
    throw new Fault('table', 'people read something else in it than machines');
  return parsed;
}

/** Text and the line for machines below it; after the signature line, single lines without text. */
async function* blocksOf(
  lines: AsyncGenerator<Uint8Array>,
): AsyncGenerator<{ line: Uint8Array; text: Uint8Array | undefined; number: number }> {
  const marker = new TextEncoder().encode(SIGNATURE_LINE);
  let number = 0;
  let size = 0;
  let text: Uint8Array[] = [];
  let signature = false;
  for await (const line of lines) {
    number += 1;
    if (signature) {
      yield { line, text: undefined, number };
    } else if (equal(line, marker)) {
      signature = true;
      if (text.length > 0) throw new Fault('table', 'text that belongs to nothing', `line ${number}`);
    } else if (line[0] === 0x7b) {
      yield { line, text: concat(...text), number };
      text = [];
      size = 0;
    } else {
      text.push(line);
      size += line.length;
      if (size > LONGEST_TEXT) throw new Fault('unreadable', 'not a manifest of evidence', `line ${number}`);
    }
  }
  if (text.length > 0) throw new Fault('unreadable', 'cut off: the signature is missing', 'end');
}
