import { once } from 'node:events';
import { type Duplex, PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Context, encryption } from './encryption.js';

const NAMESPACE = 'firebreak evidence data keys';

/** Bytes on their way into a store, encrypted under the object's own key; `objectId` stands in the header for anybody. */
export async function* sealed(
  plain: AsyncIterable<Uint8Array>,
  objectId: string,
  dataKey: Uint8Array,
): AsyncGenerator<Uint8Array> {
  const sdk = await encryption();
  const cipher = sdk.encryptStream(sdk.keyring(NAMESPACE, objectId, dataKey), { object: objectId });
  const out = cipher.pipe(new PassThrough());
  cipher.on('error', (error) => out.destroy(error));
  const feeding = { on: true };
  const fed = feed(plain, cipher, feeding).catch((error: unknown) => void out.destroy(error as Error));
  try {
    for await (const chunk of out) yield chunk as Uint8Array;
  } finally {
    feeding.on = false;
    cipher.resume();
    await fed;
  }
}

/**
 * Ends the cipher whatever happens: one that is destroyed in the middle of a message throws from inside the SDK, past
 * everybody, and would end the process.
 */
async function feed(
  plain: AsyncIterable<Uint8Array>,
  cipher: Duplex,
  feeding: { readonly on: boolean },
): Promise<void> {
  try {
    for await (const chunk of plain) {
      if (!feeding.on) break;
      if (!cipher.write(chunk)) await once(cipher, 'drain');
    }
  } finally {
    cipher.end();
  }
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
