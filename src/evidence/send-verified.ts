import { once } from 'node:events';
import type { Response } from 'express';
import { firstEvent } from './first-event.js';
import type { OpenedObject } from './vault.js';

/** Chunks that leave together: a call of the system costs more than copying what it carries. */
const TOGETHER_BYTES = 512 * 1024;

/**
 * Sends the bytes of an object; the last chunk leaves only when the whole is what was received.
 *
 * @returns whether all of it was sent; false when the reader went away
 * @throws ObjectDamaged, with the answer unfinished; nothing at all was sent of what fits into half a megabyte
 */
export async function sendVerified(response: Response, { bytes }: Pick<OpenedObject, 'bytes'>): Promise<boolean> {
  let gathered: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    if (size >= TOGETHER_BYTES) {
      if (!writeTogether(response, gathered) && !response.destroyed) await firstEvent(response, 'drain', 'close');
      [gathered, size] = [[], 0];
    }
    if (response.destroyed) return false;
    gathered.push(chunk);
    size += chunk.length;
  }
  writeTogether(response, gathered);
  response.end();
  await ended(response);
  return response.writableFinished;
}

function writeTogether(response: Response, chunks: readonly Buffer[]): boolean {
  response.cork();
  const mayGoOn = chunks.map((chunk) => response.write(chunk)).every(Boolean);
  response.uncork();
  return mayGoOn;
}

async function ended(response: Response): Promise<void> {
  if (!response.writableFinished && !response.destroyed && !response.closed) await once(response, 'close');
}
