import { once } from 'node:events';
import type { Response } from 'express';
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
    if (waiting !== undefined && !response.write(waiting)) await drained(response);
    if (response.destroyed) return false;
    waiting = chunk;
  }
  response.end(waiting);
  await ended(response);
  return response.writableFinished;
}

/** By hand: `once` with a signal to end it makes errors that nobody sees, and they cost more than all else of a large download. */
function drained(response: Response): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const over = () => {
      response.off('drain', over).off('close', over);
      resolve();
    };
    response.on('drain', over).on('close', over);
  });
}

async function ended(response: Response): Promise<void> {
  if (!response.writableFinished && !response.destroyed && !response.closed) await once(response, 'close');
}
