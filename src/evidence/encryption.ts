import type { Duplex } from 'node:stream';
import type { KeyringNode } from '@aws-crypto/material-management-node';

/** The AWS Encryption SDK as evidence uses it. Loaded when the first byte needs it: it costs 15 MB. */
export interface Encryption {
  keyring(namespace: string, name: string, key: Uint8Array): KeyringNode;
  encryptStream(keyring: KeyringNode, context: Context): Duplex;
  decryptStream(keyring: KeyringNode, onContext: (context: Context) => void): Duplex;
  encrypt(keyring: KeyringNode, plain: Uint8Array, context: Context): Promise<Uint8Array>;
  decrypt(keyring: KeyringNode, message: Uint8Array): Promise<{ plain: Uint8Array; context: Context }>;
}

/** Bound to what was encrypted, and readable without a key: no personal data. */
export type Context = Readonly<Record<string, string>>;

/** Bytes that are authenticated together; no byte of a frame is released before all of it is. */
export const FRAME_BYTES = 256 * 1024;

let loaded: Promise<Encryption> | undefined;

export const encryption = (): Promise<Encryption> => (loaded ??= load());

async function load(): Promise<Encryption> {
  const [{ buildEncrypt }, { buildDecrypt }, { RawAesKeyringNode, RawAesWrappingSuiteIdentifier }, materials] =
    await Promise.all([
      import('@aws-crypto/encrypt-node'),
      import('@aws-crypto/decrypt-node'),
      import('@aws-crypto/raw-aes-keyring-node'),
      import('@aws-crypto/material-management-node'),
    ]);
  const { AlgorithmSuiteIdentifier, CommitmentPolicy } = materials;
  // AES-256-GCM with key commitment. Without a signature: whoever may read may also write here, so it would prove nothing.
  const suiteId = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;
  const policy = { commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT, maxEncryptedDataKeys: 1 };
  const { encryptStream, encrypt } = buildEncrypt(policy);
  const { decryptUnsignedMessageStream, decrypt } = buildDecrypt(policy);
  return {
    keyring: (keyNamespace, keyName, key) =>
      new RawAesKeyringNode({
        keyNamespace,
        keyName,
        unencryptedMasterKey: new Uint8Array(key), // the SDK asks for memory of its own
        wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
      }),
    encryptStream: (keyring, context) =>
      encryptStream(keyring, { suiteId, frameLength: FRAME_BYTES, encryptionContext: { ...context } }),
    decryptStream: (keyring, onContext) =>
      decryptUnsignedMessageStream(keyring).once('MessageHeader', ({ encryptionContext }) =>
        onContext(encryptionContext),
      ),
    encrypt: async (keyring, plain, context) =>
      (await encrypt(keyring, Buffer.from(plain), { suiteId, encryptionContext: { ...context } })).result,
    decrypt: async (keyring, message) => {
      const { plaintext, messageHeader } = await decrypt(keyring, Buffer.from(message));
      return { plain: plaintext, context: messageHeader.encryptionContext };
    },
  };
}
