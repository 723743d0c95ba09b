import { fromBase64, textOf, toBase64 } from './bytes.js';
import { type VerifiedCheckpoint, verifyCheckpoint } from './checkpoint.js';
import { Fault } from './fault.js';
import { hashLeaf, verifyInclusion } from './merkle.js';
import type { VerifierKey } from './note.js';
import type { Primitives } from './primitives.js';

/** That one entry is in a log. Source: c2sp.org/tlog-proof */
export interface TlogProof {
  /** Bytes of the entry itself, in ours; says nothing until its hash was found in the tree. */
  readonly extra?: Uint8Array;
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  /** The signed note. */
  readonly checkpoint: string;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const MOST_HASHES = 63;

export const formatProof = ({ extra, index, hashes, checkpoint }: TlogProof): string =>
  [
    HEADER,
    ...(extra ? [`extra ${toBase64(extra)}`] : []),
    `index ${index}`,
    ...hashes.map((hash) => toBase64(hash)),
    '',
    checkpoint,
  ].join('\n');

/** @throws Fault `unreadable` */
export function parseProof(given: string | Uint8Array): TlogProof {
  const text = typeof given === 'string' ? given : textOf(given);
  const end = text.indexOf('\n\n');
  const [header, ...lines] = text.slice(0, Math.max(0, end)).split('\n');
  const extra = lines[0]?.startsWith('extra ') ? fromBase64(lines.shift()?.slice(6) ?? '') : undefined;
  const [, digits] = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '') ?? [];
  if (header !== HEADER || digits === undefined || lines.length > MOST_HASHES)
    throw new Fault('unreadable', 'not a proof that an entry is in a log');
  return {
    ...(extra && { extra }),
    index: Number(digits),
    hashes: lines.map(fromBase64),
    checkpoint: text.slice(end + 2),
  };
}

/**
 * Checks that an entry is in the log that one of `logKeys` vouches for.
 *
 * @param leaf  hash of the entry; without it the entry in the proof's own `extra` is what is proven
 * @throws Fault `unreadable` · `unknown_key` · `signature` · `inclusion`
 */
export async function verifyProof(
  primitives: Primitives,
  proof: TlogProof,
  logKeys: readonly VerifierKey[],
  { leaf, witnesses = [] }: { leaf?: Uint8Array; witnesses?: readonly VerifierKey[] } = {},
): Promise<VerifiedCheckpoint> {
  const checkpoint = await verifyCheckpoint(primitives, proof.checkpoint, logKeys, witnesses);
  const entry = leaf ?? (proof.extra && (await hashLeaf(primitives, proof.extra)));
  if (!entry) throw new Fault('unreadable', 'the proof does not hold the entry that it is about');
  const { index, hashes } = proof;
  const { size, root } = checkpoint;
  if (!(await verifyInclusion(primitives, { index, size, leaf: entry, proof: hashes, root })))
    throw new Fault('inclusion', `the entry is not number ${index} of the log that was signed`);
  return checkpoint;
}
