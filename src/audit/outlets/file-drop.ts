import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { equal, parseNote, readCheckpoint, verifyConsistency } from '../../proof/index.js';
import { nodePrimitives } from '../../proof/node.js';
import { type Outgoing, type Outlet, OutletRefused } from './outlet.js';

const NAME = /^\d{16}\.checkpoint$/;
export const fileNameOf = (size: number): string => `${String(size).padStart(16, '0')}.checkpoint`;

/** Drops each checkpoint as a file of its own into a folder, best one that others mount or that cannot be written twice. */
export function fileDrop(folder: string): Outlet {
  return {
    id: `folder ${folder}`,
    publish: async (checkpoint) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const newest = (await readdir(folder))
        .filter((name) => NAME.test(name))
        .toSorted()
        .at(-1);
      if (newest) await requireContinuation(await readFile(join(folder, newest), 'utf8'), checkpoint);
      await writeOnce(folder, fileNameOf(checkpoint.size), checkpoint.note);
      return [];
    },
  };
}

/** @throws OutletRefused */
export async function requireContinuation(note: string, checkpoint: Outgoing): Promise<void> {
  const before = readCheckpoint(parseNote(note).text);
  const { origin, size, root } = checkpoint;
  if (before.origin !== origin) throw new OutletRefused(`it keeps the log ${before.origin}`);
  if (before.size > size) throw new OutletRefused(`the log was cut back from ${before.size} to ${size}`);
  const holds =
    before.size === size
      ? equal(before.root, root)
      : await verifyConsistency(nodePrimitives, {
          first: before.size,
          second: size,
          firstRoot: before.root,
          secondRoot: root,
          proof: await checkpoint.consistencyFrom(before.size),
        });
  if (!holds) throw new OutletRefused(`the log at ${size} does not continue what is kept at ${before.size}`);
}

/** Whole or not at all; what is there already stays. */
async function writeOnce(folder: string, name: string, text: string): Promise<void> {
  const partial = join(folder, `.${name}.${process.pid}.partial`);
  const file = await open(partial, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(partial, join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(partial, { force: true });
  }
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
