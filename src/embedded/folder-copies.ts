import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openFile, refuseOtherFormat } from './data-file.js';
import { ownerOf, StoreLocked } from './folder-lock.js';
import { flushSync } from './journal.js';
import { dropJournals } from './read-journals.js';
import { Storage } from './storage.js';

/**
 * Writes a consistent copy of a folder, as of its last commit and without free pages, also while a process serves it: it is
 * read as lmdb lets other processes read, and nothing waits for it.
 *
 * @throws Error when there is no store in the folder, or something in the other one already, or the store was killed and
 *         started again meanwhile
 */
export async function copyFolder(dataDir: string, target: string): Promise<void> {
  if (!existsSync(join(dataDir, 'data.mdb'))) throw new Error(`${dataDir} holds no store`);
  if (existsSync(join(target, 'data.mdb'))) throw new Error(`${target} holds a store already`);
  const owner = ownerOf(dataDir);
  const storage = await openUnlessServed(dataDir);
  if (storage) await storage.close(() => copyFile(dataDir, target));
  else {
    await copyFile(dataDir, target);
    const now = ownerOf(dataDir);
    if (now === undefined || now === owner) return;
    rmSync(join(target, 'data.mdb'));
    throw new Error(`${dataDir} was opened by another process meanwhile; copy it once more`);
  }
}

/** What was left by a process that was killed is put right by opening it. */
async function openUnlessServed(dataDir: string): Promise<Storage | undefined> {
  try {
    return await Storage.open(dataDir);
  } catch (error) {
    if (error instanceof StoreLocked) return undefined;
    throw error;
  }
}

async function copyFile(dataDir: string, target: string): Promise<void> {
  const db = openFile(dataDir, { readOnly: true });
  try {
    refuseOtherFormat(dataDir, db);
    mkdirSync(target, { recursive: true, mode: 0o700 });
    await db.backup(target, true);
  } finally {
    await db.close();
  }
  chmodSync(join(target, 'data.mdb'), 0o600);
  flushSync(join(target, 'data.mdb'));
  flushSync(target);
}

/** Rewrites a folder that nobody serves without its free pages. @returns bytes of its file before and after */
export async function compactFolder(dataDir: string): Promise<{ before: number; after: number }> {
  const storage = await Storage.open(dataDir);
  const aside = join(dataDir, 'compact');
  rmSync(aside, { recursive: true, force: true }); // of a run that was killed
  const before = storage.stats().bytes;
  await storage.close(async () => {
    await copyFile(dataDir, aside);
    dropJournals(dataDir); // they speak of the pages of the file as it was
    renameSync(join(aside, 'data.mdb'), join(dataDir, 'data.mdb'));
    flushSync(dataDir);
    rmSync(aside, { recursive: true });
  });
  const compacted = await Storage.open(dataDir);
  const after = compacted.stats().bytes;
  await compacted.close();
  return { before, after };
}
