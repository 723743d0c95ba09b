import type { Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Context, encryption, FRAME_BYTES } from './encryption.js';
import { Turns } from './turns.js';

const NAMESPACE = 'firebreak evidence data keys';

/**
 * Frames that are encrypted and written at once. A whole frame lies in memory twice until the store has it; one that still
 * fills lies there once, in memory that is used again. So many uploads at once need little more than a frame each, however slow
 * their senders are.
 */
const FRAMES_AT_ONCE = 16;
const frames = new Turns(FRAMES_AT_ONCE);

/**
 * Bytes on their way into a store, encrypted under the object's own key; `objectId` stands in the header for anybody.
 *
 * The cipher is ended whatever happens: one that is destroyed in the middle of a message throws from inside the SDK, past
 * everybody, and would end the process.
 */
export async function* sealed(
  plain: AsyncIterable<Uint8Array>,
  objectId: string,
  dataKey: Uint8Array,
): AsyncGenerator<Uint8Array> {
  const sdk = await encryption();
  const cipher = sdk.encryptStream(sdk.keyring(NAMESPACE, objectId, dataKey), { object: objectId });
  cipher.on('error', () => undefined); // told to whoever waits for it below
  let ended = false;
  try {
    for await (const frame of inFrames(plain)) {
      const done = await frames.turn();
      try {
        yield* comingOut(cipher, (told) => cipher.write(frame, told));
      } finally {
        done();
      }
    }
    ended = true;
    yield* comingOut(cipher, (told) => cipher.once('end', () => told()).end());
  } finally {
    if (!ended) cipher.end();
    cipher.resume();
  }
}

/** What comes out of the cipher until it has said that it took what was given. */
async function* comingOut(
  cipher: Duplex,
  give: (told: (error?: Error | null) => void) => unknown,
): AsyncGenerator<Uint8Array> {
  let taken = false;
  let failed: Error | undefined;
  let wake: () => void = () => undefined;
  const onChange = () => wake();
  const onError = (error: Error) => {
    failed = error;
    wake();
  };
  cipher.on('readable', onChange).once('error', onError);
  give((error) => {
    taken = true;
    if (error) onError(error);
    wake();
  });
  try {
    for (;;) {
      for (let chunk = cipher.read(); chunk !== null; chunk = cipher.read()) yield chunk as Uint8Array;
      if (failed) throw failed;
      if (taken) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    cipher.off('readable', onChange).off('error', onError);
  }
}

const FIRST_BYTES = 64 * 1024;

/** The bytes a frame at a time, the last one shorter. What is yielded is overwritten when the next one is asked for. */
async function* inFrames(plain: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let frame: Uint8Array = Buffer.allocUnsafeSlow(FIRST_BYTES);
  let filled = 0;
  for await (const chunk of plain) {
    for (let from = 0; from < chunk.length; ) {
      const part = chunk.subarray(from, from + FRAME_BYTES - filled);
      if (filled + part.length > frame.length) frame = grown(frame, filled, filled + part.length);
      frame.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled < FRAME_BYTES) continue;
      yield frame;
      filled = 0;
    }
  }
  if (filled > 0) yield frame.subarray(0, filled);
}

/** Doubled until it is large enough: most files are smaller than a frame. */
function grown(frame: Uint8Array, filled: number, needed: number): Uint8Array {
  let size = frame.length;
  while (size < needed) size = Math.min(FRAME_BYTES, size * 2);
  const larger = Buffer.allocUnsafeSlow(size);
  larger.set(frame.subarray(0, filled));
  return larger;
}

/** The bytes did not come back: changed, cut, out of order, or not those of this object. */
export class Undecipherable extends Error {
  override readonly name = 'Undecipherable';
}

/**
 * The reverse of `sealed`, frame by frame: no byte of a frame comes out before all of it is authenticated.
 * @throws Undecipherable; what the store throws while it is read
 */
export async function* unsealed(bytes: Readable, objectId: string, dataKey: Uint8Array): AsyncGenerator<Buffer> {
  let failed: unknown;
  bytes.once('error', (error) => {
    failed = error;
  });
  const sdk = await encryption();
  let context: Context = {};
  const decipher = sdk.decryptStream(sdk.keyring(NAMESPACE, objectId, dataKey), (found) => {
    context = found;
  });
  decipher.on('error', () => undefined); // it tells of its end once more, after whoever read it has left
  const flowed = pipeline(bytes, decipher);
  flowed.catch(() => undefined); // asked below; when the reader leaves early, nobody does
  try {
    for await (const chunk of decipher) {
      if (context['object'] !== objectId) throw new Undecipherable('the bytes are of another object');
      yield chunk as Buffer;
    }
    await flowed;
  } catch (cause) {
    if (failed !== undefined) throw failed;
    throw cause instanceof Undecipherable ? cause : new Undecipherable('the bytes do not decipher', { cause });
  } finally {
    bytes.destroy();
    decipher.destroy();
  }
}
