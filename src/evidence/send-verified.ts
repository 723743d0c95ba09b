import { once } from 'node:events';
import type { Response } from 'express';
import { firstEvent } from './first-event.js';
import type { OpenedObject } from './vault.js';

/**
 * Sends the bytes of an object; the last chunk leaves only when the whole is what was received.
 *
 * @returns whether all of it was sent; false when the reader went away
 * @throws ObjectDamaged, with the answer unfinished; nothing at all was sent when everything fitted into one chunk
 */
export async function sendVerified(response: Response, { bytes }: Pick<OpenedObject, 'bytes'>): Promise<boolean> {
  let waiting: Buffer | undefined;
  for await (const chunk of bytes) {
    if (waiting !== undefined && !response.write(waiting) && !response.destroyed)
      await firstEvent(response, 'drain', 'close');
    if (response.destroyed) return false;
    waiting = chunk;
  }
  response.end(waiting);
  await ended(response);
  return response.writableFinished;
}

async function ended(response: Response): Promise<void> {
  if (!response.writableFinished && !response.destroyed && !response.closed) await once(response, 'close');
}
