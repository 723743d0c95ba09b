import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openFile, refuseOtherFormat, Storage } from './storage.js';

/**
 * Writes a consistent copy of a folder, as of its last commit and without free pages, also while a process serves it: it is
 * read as lmdb lets other processes read, and nothing waits for it.
 *
 * @throws Error when there is no store in the folder, or something in the other one already
 */
export async function copyFolder(dataDir: string, target: string): Promise<void> {
  if (!existsSync(join(dataDir, 'data.mdb'))) throw new Error(`${dataDir} holds no store`);
  if (existsSync(join(target, 'data.mdb'))) throw new Error(`${target} holds a store already`);
  const db = openFile(dataDir, { readOnly: true });
  try {
    refuseOtherFormat(dataDir, db);
    mkdirSync(target, { recursive: true, mode: 0o700 });
    await db.backup(target, true);
  } finally {
    await db.close();
  }
  chmodSync(join(target, 'data.mdb'), 0o600);
  flush(join(target, 'data.mdb'));
  flush(target);
}

/** Rewrites a folder that nobody serves without its free pages. @returns bytes of its file before and after */
export async function compactFolder(dataDir: string): Promise<{ before: number; after: number }> {
  const storage = await Storage.open(dataDir);
  const aside = join(dataDir, 'compact');
  rmSync(aside, { recursive: true, force: true }); // of a run that was killed
  const before = storage.stats().bytes;
  await storage.close(async () => {
    await copyFolder(dataDir, aside);
    renameSync(join(aside, 'data.mdb'), join(dataDir, 'data.mdb'));
    flush(dataDir);
    rmSync(aside, { recursive: true });
  });
  const compacted = await Storage.open(dataDir);
  const after = compacted.stats().bytes;
  await compacted.close();
  return { before, after };
}

function flush(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
