import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { type HeldObject, type IsReferenced, ObjectMissing, type ObjectStore } from './object-store.js';

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
const SHA256 = /^[0-9a-f]{64}$/;
const PART = /^[0-9a-f]{32}\.part$/;
const HELD = /^([0-9a-f]{64})\.[0-9a-f]{32}$/;

/**
 * Objects in a local folder: `objects/ab/cd/<sha256>` and, while uploads run, `incoming/`.
 *
 * A held copy is named `<sha256>.<random>`, so that after a crash the name alone says which object it may have to restore.
 * Needs hard links, and a file system that keeps them atomic.
 */
export async function openLocalObjects(folder: string): Promise<ObjectStore> {
  const incoming = join(folder, 'incoming');
  const objects = join(folder, 'objects');
  for (const each of [incoming, objects]) await mkdir(each, { recursive: true, mode: OWNER_ONLY_FOLDER });

  const underWay = new Set<Promise<unknown>>();
  const placed = new WeakSet<HeldObject>();
  const tracked = <T>(work: Promise<T>): Promise<T> => {
    const entry = work.catch(() => undefined).finally(() => underWay.delete(entry));
    underWay.add(entry);
    return work;
  };

  const pathOf = (sha256: string): string => {
    if (!SHA256.test(sha256)) throw new ObjectMissing(sha256);
    return join(objects, sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  };
  const heldName = (sha256: string): string => `${sha256}.${randomBytes(16).toString('hex')}`;

  async function hold(source: Readable, watch: (chunk: Uint8Array) => void): Promise<HeldObject> {
    const part = join(incoming, `${randomBytes(16).toString('hex')}.part`);
    try {
      const { sha256, size } = await writeThrough(part, source, watch);
      const name = heldName(sha256);
      await rename(part, join(incoming, name));
      await syncFolder(incoming);
      return { hold: name, sha256, size };
    } catch (error) {
      await unlinkIfThere(part);
      throw error;
    }
  }

  async function place(held: HeldObject): Promise<void> {
    const path = pathOf(held.sha256);
    await mkdir(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
    placed.add(held);
    await linkUnlessThere(join(incoming, held.hold), path);
    for (const each of [dirname(path), dirname(dirname(path)), objects]) await syncFolder(each);
  }

  async function settle(held: HeldObject): Promise<void> {
    if (!(await isThere(pathOf(held.sha256)))) await place(held);
    await unlinkIfThere(join(incoming, held.hold));
  }

  async function discard(held: HeldObject, isReferenced: IsReferenced): Promise<void> {
    if (placed.has(held)) await removeUnlessReferenced(held.sha256, isReferenced);
    await unlinkIfThere(join(incoming, held.hold));
  }

  /** Hides first, looks second: see the invariant of ObjectStore. The first look only spares the common case the hiding. */
  async function removeUnlessReferenced(sha256: string, isReferenced: IsReferenced): Promise<void> {
    if (await isReferenced(sha256)) return;
    const hidden = join(incoming, heldName(sha256));
    if (!(await renameIfThere(pathOf(sha256), hidden))) return;
    if (await isReferenced(sha256)) await restore(hidden, sha256);
    await unlinkIfThere(hidden);
  }

  async function restore(copy: string, sha256: string): Promise<void> {
    const path = pathOf(sha256);
    await mkdir(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
    try {
      await linkUnlessThere(copy, path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || !(await isThere(path))) throw error; // a sweep beside us was quicker
    }
    await syncFolder(dirname(path));
  }

  async function openObject(sha256: string): Promise<{ size: number; bytes: Readable }> {
    const path = pathOf(sha256);
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
      throw codeOf(error) === 'ENOENT' ? new ObjectMissing(sha256) : error;
    });
    const { size } = await file.stat();
    return { size, bytes: file.createReadStream({ highWaterMark: 64 * 1024 }) };
  }

  async function sweep(before: Date, isReferenced: IsReferenced): Promise<number> {
    let ended = 0;
    for (const name of await readdir(incoming)) {
      const path = join(incoming, name);
      const sha256 = HELD.exec(name)?.[1];
      if (sha256 === undefined && !PART.test(name)) continue; // not ours
      const found = await stat(path).catch(() => undefined);
      if (found === undefined || found.mtime >= before) continue;
      if (sha256 !== undefined && (await isReferenced(sha256))) await restore(path, sha256);
      else if (sha256 !== undefined) await removeUnlessReferenced(sha256, isReferenced);
      await unlinkIfThere(path);
      ended += 1;
    }
    return ended;
  }

  return {
    hold: (source, watch) => tracked(hold(source, watch)),
    place: (held) => tracked(place(held)),
    settle: (held) => tracked(settle(held)),
    discard: (held, isReferenced) => tracked(discard(held, isReferenced)),
    open: openObject,
    sweep: (before, isReferenced) => tracked(sweep(before, isReferenced)),
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

/** Counts, hashes and writes in one pass; the bytes are on the disk when it returns. */
async function writeThrough(
  path: string,
  source: Readable,
  watch: (chunk: Uint8Array) => void,
): Promise<{ sha256: string; size: number }> {
  const file = await open(path, 'wx', OWNER_ONLY);
  try {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of source as AsyncIterable<Buffer>) {
      hash.update(chunk);
      watch(chunk);
      size += chunk.length;
      await file.appendFile(chunk);
    }
    await file.sync();
    return { sha256: hash.digest('hex'), size };
  } finally {
    await file.close();
  }
}

/** A name is durable only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;

async function tolerating(code: string, work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (codeOf(error) === code) return false;
    throw error;
  }
}

const unlinkIfThere = (path: string): Promise<boolean> => tolerating('ENOENT', unlink(path));
const renameIfThere = (from: string, to: string): Promise<boolean> => tolerating('ENOENT', rename(from, to));
const isThere = (path: string): Promise<boolean> =>
  tolerating(
    'ENOENT',
    stat(path).then(() => undefined),
  );
const linkUnlessThere = (from: string, to: string): Promise<boolean> => tolerating('EEXIST', link(from, to));
