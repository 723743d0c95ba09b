import type { KeyringNode } from '@aws-crypto/material-management-node';
import type { HeaderInfo } from '@aws-crypto/serialize';

/**
 * The AWS Encryption SDK as evidence uses it: its keyrings and its message format, a whole frame at a time rather than through its
 * streams, which cost three times what they encrypt (decision 0006). Loaded when the first byte needs it: it costs 15 MB.
 */
export interface Encryption {
  keyring(namespace: string, name: string, key: Uint8Array): KeyringNode;
  /** Begins a message. */
  seal(keyring: KeyringNode, context: Context): Promise<Seal>;
  /**
   * Reads a message to its end; no byte of a frame comes out before all of it is authenticated.
   * @param message  its bytes may be overwritten when the next ones are asked for
   * @param check is told what the message is bound to, once that is authenticated, before the first byte
   * @throws Error for whatever is not one whole message of ours under this key
   */
  unseal(
    keyring: KeyringNode,
    message: AsyncIterable<Uint8Array>,
    check: (context: Context) => void,
  ): AsyncGenerator<Buffer>;
}

/** A message that is being written: its header, then its frames. */
export interface Seal {
  readonly header: readonly Uint8Array[];
  /** Frames of `FRAME_BYTES`, and a shorter one, or an empty one, that ends the message. */
  frame(plain: Uint8Array): readonly Uint8Array[];
  /** Zeroes the data key. */
  end(): void;
}

/** Bound to what was encrypted, and readable without a key: no personal data. */
export type Context = Readonly<Record<string, string>>;

/** Bytes that are authenticated together. */
export const FRAME_BYTES = 256 * 1024;
/** Far more than a header of ours has. */
const MOST_HEADER_BYTES = 64 * 1024;
/** The last one, when it is empty: twice a number, IV, length and tag. */
const SHORTEST_FRAME_BYTES = 4 + 4 + 12 + 4 + 16;
const LONGEST_FRAME_BYTES = FRAME_BYTES + SHORTEST_FRAME_BYTES;

let loaded: Promise<Encryption> | undefined;

export const encryption = (): Promise<Encryption> =>
  (loaded ??= load().catch((error: unknown) => {
    loaded = undefined; // the next one tries again
    throw error;
  }));

/** A message of one frame. @throws Error for what does not fit */
export async function encrypt(keyring: KeyringNode, plain: Uint8Array, context: Context): Promise<Buffer> {
  if (plain.length >= FRAME_BYTES) throw new Error('too long for one frame');
  const seal = await (await encryption()).seal(keyring, context);
  try {
    return Buffer.concat([...seal.header, ...seal.frame(plain)]);
  } finally {
    seal.end();
  }
}

/** The reverse of `encrypt`. */
export async function decrypt(keyring: KeyringNode, message: Uint8Array): Promise<{ plain: Buffer; context: Context }> {
  let context: Context = {};
  const parts: Buffer[] = [];
  const whole = (async function* () {
    yield message;
  })();
  for await (const part of (await encryption()).unseal(keyring, whole, (found) => {
    context = found;
  }))
    parts.push(part);
  return { plain: Buffer.concat(parts), context };
}

async function load(): Promise<Encryption> {
  const [{ getEncryptionInfo }, { getEncryptFrame }, rawAes, materials, format] = await Promise.all([
    import('@aws-crypto/encrypt-node/build/main/src/encrypt_stream.js'),
    import('@aws-crypto/encrypt-node/build/main/src/framed_encrypt_stream.js'),
    import('@aws-crypto/raw-aes-keyring-node'),
    import('@aws-crypto/material-management-node'),
    import('@aws-crypto/serialize'),
  ]);
  const { RawAesKeyringNode, RawAesWrappingSuiteIdentifier } = rawAes;
  const { NodeAlgorithmSuite, NodeDefaultCryptographicMaterialsManager: MaterialsManager } = materials;
  // AES-256-GCM with key commitment. Without a signature: whoever may read may also write here, so it would prove nothing.
  const suite = new NodeAlgorithmSuite(
    materials.AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
  );
  const commitmentPolicy = materials.CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT;
  const { deserializeMessageHeader } = format.deserializeFactory(
    (bytes) => viewOf(bytes).toString(),
    NodeAlgorithmSuite,
  );
  const { messageAAD, messageAADContentString } = format.aadFactory((text) => Buffer.from(text));

  async function seal(keyring: KeyringNode, context: Context): Promise<Seal> {
    const asked = { suite, encryptionContext: { ...context }, commitmentPolicy };
    const material = await new MaterialsManager(keyring).getEncryptionMaterials(asked);
    const { getCipher, messageHeader, rawHeader, dispose } = getEncryptionInfo(material, FRAME_BYTES);
    let sequenceNumber = 0;
    let isOver = false;
    return {
      header: rawHeader,
      frame: (plain) => {
        if (isOver) throw new Error('the message is over');
        sequenceNumber += 1;
        const content = [viewOf(plain)];
        const pendingFrame = { content, contentLength: plain.length, sequenceNumber };
        const isFinalFrame = plain.length < FRAME_BYTES;
        isOver = isFinalFrame;
        const { cipher, bodyHeader } = getEncryptFrame({ pendingFrame, messageHeader, getCipher, isFinalFrame, suite });
        const encrypted = cipher.update(viewOf(plain));
        return [bodyHeader, encrypted, cipher.final(), cipher.getAuthTag()];
      },
      end: dispose,
    };
  }

  /** Opens the data key of a message, and authenticates its header with it. */
  async function open(keyring: KeyringNode, { messageHeader, algorithmSuite, rawHeader, headerAuth }: HeaderInfo) {
    const { messageId, encryptionContext, encryptedDataKeys, contentType } = messageHeader;
    if (algorithmSuite.id !== suite.id || contentType !== format.ContentType.FRAMED_DATA)
      throw new Error('it is encrypted in another way than ours');
    const asked = { suite, encryptionContext, encryptedDataKeys };
    const material = await new MaterialsManager(keyring).decryptMaterials(asked);
    const { getDecipherInfo, dispose } = materials.getDecryptionHelper(material);
    try {
      const commitment = 'suiteData' in messageHeader ? messageHeader.suiteData : undefined;
      const getDecipher = getDecipherInfo(messageId, commitment);
      const decipher = (iv: Uint8Array, about: Uint8Array, tag: Uint8Array, encrypted: Uint8Array): Buffer => {
        const opened = getDecipher(iv).setAAD(viewOf(about)).setAuthTag(viewOf(tag));
        const plain = opened.update(viewOf(encrypted));
        opened.final(); // throws unless all of it is what was written
        return plain;
      };
      decipher(headerAuth.headerIv, rawHeader, headerAuth.headerAuthTag, Buffer.alloc(0));
      return { decipher, dispose };
    } catch (error) {
      dispose();
      throw error;
    }
  }

  async function* unseal(
    keyring: KeyringNode,
    message: AsyncIterable<Uint8Array>,
    check: (context: Context) => void,
  ): AsyncGenerator<Buffer> {
    const incoming = new Incoming(message);
    let dispose: () => void = () => undefined;
    try {
      const header = await incoming.header((bytes) => deserializeMessageHeader(bytes, { maxEncryptedDataKeys: 1 }));
      const key = await open(keyring, header);
      dispose = key.dispose;
      const { messageId, encryptionContext, contentType } = header.messageHeader;
      check(encryptionContext);
      incoming.skip(header.rawHeader.length + header.headerAuth.headerAuthLength);
      for (let sequenceNumber = 1; ; sequenceNumber += 1) {
        const beginning = (await incoming.front(SHORTEST_FRAME_BYTES)).subarray(0, SHORTEST_FRAME_BYTES);
        const frame = format.decodeBodyHeader(Buffer.from(beginning), header, 0);
        if (!frame) throw new Error('it is cut off');
        const { iv, contentLength, tagLength, isFinalFrame, readPos } = frame;
        if (frame.sequenceNumber !== sequenceNumber) throw new Error('its frames are out of order');
        const end = readPos + contentLength;
        const whole = end + tagLength / 8;
        if (contentLength > FRAME_BYTES) throw new Error('a frame is too long');
        const bytes = await incoming.front(whole);
        const kind = messageAADContentString({ contentType, isFinalFrame });
        const about = messageAAD(messageId, kind, sequenceNumber, contentLength);
        const plain = key.decipher(iv, about, bytes.subarray(end, whole), bytes.subarray(readPos, end));
        incoming.skip(whole);
        if (plain.length > 0) yield plain;
        if (isFinalFrame) break;
      }
      await incoming.end();
    } finally {
      dispose();
      await incoming.leave();
    }
  }

  return {
    keyring: (keyNamespace, keyName, key) =>
      new RawAesKeyringNode({
        keyNamespace,
        keyName,
        unencryptedMasterKey: new Uint8Array(key), // the SDK asks for memory of its own
        wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
      }),
    seal,
    unseal,
  };
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

const NOTHING = Buffer.alloc(0);

/** Bytes that have come and were not used yet. What has come is copied before more is asked for: it may be overwritten then. */
class Incoming {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Buffer = NOTHING;
  /** What lay in two pieces: the beginning of `#joined`, and before `#rest`. */
  #front: Buffer = NOTHING;
  #joined: Buffer = NOTHING;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /**
   * @param answer  is given the beginning, which is its own: what it returns may hold parts of it
   * @throws Error when there is no answer in as many bytes as a header may have, or as there are
   */
  async header<T>(answer: (bytes: Buffer) => T | false): Promise<T> {
    for (;;) {
      const beginning = Buffer.from(this.#rest.subarray(0, MOST_HEADER_BYTES));
      const found = beginning.length > 0 && answer(beginning);
      if (found) return found;
      if (beginning.length === MOST_HEADER_BYTES) throw new Error('its header does not end');
      if (!(await this.#more())) throw new Error('it is cut off');
      this.#rest = Buffer.concat([beginning, this.#rest]);
    }
  }

  /** At least so many bytes in one piece, until more is asked for. @throws Error when fewer come */
  async front(length: number): Promise<Buffer> {
    if (this.#front.length >= length) return this.#front;
    if (this.#front.length === 0 && this.#rest.length >= length) return this.#rest;
    if (this.#joined.length < length) this.#joined = Buffer.allocUnsafeSlow(Math.max(length, LONGEST_FRAME_BYTES));
    let filled = this.#front.copy(this.#joined);
    for (;;) {
      const copied = this.#rest.copy(this.#joined, filled, 0, length - filled);
      this.#rest = this.#rest.subarray(copied);
      filled += copied;
      this.#front = this.#joined.subarray(0, filled);
      if (filled === length) return this.#front;
      if (!(await this.#more())) throw new Error('it is cut off');
    }
  }

  /** Of what `front` gave. */
  skip(length: number): void {
    const ofFront = Math.min(length, this.#front.length);
    this.#joined.copyWithin(0, ofFront, this.#front.length);
    this.#front = this.#joined.subarray(0, this.#front.length - ofFront);
    this.#rest = this.#rest.subarray(length - ofFront);
  }

  /** @throws Error when there is more */
  async end(): Promise<void> {
    while (this.#front.length + this.#rest.length === 0) if (!(await this.#more())) return;
    throw new Error('something follows its end');
  }

  async leave(): Promise<void> {
    await this.#source.return?.();
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#source.next();
    if (done) return false;
    this.#rest = viewOf(value);
    return true;
  }
}
