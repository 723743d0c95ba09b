import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import {
  checkpointText,
  formatKey,
  formatSignature,
  KEY_TYPES,
  keyOf,
  parseKey,
  parseNote,
  readCheckpoint,
  verifyCheckpoint,
  verifyNote,
} from '../../src/proof/index.js';
import { nodePrimitives } from '../../src/proof/node.js';

// Note and key: the package documentation of golang.org/x/mod/sumdb/note (BSD-3-Clause).
const KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const NOTE = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;

// https://c2sp.org/tlog-checkpoint and https://c2sp.org/tlog-cosignature: notes of the specifications, keys not given there.
const CHECKPOINT = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`;

describe('signed notes', () => {
  it('of Go verify, with the key of Go', async () => {
    const key = await parseKey(nodePrimitives, KEY);
    assert.equal(formatKey(key), KEY);
    const [signer] = await verifyNote(nodePrimitives, parseNote(NOTE), [key]);
    assert.equal(signer?.key.name, 'PeterNeumann');
  });

  it('are refused with any bit flipped', async () => {
    const key = await parseKey(nodePrimitives, KEY);
    const bytes = Buffer.from(NOTE);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const bad = Buffer.from(bytes);
      bad[bit >> 3] = (bad[bit >> 3] as number) ^ (1 << (bit & 7));
      await assert.rejects(
        async () => verifyNote(nodePrimitives, parseNote(bad), [key]),
        { name: 'Fault' },
        `bit ${bit}`,
      );
    }
  });

  it('of a specification are read as a checkpoint with the signatures of log and witness', () => {
    const { text, signatures } = parseNote(CHECKPOINT);
    assert.deepEqual(
      signatures.map(({ name, signature }) => [name, signature.length]),
      [
        ['example.com/behind-the-sofa', 64],
        ['witness.example.com/w1', 72],
      ],
    );
    const checkpoint = readCheckpoint(text);
    assert.equal(checkpoint.size, 20_852_163);
    assert.equal(checkpointText(checkpoint), text);
  });

  for (const bad of [
    '',
    'text\n',
    'text\n\n',
    'text\n\n— name\n',
    'text\n\n— na+me AAAAAAA=\n',
    'text\n\n— name AAAA\n',
    'text\n\n- name AAAAAAAAAAA=\n',
    'te\txt\n\n— name AAAAAAAAAAA=\n',
    'text\r\n\n— name AAAAAAAAAAA=\n',
    `text\n\n${'— name AAAAAAAAAAA=\n'.repeat(65)}`,
    `${'x'.repeat(70_000)}\n\n— name AAAAAAAAAAA=\n`,
  ])
    it(`are not: ${JSON.stringify(bad.slice(0, 40))}`, () => assert.throws(() => parseNote(bad), { name: 'Fault' }));

  for (const bad of [
    'a\n01\nAAAA\n',
    'a\n-1\nAAAA\n',
    'a\n1\nAAAA\n',
    '\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n',
    'a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nmore\n',
    'a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n',
  ])
    it(`are no checkpoint: ${JSON.stringify(bad.slice(0, 30))}`, () =>
      assert.throws(() => readCheckpoint(bad), { name: 'Fault' }));

  it('count a signature once it is of a trusted key, ignore strangers, and refuse one that claims a trusted key', async () => {
    const make = async (name: string) => {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      const raw = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32));
      const key = await keyOf(nodePrimitives, name, KEY_TYPES.ed25519, raw);
      return {
        key,
        line: (text: string) => formatSignature({ ...key, signature: sign(null, Buffer.from(text), privateKey) }),
      };
    };
    const [log, other] = [await make('log.example/a'), await make('log.example/a')];
    const text = checkpointText({ origin: 'log.example/a', size: 0, root: new Uint8Array(32) });
    const both = `${text}\n${log.line(text)}${other.line(text)}`;
    assert.equal((await verifyCheckpoint(nodePrimitives, both, [log.key])).signers.length, 1);
    await assert.rejects(verifyCheckpoint(nodePrimitives, `${text}\n${other.line(text)}`, [log.key]), {
      code: 'unknown_key',
    });
    await assert.rejects(verifyCheckpoint(nodePrimitives, `${text}\n${log.line('else')}`, [log.key]), {
      code: 'signature',
    });
    const elsewhere = await make('log.example/b');
    await assert.rejects(verifyCheckpoint(nodePrimitives, `${text}\n${elsewhere.line(text)}`, [elsewhere.key]), {
      code: 'unknown_key',
    });
  });
});
