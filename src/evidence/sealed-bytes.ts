import { encryption, FRAME_BYTES } from './encryption.js';
import { Turns } from './turns.js';

const NAMESPACE = 'firebreak evidence data keys';

/**
 * Frames that are encrypted and written at once. A whole frame lies in memory twice until the store has it; one that still
 * fills lies there once, in memory that is used again. So many uploads at once need little more than a frame each, however slow
 * their senders are.
 */
const FRAMES_AT_ONCE = 8;
const frames = new Turns(FRAMES_AT_ONCE);

/** Bytes on their way into a store, encrypted under the object's own key; `objectId` stands in the header for anybody. */
export async function* sealed(
  plain: AsyncIterable<Uint8Array>,
  objectId: string,
  dataKey: Uint8Array,
): AsyncGenerator<Uint8Array> {
  const sdk = await encryption();
  const seal = await sdk.seal(sdk.keyring(NAMESPACE, objectId, dataKey), { object: objectId });
  try {
    yield* seal.header;
    for await (const frame of inFrames(plain)) {
      const done = await frames.turn();
      try {
        yield* seal.frame(frame);
      } finally {
        done();
      }
    }
  } finally {
    seal.end();
  }
}

const FIRST_BYTES = 64 * 1024;

/** The bytes a frame at a time, the last one shorter and perhaps empty. What is yielded is overwritten when the next one is asked for. */
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
  yield frame.subarray(0, filled);
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
export async function* unsealed(
  bytes: AsyncIterable<Uint8Array>,
  objectId: string,
  dataKey: Uint8Array,
): AsyncGenerator<Buffer> {
  let failed: unknown;
  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      yield* bytes;
    } catch (error) {
      failed = error;
      throw error;
    }
  }
  const sdk = await encryption();
  try {
    yield* sdk.unseal(sdk.keyring(NAMESPACE, objectId, dataKey), read(), (context) => {
      if (context['object'] !== objectId) throw new Error('the bytes are of another object');
    });
  } catch (cause) {
    throw failed ?? new Undecipherable('the bytes do not decipher', { cause });
  }
}
