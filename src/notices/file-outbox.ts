import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder of finished files. Only the owner may read: mails hold links that open things. */
export interface FileOutbox {
  /** The file is there whole or not at all, and putting it again leaves one. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Removes what killed processes began before this instant. @returns how many */
  sweep(before: Date): Promise<number>;
}

const PART = /^\..+\.part$/;

export function makeFileOutbox(folder: string): FileOutbox {
  return {
    put: async (name, bytes) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const part = join(folder, `.${name}.${randomUUID()}.part`);
      try {
        await writeThrough(part, bytes);
        await rename(part, join(folder, name));
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
      await syncFolder(folder);
    },
    sweep: async (before) => {
      let removed = 0;
      for (const name of await readdir(folder).catch(() => [])) {
        const path = join(folder, name);
        const found = PART.test(name) ? await stat(path).catch(() => undefined) : undefined;
        if (found === undefined || found.mtime >= before) continue;
        await rm(path, { force: true });
        removed += 1;
      }
      return removed;
    },
  };
}

async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Without it a power cut could take the name back. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
