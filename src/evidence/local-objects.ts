import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { OBJECT_ID, type ObjectBytes, ObjectMissing, type ObjectStore, type StoredObject } from './object-store.js';

const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;
const PART = /^object_[0-9a-f]{24}\.[0-9a-f]{16}\.part$/;
const SHELF = /^[0-9a-f]{2}$/;

/** Bytes that are gathered before they are written: few system calls, and little memory for many uploads at once. */
const WRITE_BYTES = 128 * 1024;
const READ_BYTES = 512 * 1024;

/** Objects in a local folder: `objects/ab/<id>` and, while they are written, `incoming/<id>.<random>.part`. */
export async function openLocalObjects(folder: string): Promise<ObjectStore> {
  const incoming = join(folder, 'incoming');
  const objects = join(folder, 'objects');
  for (const each of [incoming, objects]) await mkdir(each, { recursive: true, mode: OWNER_ONLY_FOLDER });

  const shelfOf = (id: string): string => {
    if (!OBJECT_ID.test(id)) throw new ObjectMissing(id);
    return join(objects, id.slice(-2)); // the end of an id counts up, so shelves fill evenly
  };
  const pathOf = (id: string): string => join(shelfOf(id), id);

  async function write(id: string, bytes: AsyncIterable<Uint8Array>): Promise<{ size: number }> {
    const path = pathOf(id);
    const part = join(incoming, `${id}.${randomBytes(8).toString('hex')}.part`);
    let placed = false;
    try {
      const size = await writeThrough(part, bytes);
      const shelf = shelfOf(id);
      await rename(part, path).catch(async (error: unknown) => {
        if (codeOf(error) !== 'ENOENT') throw error;
        await mkdir(shelf, { recursive: true, mode: OWNER_ONLY_FOLDER });
        await syncFolder(objects);
        await rename(part, path);
      });
      placed = true;
      await syncFolder(shelf);
      return { size };
    } catch (error) {
      await unlinkIfThere(placed ? path : part).catch(() => undefined); // the sweep ends what this could not
      throw error;
    }
  }

  async function read(id: string, memory?: Uint8Array): Promise<ObjectBytes> {
    const file = await open(pathOf(id), constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
      throw codeOf(error) === 'ENOENT' ? new ObjectMissing(id) : error;
    });
    let closed: Promise<void> | undefined;
    const close = () => (closed ??= file.close());
    const letGo = () => void close().catch(() => undefined);
    try {
      const { size } = await file.stat();
      return { size, bytes: readThrough(file, size, memory, close), close: letGo };
    } catch (error) {
      letGo();
      throw error;
    }
  }

  async function describe(id: string): Promise<StoredObject | null> {
    const found = await stat(pathOf(id)).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    });
    return found && { id, size: found.size, at: found.mtime };
  }

  async function* list(): AsyncIterable<StoredObject> {
    for (const shelf of await readdir(objects)) {
      if (!SHELF.test(shelf)) continue;
      for (const id of await readdir(join(objects, shelf))) {
        if (!OBJECT_ID.test(id)) continue; // not ours
        const found = await describe(id);
        if (found) yield found;
      }
    }
  }

  async function sweep(before: Date): Promise<number> {
    let ended = 0;
    for (const name of await readdir(incoming)) {
      if (!PART.test(name)) continue; // not ours
      const path = join(incoming, name);
      const found = await stat(path).catch(() => undefined);
      if (found === undefined || found.mtime >= before) continue;
      if (await unlinkIfThere(path)) ended += 1;
    }
    return ended;
  }

  return {
    name: `file:${folder}`,
    write,
    read,
    stat: describe,
    remove: async (id) => void (await unlinkIfThere(pathOf(id))),
    list,
    sweep,
  };
}

async function* readThrough(
  file: FileHandle,
  size: number,
  memory: Uint8Array | undefined,
  close: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let at = 0; at < size; ) {
      const into = memory ?? Buffer.allocUnsafeSlow(Math.min(READ_BYTES, size - at));
      const { bytesRead } = await file.read(into, 0, Math.min(into.length, size - at), at);
      if (bytesRead === 0) return; // it was cut meanwhile
      at += bytesRead;
      yield into.subarray(0, bytesRead);
    }
  } finally {
    await close();
  }
}

/** Writes in one pass; the bytes are on the disk when it returns. */
async function writeThrough(path: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  const file = await open(path, 'wx', OWNER_ONLY);
  try {
    let size = 0;
    let gathered: Uint8Array[] = [];
    let waiting = 0;
    let underWay = Promise.resolve(0);
    const write = async () => {
      size += await underWay;
      underWay = writeAll(file, gathered);
      underWay.catch(() => undefined); // told when it is waited for
      gathered = [];
      waiting = 0;
    };
    for await (const chunk of bytes) {
      gathered.push(chunk);
      waiting += chunk.length;
      if (waiting >= WRITE_BYTES) await write(); // one is written while the next is gathered
    }
    await write();
    size += await underWay;
    await file.sync();
    return size;
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, chunks: readonly Uint8Array[]): Promise<number> {
  const wanted = chunks.reduce((sum, { length }) => sum + length, 0);
  if (wanted === 0) return 0;
  const { bytesWritten } = await file.writev(chunks);
  if (bytesWritten < wanted) await file.appendFile(Buffer.concat(chunks).subarray(bytesWritten)); // the disk was nearly full, or a signal came
  return wanted;
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

async function unlinkIfThere(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
