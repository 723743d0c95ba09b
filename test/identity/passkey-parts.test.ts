import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { challengeOfReverification, issueChallenge, readChallenge } from '../../src/identity/passkeys/challenge.js';
import { relyingPartyOf } from '../../src/identity/passkeys/relying-party.js';
import { MINUTE } from '../../src/kernel/clock.js';
import { readConfig } from '../../src/kernel/config.js';
import type { Problem } from '../../src/kernel/problem.js';

describe('the relying party', () => {
  const of = (env: Record<string, string>) => relyingPartyOf({ config: readConfig(env) });

  it('is the host of BASE_URL, and its origin', () => {
    assert.deepEqual(of({ BASE_URL: 'https://firebreak.example/' }), {
      id: 'firebreak.example',
      origin: 'https://firebreak.example',
    });
    assert.deepEqual(of({ BASE_URL: 'https://desk.firebreak.example:8443/at/a/path' }), {
      id: 'desk.firebreak.example',
      origin: 'https://desk.firebreak.example:8443',
    });
  });

  it('is localhost on this machine, whatever number it has', () => {
    const here = { id: 'localhost', origin: 'http://localhost:8080' };
    assert.deepEqual(of({}), here);
    for (const host of ['127.0.0.1', 'localhost', '[::1]'])
      assert.deepEqual(of({ BASE_URL: `http://${host}:8080` }), here);
  });

  it('is none where there is an address only', () => {
    for (const BASE_URL of ['http://10.1.2.3:8080', 'http://[fd00::1]:8080'])
      assert.throws(
        () => of({ BASE_URL }),
        ({ code }: Problem) => code === 'passkeys_unavailable',
      );
  });
});

describe('a challenge', () => {
  const keys = { linkKey: new Uint8Array(randomBytes(32)) };
  const now = new Date('2030-01-01T00:00:00Z');
  const later = (milliseconds: number) => new Date(now.getTime() + milliseconds);

  it('is never the same, long enough, and holds for five minutes', () => {
    const challenge = issueChallenge(keys, 'sign-in', now);
    assert.notEqual(challenge, issueChallenge(keys, 'sign-in', now));
    assert.ok(Buffer.from(challenge, 'base64url').length >= 16, 'WebAuthn, 13.4.3');
    assert.deepEqual(readChallenge(keys, 'sign-in', challenge, later(5 * MINUTE - 1)), later(5 * MINUTE));
    assert.equal(readChallenge(keys, 'sign-in', challenge, later(5 * MINUTE)), undefined);
  });

  it('holds for nothing else, under no other key, and with no bit changed', () => {
    const challenge = issueChallenge(keys, 'register first person_1 session_1', now);
    for (const purpose of ['sign-in', 'register further person_1 session_1', 'register first person_2 session_1', ''])
      assert.equal(readChallenge(keys, purpose, challenge, now), undefined);
    const other = { linkKey: new Uint8Array(randomBytes(32)) };
    assert.equal(readChallenge(other, 'register first person_1 session_1', challenge, now), undefined);
    const bytes = Buffer.from(challenge, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const bent = Buffer.from(bytes);
      bent.writeUInt8(bent.readUInt8(at) ^ 1, at);
      const text = bent.toString('base64url');
      assert.equal(readChallenge(keys, 'register first person_1 session_1', text, now), undefined, `byte ${at}`);
    }
    for (const junk of ['', 'A', challenge.slice(1), `${challenge}A`, `${challenge}=`, challenge.repeat(2)])
      assert.equal(readChallenge(keys, 'register first person_1 session_1', junk, now), undefined);
  });

  it('of a re-verification is its own, and nobody’s to make', () => {
    const one = challengeOfReverification(keys, 'reverification_1');
    assert.equal(one, challengeOfReverification(keys, 'reverification_1'));
    assert.notEqual(one, challengeOfReverification(keys, 'reverification_2'));
    assert.notEqual(one, challengeOfReverification({ linkKey: new Uint8Array(32) }, 'reverification_1'));
  });
});
