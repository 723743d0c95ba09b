import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { buildDecrypt } from '@aws-crypto/decrypt-node';
import { buildEncrypt } from '@aws-crypto/encrypt-node';
import {
  AlgorithmSuiteIdentifier,
  CommitmentPolicy,
  type EncryptedDataKey,
  KeyringNode,
  MultiKeyringNode,
  type NodeDecryptionMaterial,
  type NodeEncryptionMaterial,
} from '@aws-crypto/material-management-node';
import { decrypt, encrypt, encryption, FRAME_BYTES } from '../../src/evidence/encryption.js';
import { sealed, Undecipherable, unsealed } from '../../src/evidence/sealed-bytes.js';

const OBJECT = 'object_0123456789abcdef01234567';
const NAMESPACE = 'firebreak evidence data keys';
const SUITE = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;
const SIZES = [0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 3 * FRAME_BYTES + 5];

/** Shows what it opened. */
class Watched extends KeyringNode {
  readonly #keyring: KeyringNode;
  opened: NodeDecryptionMaterial | undefined;

  constructor(keyring: KeyringNode) {
    super();
    this.#keyring = keyring;
  }

  _onEncrypt(material: NodeEncryptionMaterial) {
    return this.#keyring.onEncrypt(material);
  }

  async _onDecrypt(material: NodeDecryptionMaterial, keys: EncryptedDataKey[]) {
    this.opened = await this.#keyring.onDecrypt(material, keys);
    return this.opened;
  }
}

/** The SDK's own clients: what a court's expert would read with. */
describe('the encryption of evidence', () => {
  const key = new Uint8Array(randomBytes(32));
  let keyring: KeyringNode;
  before(async () => {
    keyring = (await encryption()).keyring(NAMESPACE, OBJECT, key);
  });

  const unsealedOf = (message: Buffer, pieces = message.length || 1): Promise<Buffer> => {
    const parts = Array.from({ length: Math.ceil(message.length / pieces) }, (_, n) =>
      message.subarray(n * pieces, (n + 1) * pieces),
    );
    return buffer(unsealed(Readable.from(parts), OBJECT, key));
  };
  const sdkEncrypt = async (plain: Buffer, options: object = {}, from = keyring): Promise<Buffer> => {
    const policy = CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT;
    const forbids = 'suiteId' in options && options.suiteId !== SUITE;
    const { encrypt: seal } = buildEncrypt(forbids ? policy : CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
    const given = { suiteId: SUITE, frameLength: FRAME_BYTES, encryptionContext: { object: OBJECT }, ...options };
    return Buffer.from((await seal(from, plain, given)).result);
  };

  it('writes what the AWS Encryption SDK reads', async () => {
    const { decryptUnsignedMessageStream } = buildDecrypt(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
    for (const size of SIZES) {
      const plain = randomBytes(size);
      const message = await buffer(sealed(Readable.from([plain.subarray(0, 7), plain.subarray(7)]), OBJECT, key));
      const read = Readable.from([message]).pipe(decryptUnsignedMessageStream(keyring));
      assert.ok((await buffer(read)).equals(plain), `${size} bytes`);
    }
    const short = await encrypt(keyring, randomBytes(32), { case: 'case_1' });
    assert.equal((await buffer(Readable.from([short]).pipe(decryptUnsignedMessageStream(keyring)))).length, 32);
  });

  it('reads what the AWS Encryption SDK writes, in whatever pieces it comes', async () => {
    for (const size of SIZES) {
      const plain = randomBytes(size);
      const message = await sdkEncrypt(plain);
      for (const pieces of [4_099, 65_536, message.length])
        assert.ok((await unsealedOf(message, pieces)).equals(plain), `${size} bytes in pieces of ${pieces}`);
    }
    const { plain, context } = await decrypt(keyring, await sdkEncrypt(Buffer.from('a key'), { frameLength: 4_096 }));
    assert.equal(plain.toString(), 'a key');
    assert.equal(context['object'], OBJECT);
  });

  it('reads from memory that every piece comes in again', async () => {
    const plain = randomBytes(3 * FRAME_BYTES + 5);
    const message = await sdkEncrypt(plain);
    for (const pieces of [97, 4_099, FRAME_BYTES, 2 * FRAME_BYTES]) {
      async function* overwritten(): AsyncGenerator<Uint8Array> {
        const memory = Buffer.alloc(pieces);
        for (let at = 0; at < message.length; at += pieces) {
          yield memory.subarray(0, message.copy(memory, 0, at));
          memory.fill(0xee);
        }
      }
      assert.ok((await buffer(unsealed(overwritten(), OBJECT, key))).equals(plain), `in pieces of ${pieces}`);
    }
  });

  it('releases nothing of what is not exactly a message of ours', async () => {
    const plain = randomBytes(2 * FRAME_BYTES + 5);
    const whole = await sdkEncrypt(plain);
    const other = (await encryption()).keyring(NAMESPACE, 'other', new Uint8Array(randomBytes(32)));
    const twoKeys = new MultiKeyringNode({ generator: keyring, children: [other] });
    const endless = Buffer.concat([whole.subarray(0, 35), Buffer.alloc(200_000, 0xff)]);
    for (const [what, message] of Object.entries({
      'another object': await sdkEncrypt(plain, { encryptionContext: { object: 'object_other' } }),
      'no object': await sdkEncrypt(plain, { encryptionContext: {} }),
      'a suite without commitment': await sdkEncrypt(plain, {
        suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA256,
      }),
      'two data keys': await sdkEncrypt(plain, {}, twoKeys),
      'another key': await sdkEncrypt(plain, {}, other),
      'frames longer than ours': await sdkEncrypt(plain, { frameLength: 2 * FRAME_BYTES }),
      nothing: Buffer.alloc(0),
      'a header without an end': endless,
    })) {
      const parts: Buffer[] = [];
      const reading = (async () => {
        for await (const part of unsealed(Readable.from([message]), OBJECT, key)) parts.push(part);
      })();
      await assert.rejects(reading, Undecipherable, what);
      assert.deepEqual(parts, [], what);
    }
    const { seal } = await encryption();
    const over = await seal(keyring, {});
    over.frame(Buffer.alloc(5));
    assert.throws(() => over.frame(Buffer.alloc(5)), /over/);
    await assert.rejects(encrypt(keyring, Buffer.alloc(FRAME_BYTES), {}), /too long/);
    for (const length of [whole.length - 1, whole.length - 17, 2 * FRAME_BYTES, 100, 1])
      await assert.rejects(unsealedOf(whole.subarray(0, length)), Undecipherable, `cut at ${length}`);
    for (const more of [Buffer.alloc(1), whole])
      await assert.rejects(unsealedOf(Buffer.concat([whole, more])), Undecipherable);
  });

  it('forgets the data key, also of what does not open', async () => {
    const watched = new Watched(keyring);
    const whole = await encrypt(keyring, Buffer.from('a key'), { object: OBJECT });
    assert.equal((await decrypt(watched, whole)).plain.toString(), 'a key');
    assert.equal(watched.opened?.hasUnencryptedDataKey, false);
    const frame = 4 + 4 + 12 + 4 + 5 + 16; // of five bytes; before it stands the tag of the header
    for (const place of [whole.length - 1, whole.length - frame - 1]) {
      const changed = Buffer.from(whole);
      changed[place]! ^= 1;
      watched.opened = undefined;
      await assert.rejects(decrypt(watched, changed));
      assert.equal((watched.opened as NodeDecryptionMaterial | undefined)?.hasUnencryptedDataKey, false, `at ${place}`);
    }
  });

  it('says so when the store fails, and leaves the store when its reader leaves', async () => {
    const failing = Readable.from(
      (async function* () {
        yield (await sdkEncrypt(randomBytes(FRAME_BYTES * 2))).subarray(0, FRAME_BYTES);
        throw new Error('the disk is gone');
      })(),
    );
    await assert.rejects(buffer(unsealed(failing, OBJECT, key)), /the disk is gone/);
    const left = Readable.from([await sdkEncrypt(randomBytes(FRAME_BYTES * 2))]);
    for await (const _ of unsealed(left, OBJECT, key)) break;
    assert.equal(left.destroyed, true);
  });
});
