import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { newTotpSecret, sealTotp, stepOfCode, totpCard, unsealTotp } from '../../src/identity/totp.js';
import { delayAfter, isOld, proofIsOld } from '../../src/identity/words.js';

// RFC 6238, appendix B (https://www.rfc-editor.org/rfc/rfc6238#appendix-B): SHA-1, the secret is the ASCII text
// "12345678901234567890". The RFC prints eight digits; a six-digit code is the same number modulo 10^6 (RFC 4226, 5.3).
// Our wrapper makes and takes SHA-1 and six digits only, which is what authenticator apps know; so the rows of SHA-256 and
// SHA-512 say nothing about it, and all six rows of SHA-1 are here.
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const VECTORS: readonly [seconds: number, step: number, eightDigits: string][] = [
  [59, 0x1, '94287082'],
  [1_111_111_109, 0x23523ec, '07081804'],
  [1_111_111_111, 0x23523ed, '14050471'],
  [1_234_567_890, 0x273ef07, '89005924'],
  [2_000_000_000, 0x3f940aa, '69279037'],
  [20_000_000_000, 0x27bc86aa, '65353130'],
];
const at = (seconds: number) => new Date(seconds * 1_000);

describe('stepOfCode', () => {
  for (const [seconds, step, digits] of VECTORS) {
    it(`takes the code of RFC 6238, appendix B, at ${seconds} s for time step ${step}`, async () => {
      assert.equal(await stepOfCode(SECRET, digits.slice(2), at(seconds)), step);
    });
  }

  it('takes a code for five seconds after its step, for that step, and not for six', async () => {
    const code = '287082'; // of step 1: 30 s to 59 s
    assert.equal(await stepOfCode(SECRET, code, at(64)), 1);
    assert.equal(await stepOfCode(SECRET, code, at(65)), undefined);
  });

  it('takes no code before its time', async () => {
    assert.equal(await stepOfCode(SECRET, '287082', at(29)), undefined);
  });

  for (const code of ['', '28708', '2870820', 'abcdef', '２８７０８２', '287082\n', ' 287082', '-87082', '2e5082'])
    it(`answers ${JSON.stringify(code)} like any wrong code`, async () => {
      assert.equal(await stepOfCode(SECRET, code, at(59)), undefined);
    });

  it('answers a secret too short to be one like a wrong code', async () => {
    assert.equal(await stepOfCode('GEZDGNBV', '287082', at(59)), undefined);
  });
});

describe('the sealed secret', () => {
  const key = randomBytes(32);

  it('opens for the person it was sealed for', () => {
    const secret = newTotpSecret();
    assert.equal(secret.length, 32, '160 bits');
    const sealed = sealTotp(key, 'person_a', secret);
    assert.ok(!sealed.includes(secret));
    assert.equal(unsealTotp(key, 'person_a', sealed), secret);
  });

  it('opens for nobody else, under no other key, and not when a bit is changed', () => {
    const sealed = sealTotp(key, 'person_a', SECRET);
    assert.throws(() => unsealTotp(key, 'person_b', sealed));
    assert.throws(() => unsealTotp(randomBytes(32), 'person_a', sealed));
    const bytes = Buffer.from(sealed, 'base64');
    bytes[bytes.length - 1]! ^= 1;
    assert.throws(() => unsealTotp(key, 'person_a', bytes.toString('base64')));
  });

  it('is never sealed the same way twice', () => {
    assert.notEqual(sealTotp(key, 'person_a', SECRET), sealTotp(key, 'person_a', SECRET));
  });
});

describe('totpCard', () => {
  it('names issuer and person in the otpauth URI and draws it as PNG', async () => {
    const { uri, qr } = await totpCard('li.wei+x@example.com', SECRET);
    const parsed = new URL(uri);
    assert.equal(parsed.protocol, 'otpauth:');
    assert.equal(parsed.searchParams.get('secret'), SECRET);
    assert.equal(parsed.searchParams.get('issuer'), 'Firebreak');
    assert.match(decodeURIComponent(uri), /Firebreak:li\.wei\+x@example\.com/);
    const png = Buffer.from(qr.replace('data:image/png;base64,', ''), 'base64');
    assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  });
});

describe('the delay after wrong codes', () => {
  it('is none for four, then grows from 30 s to an hour', () => {
    const seconds = [0, 1, 4, 5, 6, 7, 11, 12, 49].map((failures) => delayAfter(failures) / 1_000);
    assert.deepEqual(seconds, [0, 0, 0, 30, 60, 120, 1_920, 3_600, 3_600]);
  });
});

describe('the age of a factor', () => {
  const since = new Date('2030-01-01T00:00:00Z');

  it('is old only after more than seven days', () => {
    assert.equal(isOld(since, new Date('2030-01-08T00:00:00Z')), false);
    assert.equal(isOld(since, new Date('2030-01-08T00:00:01Z')), true);
    assert.equal(isOld(since, since), false);
    assert.equal(isOld(since, new Date('2030-01-02T00:00:01Z'), 1), true);
  });

  it('is nothing where nothing was shown', () => {
    assert.equal(proofIsOld(undefined, since, 0), false);
    assert.equal(proofIsOld({ since }, new Date('2030-01-09T00:00:00Z')), true);
  });
});
