import assert from 'node:assert/strict';
import { leafHash } from '../../src/audit/leaf-hash.js';

describe('leafHash', () => {
  // Origin: the reference leaf hashes in the tests of google/certificate-transparency and transparency-dev/merkle
  // (RFC 6962 hasher): of the empty leaf, and of the leaf "L123456".
  const vectors = [
    ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    ['L123456', '395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56'],
  ] as const;
  for (const [leaf, hash] of vectors) {
    it(`hashes ${JSON.stringify(leaf)} as the published vector says`, () => {
      assert.equal(leafHash(Buffer.from(leaf)).toString('hex'), hash);
    });
  }
});
