import { concat, equal, fromBase64, textOf, toBase64, toHex, utf8 } from './bytes.js';
import { Fault } from './fault.js';
import type { Primitives } from './primitives.js';

/** How a key signs. Source: c2sp.org/signed-note, Signature types */
export const KEY_TYPES = { ed25519: 0x01, cosignature: 0x04 } as const;

/** A public key with the name it signs under. */
export interface VerifierKey {
  readonly name: string;
  /** 4 bytes that tell keys of one name apart; no secret and no fingerprint. */
  readonly id: Uint8Array;
  readonly type: number;
  readonly publicKey: Uint8Array;
}

export interface NoteSignature {
  readonly name: string;
  readonly id: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Note {
  /** What is signed, with its final newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Longest note that is looked at, in characters; a checkpoint with sixteen cosignatures has under 3,000. */
const LONGEST = 65_536;
const MOST_SIGNATURES = 64;
const KEY_NAME = /^[^\s+\p{Z}]+$/u;
const ID_LENGTH = 4;

/** Key id: the first 4 bytes of SHA-256(name || LF || type || public key). Source: c2sp.org/signed-note */
export async function keyOf(
  { sha256 }: Pick<Primitives, 'sha256'>,
  name: string,
  type: number,
  publicKey: Uint8Array,
): Promise<VerifierKey> {
  if (!KEY_NAME.test(name)) throw new Fault('unreadable', 'not the name of a key');
  const hash = await sha256(concat(utf8(`${name}\n`), Uint8Array.of(type), publicKey));
  return { name, id: hash.slice(0, ID_LENGTH), type, publicKey };
}

/** `name+id+base64(type || key)`, as such keys are handed around. Source: golang.org/x/mod/sumdb/note */
export const formatKey = ({ name, id, type, publicKey }: VerifierKey): string =>
  `${name}+${toHex(id)}+${toBase64(concat(Uint8Array.of(type), publicKey))}`;

/** @throws Fault `unreadable` */
export async function parseKey(primitives: Pick<Primitives, 'sha256'>, text: string): Promise<VerifierKey> {
  const [, name = '', id = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text.trim()) ?? [];
  const [type = 0, ...rest] = fromBase64(encoded);
  const key = await keyOf(primitives, name, type, Uint8Array.from(rest));
  if (!Object.values(KEY_TYPES).some((known) => known === type) || rest.length !== 32)
    throw new Fault('unreadable', 'not a key of a kind that is known here');
  if (toHex(key.id) !== id) throw new Fault('unreadable', 'the key does not fit its id');
  return key;
}

/** @throws Fault `unreadable` */
export function parseNote(given: string | Uint8Array): Note {
  const note = typeof given === 'string' ? given : textOf(given);
  if (note.length > LONGEST) throw new Fault('unreadable', 'too long for a signed note');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) throw new Fault('unreadable', 'control characters in a signed note');
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw new Fault('unreadable', 'no signed note');
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) throw new Fault('unreadable', 'too many signatures');
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignature) };
}

/** @throws Fault `unreadable` */
export function parseSignature(line: string): NoteSignature {
  const [, name = '', encoded = ''] = /^— (\S+) (\S+)$/.exec(line) ?? [];
  if (!KEY_NAME.test(name)) throw new Fault('unreadable', 'no signature line');
  const bytes = fromBase64(encoded);
  if (bytes.length <= ID_LENGTH) throw new Fault('unreadable', 'a signature line without a signature');
  return { name, id: bytes.slice(0, ID_LENGTH), signature: bytes.slice(ID_LENGTH) };
}

export const formatSignature = ({ name, id, signature }: NoteSignature): string =>
  `— ${name} ${toBase64(concat(id, signature))}\n`;

/**
 * Checks a note against trusted keys. Signatures of others are ignored; one that claims a trusted key and does not hold
 * refuses the note.
 *
 * @returns the keys that signed, at least one; with the time (UTC) that a cosignature states
 * @throws Fault `unknown_key` · `signature`
 * Source: c2sp.org/signed-note, Signatures; c2sp.org/tlog-cosignature
 */
export async function verifyNote(
  primitives: Primitives,
  { text, signatures }: Note,
  trusted: readonly VerifierKey[],
): Promise<readonly { key: VerifierKey; at?: Date }[]> {
  const signers: { key: VerifierKey; at?: Date }[] = [];
  for (const { name, id, signature } of signatures) {
    const key = trusted.find((one) => one.name === name && equal(one.id, id));
    if (!key) continue;
    const { message, proof, at } = signedBytes(key, text, signature);
    const holds = proof.length === 64 && (await primitives.verifyEd25519(key.publicKey, message, proof));
    if (!holds) throw new Fault('signature', `the signature of ${name} does not hold`);
    signers.push({ key, ...(at && { at }) });
  }
  if (signers.length === 0) throw new Fault('unknown_key', 'not signed by a key that is trusted here');
  return signers;
}

function signedBytes(key: VerifierKey, text: string, signature: Uint8Array) {
  if (key.type !== KEY_TYPES.cosignature) return { message: utf8(text), proof: signature };
  if (signature.length !== 72) return { message: utf8(text), proof: new Uint8Array() };
  const seconds = new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0);
  return {
    message: cosignedBytes(text, Number(seconds)),
    proof: signature.slice(8),
    at: new Date(Number(seconds) * 1_000),
  };
}

/** What a witness signs. `seconds` since the epoch. Source: c2sp.org/tlog-cosignature, Ed25519 signed message */
export const cosignedBytes = (text: string, seconds: number): Uint8Array =>
  utf8(`cosignature/v1\ntime ${seconds}\n${text}`);
