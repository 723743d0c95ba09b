import { concat, type Primitives } from '../proof/index.js';

const bytesOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytesOf(bytes)));

/** What checking needs, in a browser: WebCrypto. It has no SHA-256 in pieces, so pieces are kept until the end. */
export const webPrimitives: Primitives = {
  sha256,
  digest: () => {
    const pieces: Uint8Array[] = [];
    return { update: (bytes) => void pieces.push(bytes), digest: () => sha256(concat(...pieces)) };
  },
  verifyEd25519: async (publicKey, message, signature) => {
    const key = await crypto.subtle.importKey('raw', bytesOf(publicKey), 'Ed25519', false, ['verify']);
    return crypto.subtle.verify('Ed25519', key, bytesOf(signature), bytesOf(message));
  },
};
