import { randomBytes } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Memory before disk: evidence lies encrypted there, and its plain bytes have no business beside it. */
const FOLDERS = ['/dev/shm', tmpdir()];
const OWNER_ONLY = 0o600;

export interface ScratchFile {
  /** Open for reading; whoever has it has the file, for it has no name. */
  readonly fd: number;
  readonly size: number;
  close(): Promise<void>;
}

/**
 * Plain bytes for a process that needs them as a file: one without a name, that is gone with its last descriptor, whatever
 * dies in between.
 * @param written  is told of each chunk that nothing reads any more
 */
export async function scratchFile<Chunk extends Uint8Array>(
  bytes: AsyncIterable<Chunk>,
  written: (chunk: Chunk) => void = () => undefined,
): Promise<ScratchFile> {
  const { file, write } = await nameless();
  try {
    let size = 0;
    for await (const chunk of bytes) {
      await writeWhole(write, chunk);
      size += chunk.length;
      written(chunk);
    }
    return { fd: file.fd, size, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  } finally {
    await write.close();
  }
}

/** Two descriptors, so that who reads begins at the beginning and cannot write. */
async function nameless(): Promise<{ file: FileHandle; write: FileHandle }> {
  const name = `firebreak-${randomBytes(16).toString('hex')}`;
  for (const [at, folder] of FOLDERS.entries()) {
    const path = join(folder, name);
    try {
      const write = await open(path, 'wx', OWNER_ONLY);
      const file = await open(path, 'r').catch(async (error: unknown) => {
        await write.close();
        throw error;
      });
      return { file, write };
    } catch (error) {
      if (at === FOLDERS.length - 1) throw error;
    } finally {
      await unlink(path).catch(() => undefined);
    }
  }
  throw new Error('no folder for scratch files');
}

async function writeWhole(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
}
