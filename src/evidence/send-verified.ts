import { once } from 'node:events';
import type { Response } from 'express';
import { firstEvent } from './first-event.js';
import type { OpenedObject } from './vault.js';

/**
 * Sends the bytes of an object; the last piece leaves only when the whole is what was received.
 *
 * @returns whether all of it was sent; false when the reader went away
 * @throws ObjectDamaged, with the answer unfinished; nothing at all was sent of what fits into `PIECE_BYTES`
 */
export async function sendVerified(
  response: Response,
  { bytes, giveBack }: Pick<OpenedObject, 'bytes' | 'giveBack'>,
): Promise<boolean> {
  for await (const piece of bytes) {
    if (response.destroyed) return false;
    const mayGoOn = response.write(piece, (error) => {
      if (!error) giveBack(piece); // what was cut off may still lie in the socket
    });
    if (!mayGoOn && !response.destroyed) await firstEvent(response, 'drain', 'close');
  }
  response.end();
  await ended(response);
  return response.writableFinished;
}

async function ended(response: Response): Promise<void> {
  if (!response.writableFinished && !response.destroyed && !response.closed) await once(response, 'close');
}
