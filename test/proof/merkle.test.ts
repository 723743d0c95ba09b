import assert from 'node:assert/strict';
import { Accumulator, emptyRoot, hashLeaf, verifyConsistency, verifyInclusion } from '../../src/proof/index.js';
import { nodePrimitives } from '../../src/proof/node.js';

// Leaves, roots, proofs and the ways to spoil them: https://github.com/transparency-dev/merkle, proof/verify_test.go at
// 02194e9afb6c1d95b5381350007963aa70fff472 (Apache-2.0), which has them from the tests of Certificate Transparency.
const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  hex,
);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
].map(hex);
const EMPTY = hex('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
const SOME = hex('abacaba000000000000000000000000000000000000000000060061e00123456');

/** Index counted from 0, size, proof. */
const INCLUSION: [number, number, string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

const CONSISTENCY: [number, number, string[]][] = [
  [1, 1, []],
  [1, 8, INCLUSION[1]?.[2] ?? []],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
  [
    6,
    7,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
];

const rootOf = (size: number): Uint8Array => ROOTS[size - 1] ?? EMPTY;
const flipped = (hash: Uint8Array, bit: number): Uint8Array => {
  const copy = Uint8Array.from(hash);
  copy[Math.floor(bit / 8)] = (copy[Math.floor(bit / 8)] as number) ^ (1 << (bit % 8));
  return copy;
};
/** Every proof that differs from this one in a bit. */
const spoiled = (proof: readonly Uint8Array[]): Uint8Array[][] =>
  proof.flatMap((hash, at) => Array.from({ length: 256 }, (_, bit) => proof.with(at, flipped(hash, bit))));

describe('the Merkle tree of RFC 9162, with the published vectors', () => {
  it('has their roots at every size from 0 on', async () => {
    const tree = new Accumulator(nodePrimitives);
    assert.deepEqual(Buffer.from(await tree.root()), Buffer.from(EMPTY));
    assert.deepEqual(Buffer.from(await emptyRoot(nodePrimitives)), Buffer.from(EMPTY));
    for (const [at, leaf] of LEAVES.entries()) {
      await tree.append(await hashLeaf(nodePrimitives, leaf));
      assert.deepEqual(Buffer.from(await tree.root()), Buffer.from(ROOTS[at] as Uint8Array));
    }
  });

  for (const [index, size, hashes] of INCLUSION) {
    it(`includes leaf ${index} in ${size}, and nothing that is spoiled`, async () => {
      const leaf = await hashLeaf(nodePrimitives, LEAVES[index] as Uint8Array);
      const good = { index, size, leaf, proof: hashes.map(hex), root: rootOf(size) };
      assert.equal(await verifyInclusion(nodePrimitives, good), true);
      const { proof, root } = good;
      const bad: Partial<typeof good>[] = [
        { index: index - 1 },
        { index: index + 1 },
        { index: index ^ 2 },
        { size: size * 2 },
        { size: Math.floor(size / 2) },
        { leaf: Buffer.from('WrongLeaf') },
        { root: EMPTY },
        { root: SOME },
        { proof: [...proof, new Uint8Array()] },
        { proof: [...proof, root] },
        { proof: [new Uint8Array(), ...proof] },
        { proof: [root, ...proof] },
        ...(proof.length > 0 ? [{ proof: proof.slice(0, -1) }] : []),
        ...(proof.length > 1 ? [{ proof: [proof[0] as Uint8Array, SOME, ...proof.slice(1)] }] : []),
        ...spoiled(proof).map((one) => ({ proof: one })),
        ...spoiled([leaf]).map(([one]) => ({ leaf: one as Uint8Array })),
        ...spoiled([root]).map(([one]) => ({ root: one as Uint8Array })),
      ];
      for (const wrong of bad)
        assert.equal(await verifyInclusion(nodePrimitives, { ...good, ...wrong }), false, JSON.stringify(wrong));
    });
  }

  it('includes nothing in an empty tree, nor beyond the end', async () => {
    for (const [index, size] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [2, 1],
    ] as const) {
      for (const [leaf, root] of [
        [SOME, new Uint8Array()],
        [new Uint8Array(), EMPTY],
        [SOME, EMPTY],
      ] as const)
        assert.equal(await verifyInclusion(nodePrimitives, { index, size, leaf, proof: [], root }), false);
    }
  });

  for (const [first, second, hashes] of CONSISTENCY) {
    it(`continues ${first} to ${second}, and nothing that is spoiled`, async () => {
      const good = {
        first,
        second,
        firstRoot: rootOf(first),
        secondRoot: rootOf(second),
        proof: hashes.map(hex),
      };
      assert.equal(await verifyConsistency(nodePrimitives, good), true);
      if (hashes.length === 0) return;
      const { proof, firstRoot, secondRoot } = good;
      const bad: Partial<typeof good>[] = [
        { first: first - 1 },
        { first: first + 1 },
        { first: first ^ 2 },
        { second: second * 2 },
        { second: Math.floor(second / 2) },
        { firstRoot: Buffer.from('WrongRoot') },
        { secondRoot: Buffer.from('WrongRoot') },
        { firstRoot: secondRoot, secondRoot: firstRoot },
        { proof: [] },
        ...[new Uint8Array(), firstRoot, secondRoot].map((more) => ({ proof: [...proof, more] })),
        ...[new Uint8Array(), firstRoot, secondRoot, proof[0] as Uint8Array].map((more) => ({
          proof: [more, ...proof],
        })),
        { proof: proof.slice(0, -1) },
        ...spoiled(proof).map((one) => ({ proof: one })),
        ...spoiled([firstRoot]).map(([one]) => ({ firstRoot: one as Uint8Array })),
        ...spoiled([secondRoot]).map(([one]) => ({ secondRoot: one as Uint8Array })),
      ];
      for (const wrong of bad)
        assert.equal(await verifyConsistency(nodePrimitives, { ...good, ...wrong }), false, JSON.stringify(wrong));
    });
  }

  const one = Buffer.from("don't care 1");
  const two = Buffer.from("don't care 2");
  const trivial: [number, number, Uint8Array, Uint8Array, Uint8Array[], boolean][] = [
    [0, 0, one, two, [], false],
    [1, 1, one, two, [], false],
    [0, 0, one, one, [], true],
    [0, 1, one, two, [], true],
    [1, 1, two, two, [], true],
    [1, 0, one, two, [], false],
    [2, 1, one, two, [], false],
    [1, 2, one, two, [], false],
    [0, 0, EMPTY, two, [], false],
    [1, 1, EMPTY, two, [], false],
    [0, 0, EMPTY, EMPTY, [EMPTY], false],
    [0, 1, EMPTY, EMPTY, [EMPTY], false],
    [1, 1, EMPTY, EMPTY, [EMPTY], false],
  ];
  for (const [at, [first, second, firstRoot, secondRoot, proof, holds]] of trivial.entries())
    it(`${holds ? 'accepts' : 'refuses'} trivial vector ${at}: ${first} to ${second}`, async () => {
      const given = { first, second, firstRoot, secondRoot, proof };
      assert.equal(await verifyConsistency(nodePrimitives, given), holds);
    });
});
