import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseHeader } from './bundle-lines.js';
import { equal, textOf, utf8 } from './bytes.js';
import { at, Fault } from './fault.js';
import { linesOf } from './lines.js';
import { nodePrimitives } from './node.js';
import { parseProof, verifyProof } from './tlog-proof.js';
import { type Known, type Proven, verifyBundle } from './verify-bundle.js';

/** What `audit export` writes into its folder. */
export const EXPORT_FILES = {
  bundle: 'audit.ndjson',
  table: 'audit.csv',
  checkpoint: 'checkpoint.txt',
  keys: 'log-keys.txt',
} as const;

/** A file that proves one event. */
export interface ProvenEvent {
  readonly index: number;
  readonly origin: string;
  readonly size: number;
  /** The event, when the file holds it. */
  readonly event: string | undefined;
}

/**
 * Checks what `audit export` wrote, or a single bundle or proof, from the files alone.
 * @throws Fault at the first thing that is wrong · Error when the path cannot be read
 */
export async function verifyPath(path: string, known: Known = {}): Promise<Proven | ProvenEvent> {
  if ((await stat(path)).isDirectory()) return verifyFolder(path, known);
  return (await isProof(path)) ? verifySingle(path, known) : verifyBundle(nodePrimitives, read(path), known);
}

async function verifyFolder(folder: string, known: Known): Promise<Proven> {
  const bundle = join(folder, EXPORT_FILES.bundle);
  const header = await at(EXPORT_FILES.bundle, () => headerOf(bundle));
  await requireText(join(folder, EXPORT_FILES.checkpoint), EXPORT_FILES.checkpoint, header.checkpoint);
  await requireText(join(folder, EXPORT_FILES.keys), EXPORT_FILES.keys, header.keys.map((key) => `${key}\n`).join(''));
  return verifyBundle(nodePrimitives, read(bundle), { ...known, table: read(join(folder, EXPORT_FILES.table)) });
}

async function headerOf(path: string) {
  const lines = linesOf(read(path));
  const { value } = await lines.next();
  await lines.return(undefined);
  if (!value) throw new Fault('unreadable', 'empty');
  return parseHeader(textOf(value));
}

async function requireText(path: string, name: string, expected: string): Promise<void> {
  if (!equal(await readFile(path), utf8(expected))) throw new Fault('digest', 'not what the bundle says', name);
}

async function isProof(path: string): Promise<boolean> {
  for await (const piece of createReadStream(path, { end: 31 }))
    return String(piece).startsWith('c2sp.org/tlog-proof@');
  return false;
}

async function verifySingle(path: string, { keys, witnesses }: Known): Promise<ProvenEvent> {
  if (!keys) throw new Fault('unknown_key', 'a proof does not carry the key of its log: name it with --key');
  const proof = parseProof(await readFile(path));
  const { origin, size } = await verifyProof(nodePrimitives, proof, keys, witnesses ? { witnesses } : {});
  return { index: proof.index, origin, size, event: proof.extra && textOf(proof.extra) };
}

/** Large pieces: a file of a gigabyte is read in as few turns of the loop as memory allows. */
const read = (path: string): AsyncIterable<Uint8Array> => createReadStream(path, { highWaterMark: 1_048_576 });
