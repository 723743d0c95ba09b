import assert from 'node:assert/strict';
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { verifyJws } from '../../src/identity/jws.js';
import { fixedKeys } from '../../src/identity/key-ring.js';
import { makeTokens } from '../../src/identity/tokens.js';
import { movableClock } from '../../src/kernel/clock.js';

const keyOf = (jwk: JsonWebKey) => createPublicKey({ key: jwk, format: 'jwk' });
const read = (jws: string, key = keyOf(WYCHEPROOF_KEY)) => verifyJws(jws, () => key, { ignoreExpiration: true });

// Wycheproof, testvectors_v1/json_web_signature_test.json, group es256, tests 18 to 32
// (https://github.com/C2SP/wycheproof, commit 073df56bfc1f2719eecad1e32391b8a80b43338a; Apache-2.0). Facts, by tcId.
const WYCHEPROOF_KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: '04N0xi21hshyvBp7I167sbE_bXqyqkAPfefdklMO7wY',
  y: 'UI8exy-C06a7DUnjIdENkxeFtHM4-l_41LqEw9nVgmw',
};
const HEADER = 'eyJhbGciOiJFUzI1NiIsImtpZCI6ImtpZC1lYy1zaWduIn0';
const SIGNATURE = '5cA0OHyMP7ezamUd5c9kV-FrGxdx4hbGXOdplQkutrqWrte5P-pAvsE3Ve6xSyU3YDQwUHjVVOtvcrEbbnZ8yA';
const INVALID: Record<string, string> = {
  '19 modified signature': `${HEADER}.Zm9v.X${SIGNATURE.slice(1)}`,
  '20 missing signature': `${HEADER}.Zm9v.`,
  '21 missing signature and separator': `${HEADER}.Zm9v`,
  '22 modified payload': `${HEADER}.WG9v.${SIGNATURE}`,
  '23 missing payload': `${HEADER}..${SIGNATURE}`,
  '24 missing payload and separator': `${HEADER}.${SIGNATURE}`,
  '25 modified header': `eyJhbGciOiJFUzI1NiIsImtpZCI6IlhpZC1lYy1zaWduIn0.Zm9v.${SIGNATURE}`,
  '26 missing header': `.Zm9v.${SIGNATURE}`,
  '27 missing header and separator': `Zm9v.${SIGNATURE}`,
  '28 missing header and signature': '.Zm9v.',
  '29 missing header, signature and separators': 'Zm9v',
  '30 empty string': '',
  '31 symmetry confusion, a MAC with the bytes of the public key':
    'eyJhbGciOiJIUzI1NiIsImtpZCI6ImtpZC1lYy1zaWduIn0.Zm9v.TgWtz2FIRukBQ_mA5sgHa0Ybtgn7bl-YBPAi7Z0XdHU',
  '32 a key of the attacker embedded as jwk':
    'eyJhbGciOiJFUzI1NiIsImtpZCI6ImtpZC1lYy1zaWduIiwiandrIjp7Imt0eSI6IkVDIiwia2lkIjoia2lkLWVjLXNpZ24iLCJ1c2UiOiJzaWciLCJhbGciOiJFUzI1NiIsIngiOiJNZG5UWkRJaERKYmZBU2RGcWFtY3BPMkNoOUdOS0sybTBNUWxoNDAyU3BvIiwieSI6Ijdhdko0bHFfV3l4LW5MUERCUTJZcHl0dUh5TWlvMDdCVXl2bDNqYUMtMVkiLCJjcnYiOiJQLTI1NiJ9fQ.Zm9v.4jmsollQD8ZxvySzXYnIEYA4fwaZi2ZbC0aI1J4LYmW2Bn31NhKdjms2N6o51Dff5-InWXQF9m45VtTexl6yjg',
};

describe('signed tokens of Wycheproof, ES256', () => {
  it('18 valid: the signature holds', () => {
    assert.equal(read(`${HEADER}.Zm9v.${SIGNATURE}`), 'foo');
  });

  for (const [name, jws] of Object.entries(INVALID))
    it(`${name}: refused`, () => {
      assert.equal(read(jws), undefined);
    });
});

// RFC 7515, A.3 (https://www.rfc-editor.org/rfc/rfc7515#appendix-A.3).
describe('the ES256 token of RFC 7515, A.3', () => {
  const key = keyOf({
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  });
  const parts = [
    'eyJhbGciOiJFUzI1NiJ9',
    'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ',
    'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
  ];
  const token = parts.join('.');

  it('verifies under its key', () => {
    assert.deepEqual(read(token, key), { iss: 'joe', exp: 1_300_819_380, 'http://example.com/is_root': true });
  });

  it('is over, for whoever asks for its end', () => {
    assert.equal(
      verifyJws(token, () => key, {}),
      undefined,
    );
  });

  it('does not verify with one bit of any part turned', () => {
    for (const index of [0, 1, 2]) {
      const bytes = Buffer.from(parts[index] as string, 'base64url');
      for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
        const turned = Buffer.from(bytes);
        turned[at] = (turned[at] as number) ^ 1;
        assert.equal(read(parts.with(index, turned.toString('base64url')).join('.'), key), undefined, `${index} ${at}`);
      }
    }
  });

  it('is none of ours, under the very same key', () => {
    const { privateKey } = { privateKey: key };
    const keys = fixedKeys([{ kid: 'x', publicKey: key, privateKey }]);
    assert.equal(makeTokens(keys, movableClock(), 10).readAccess(token), undefined);
  });
});
