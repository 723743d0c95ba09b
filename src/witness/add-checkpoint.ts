import {
  cosignedBytes,
  equal,
  Fault,
  formatSignature,
  fromBase64,
  parseNote,
  readCheckpoint,
  verifyConsistency,
  verifyNote,
} from '../proof/index.js';
import type { Answer, Seen, WitnessParts } from './words.js';

/** Hashes of a consistency proof at most. Source: c2sp.org/tlog-witness */
const MOST_HASHES = 63;

/** The type by which a client knows that the body is the size it should have begun at. */
export const SIZE_TYPE = 'text/x.tlog.size';

/**
 * Cosigns a checkpoint when it continues the last one that was cosigned, and refuses it otherwise.
 *
 * Asked twice at once about one log it must not answer both: call it one after another.
 * Source: c2sp.org/tlog-witness, add-checkpoint
 */
export async function addCheckpoint(parts: WitnessParts, body: string): Promise<Answer> {
  const { primitives, logs, memory } = parts;
  const given = readRequest(body);
  if (!given) return { status: 400, body: 'not a request of c2sp.org/tlog-witness\n' };
  const { old, proof, note, checkpoint } = given;
  const log = logs.find(({ origin }) => origin === checkpoint.origin);
  if (!log) return { status: 404, body: 'not a log that is followed here\n' };
  try {
    await verifyNote(primitives, note, log.keys);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { status: 403, body: 'not signed by the log\n' };
  }
  if (old > checkpoint.size) return { status: 400, body: 'older than what it is said to continue\n' };
  const seen: Seen = (await memory.recall(log.origin)) ?? { size: 0, root: new Uint8Array() };
  if (seen.size !== old) return { status: 409, body: `${seen.size}\n`, type: SIZE_TYPE };
  const { size, root } = checkpoint;
  if (old === size && size > 0 && !equal(root, seen.root)) {
    await memory.keepFork(log.origin, given.text);
    return { status: 409, body: 'another root was cosigned at this size: the log forks\n' };
  }
  const consistent =
    old === 0
      ? proof.length === 0
      : await verifyConsistency(primitives, {
          first: old,
          second: size,
          firstRoot: seen.root,
          secondRoot: root,
          proof,
        });
  if (!consistent) {
    await memory.keepFork(log.origin, given.text);
    return { status: 422, body: 'does not continue what was cosigned\n' };
  }
  await memory.remember(log.origin, given.text);
  return { status: 200, body: cosign(parts, note.text) };
}

function cosign({ signer, now }: WitnessParts, text: string): string {
  const seconds = Math.floor(now().getTime() / 1_000);
  const signature = new Uint8Array(72);
  new DataView(signature.buffer).setBigUint64(0, BigInt(seconds));
  signature.set(signer.sign(cosignedBytes(text, seconds)), 8);
  return formatSignature({ name: signer.key.name, id: signer.key.id, signature });
}

function readRequest(body: string) {
  const end = body.indexOf('\n\n');
  const [first = '', ...hashes] = body.slice(0, Math.max(end, 0)).split('\n');
  const [, digits] = /^old (0|[1-9]\d{0,15})$/.exec(first) ?? [];
  if (digits === undefined || hashes.length > MOST_HASHES) return undefined;
  const text = body.slice(end + 2);
  try {
    const note = parseNote(text);
    return { old: Number(digits), proof: hashes.map(fromBase64), note, text, checkpoint: readCheckpoint(note.text) };
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
