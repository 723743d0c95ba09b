import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { Response } from 'express';

/**
 * Sends bytes and hashes them on the way, one chunk behind: the last chunk leaves only when the whole has the right hash.
 *
 * @returns SHA-256 of what was read. When it differs from the expected one the answer is not finished, and when all fitted
 *          into one chunk nothing was sent at all. A reader that went away ends it early, with the expected hash.
 */
export async function sendVerified(
  response: Response,
  object: { readonly size: number; readonly bytes: Readable },
  expected: { readonly sha256: string; readonly size: number },
): Promise<string> {
  const hash = createHash('sha256');
  let waiting: Buffer | undefined;
  for await (const chunk of object.bytes as AsyncIterable<Buffer>) {
    hash.update(chunk);
    const mayLeave = object.size === expected.size; // else Content-Length would end the answer with the wrong bytes
    if (waiting !== undefined && mayLeave && !response.write(waiting)) await drained(response);
    if (response.destroyed) return expected.sha256;
    waiting = chunk;
  }
  const found = hash.digest('hex');
  if (found === expected.sha256) response.end(waiting);
  return found;
}

async function drained(response: Response): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  try {
    if (!response.destroyed)
      await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  } finally {
    stop.abort();
  }
}
