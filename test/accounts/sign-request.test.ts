import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { hmacSignature, signatureBase } from '../../src/accounts/sign-request.js';

describe('sign request', () => {
  // RFC 9421, appendix B.2.5 (https://www.rfc-editor.org/rfc/rfc9421.html#appendix-B.2.5); the key is in B.1.5.
  it('makes the base and the signature of RFC 9421’s hmac-sha256 example', () => {
    const secret = Buffer.from(
      'uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==',
      'base64',
    );
    const base = signatureBase(
      [
        ['date', 'Tue, 20 Apr 2021 02:07:55 GMT'],
        ['@authority', 'example.com'],
        ['content-type', 'application/json'],
      ],
      '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
    );
    assert.equal(hmacSignature(base, new Uint8Array(secret)), 'pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=');
  });
});
