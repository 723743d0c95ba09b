import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KEY_TYPES, keyOf, parseNote, readCheckpoint } from '../proof/index.js';
import { nodePrimitives } from '../proof/node.js';
import type { Memory, Signer } from './words.js';

/** A file for each log, replaced whole: after a crash there is the old one or the new one. */
export async function folderMemory(folder: string): Promise<Memory> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fileOf = (origin: string) => join(folder, `${nameOf(origin)}.checkpoint`);
  return {
    recall: async (origin) => {
      const note = await readFile(fileOf(origin), 'utf8').catch(notThere);
      if (note === undefined) return undefined;
      const seen = readCheckpoint(parseNote(note).text);
      if (seen.origin !== origin) throw new Error(`${fileOf(origin)} is about another log`);
      return seen;
    },
    remember: (origin, note) => replace(folder, fileOf(origin), note),
    keepFork: async (origin, note) => {
      const hash = createHash('sha256').update(note).digest('hex').slice(0, 16);
      await replace(folder, join(folder, `${nameOf(origin)}.fork-${hash}`), note);
    },
  };
}

/** The witness's own key, made at the first start (0600). @param name  schema-less URL, as it will stand in its signatures */
export async function openSigner(folder: string, name: string): Promise<Signer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'witness-key.pem');
  const kept = await readFile(path, 'utf8').catch(notThere);
  const pem = kept ?? (await makeKey(folder, path));
  const privateKey = createPrivateKey(pem);
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const key = await keyOf(nodePrimitives, name, KEY_TYPES.cosignature, new Uint8Array(spki.subarray(-32)));
  return { key, sign: (message) => sign(null, message, privateKey) };
}

async function makeKey(folder: string, path: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const partial = await writeAside(folder, pem);
  await link(partial, path); // fails when another process made one meanwhile
  await rm(partial);
  await syncFolder(folder);
  return pem;
}

/** An origin is no file name; its hash is. */
const nameOf = (origin: string): string => createHash('sha256').update(origin).digest('hex').slice(0, 32);

async function replace(folder: string, path: string, text: string): Promise<void> {
  await rename(await writeAside(folder, text), path);
  await syncFolder(folder);
}

let written = 0;

async function writeAside(folder: string, text: string): Promise<string> {
  written += 1;
  const path = join(folder, `.${process.pid}-${written}.partial`);
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return path;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

function notThere(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}
