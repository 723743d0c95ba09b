import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { fixedKeys, type Keys } from '../../src/identity/key-ring.js';
import { makeTokens } from '../../src/identity/tokens.js';
import { movableClock } from '../../src/kernel/clock.js';
import { hashOfKey } from '../../src/kernel/seal.js';
import type { SigningKey } from '../../src/kernel/secrets.js';

const newKey = (): SigningKey => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid: hashOfKey(publicKey), privateKey, publicKey };
};
const ours = newKey();
const retired = newKey();
const foreign = newKey();
const clock = movableClock();
const tokens = makeTokens(fixedKeys([ours, retired]), clock, 10);
const claims = { personId: 'person_1', sessionId: 'session_1' };
const b64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const seconds = () => Math.floor(clock.now().getTime() / 1_000);
const good = () => ({
  header: { alg: 'ES256', typ: 'at+jwt', kid: ours.kid } as Record<string, unknown>,
  payload: {
    sid: 'session_1',
    iat: seconds(),
    exp: seconds() + 600,
    aud: 'firebreak-api',
    iss: 'firebreak',
    sub: 'person_1',
  } as Record<string, unknown>,
});

/** A token put together by hand, with a true ES256 signature of whatever it says. */
function forge(change: (token: ReturnType<typeof good>) => void, key = ours): string {
  const token = good();
  change(token);
  const input = `${b64(token.header)}.${b64(token.payload)}`;
  return `${input}.${signBytes('sha256', Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

describe('access tokens', () => {
  it('come back as they were issued, for ten minutes', () => {
    const { token, expiresAt } = tokens.issueAccess(claims);
    for (const reader of [tokens, makeTokens(fixedKeys([ours]), clock, 10)])
      assert.deepEqual(reader.readAccess(token), claims);
    const minutes = (expiresAt.getTime() - clock.now().getTime()) / 60_000;
    assert.ok(minutes > 9.9 && minutes <= 10);
    assert.deepEqual(jwt.decode(token, { complete: true })?.header, { alg: 'ES256', typ: 'at+jwt', kid: ours.kid });
  });

  it('are taken when put together by hand in the same way, so that the refusals below refuse what they say', () => {
    assert.deepEqual(tokens.readAccess(forge(() => undefined)), claims);
  });

  it('of a retired key are read, until they expire', () => {
    assert.deepEqual(
      makeTokens(fixedKeys([newKey(), ours]), clock, 10).readAccess(tokens.issueAccess(claims).token),
      claims,
    );
  });

  it('are read again without another look at the signature, until their end or that of their key', () => {
    for (const issuedBy of ['this process', 'another']) {
      const later = movableClock();
      let known: SigningKey[] = [ours];
      const keys: Keys = { signer: () => ours, find: (kid) => known.find((key) => key.kid === kid) };
      const reader = makeTokens(keys, later, 10);
      const { token } = (issuedBy === 'another' ? makeTokens(keys, later, 10) : reader).issueAccess(claims);
      for (let n = 0; n < 3; n += 1) assert.deepEqual(reader.readAccess(token), claims);
      assert.equal(
        reader.readAccess(`${token.slice(0, -2)}${token.at(-2) === 'A' ? 'B' : 'A'}${token.at(-1)}`),
        undefined,
      );
      known = [];
      assert.equal(reader.readAccess(token), undefined, `its key is void, issued by ${issuedBy}`);
      known = [ours];
      assert.deepEqual(reader.readAccess(token), claims);
      later.advance(10 * 60_000 + 1_000);
      assert.equal(reader.readAccess(token), undefined, `it is over, issued by ${issuedBy}`);
    }
  });

  it('are over at their end', () => {
    const later = movableClock();
    const { token } = tokens.issueAccess(claims);
    later.advance(10 * 60_000 + 1_000);
    assert.equal(makeTokens(fixedKeys([ours]), later, 10).readAccess(token), undefined);
  });

  const HS256 = (secret: string | Buffer) => {
    const { payload } = good();
    const input = `${b64({ alg: 'HS256', typ: 'at+jwt', kid: ours.kid })}.${b64(payload)}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  };

  const refused: Record<string, () => string> = {
    nothing: () => '',
    'no token at all': () => 'x',
    'two segments': () =>
      forge(() => undefined)
        .split('.')
        .slice(0, 2)
        .join('.'),
    'an empty signature': () =>
      `${forge(() => undefined)
        .split('.')
        .slice(0, 2)
        .join('.')}.`,
    'alg none': () => `${b64({ alg: 'none', typ: 'at+jwt', kid: ours.kid })}.${b64(good().payload)}.`,
    'alg none with a signature': () =>
      forge((t) => {
        t.header['alg'] = 'none';
      }),
    'alg in another spelling': () =>
      forge((t) => {
        t.header['alg'] = 'es256';
      }),
    'HS256 with the public key (PEM) as secret': () => HS256(ours.publicKey.export({ type: 'spki', format: 'pem' })),
    'HS256 with the public key (DER) as secret': () => HS256(ours.publicKey.export({ type: 'spki', format: 'der' })),
    'a foreign key under a foreign kid': () =>
      forge((t) => {
        t.header['kid'] = foreign.kid;
      }, foreign),
    'a foreign key under our kid': () => forge(() => undefined, foreign),
    'our key under the kid of the retired one': () =>
      forge((t) => {
        t.header['kid'] = retired.kid;
      }),
    'no kid': () =>
      forge((t) => {
        delete t.header['kid'];
      }),
    'a kid that is no text': () =>
      forge((t) => {
        t.header['kid'] = [ours.kid];
      }),
    'a key of its own in the header': () =>
      forge((t) => {
        t.header['jwk'] = foreign.publicKey.export({ format: 'jwk' });
      }, foreign),
    'a key address in the header': () =>
      forge((t) => {
        t.header['jku'] = 'https://example.com/jwks.json';
      }),
    'critical extensions': () =>
      forge((t) => {
        t.header['crit'] = ['exp'];
      }),
    'another audience': () =>
      forge((t) => {
        t.payload['aud'] = 'firebreak-second-factor';
      }),
    'no audience': () =>
      forge((t) => {
        delete t.payload['aud'];
      }),
    'another issuer': () =>
      forge((t) => {
        t.payload['iss'] = 'https://example.com';
      }),
    'no issuer': () =>
      forge((t) => {
        delete t.payload['iss'];
      }),
    'another typ': () =>
      forge((t) => {
        t.header['typ'] = 'JWT';
      }),
    'no typ': () =>
      forge((t) => {
        delete t.header['typ'];
      }),
    'no end': () =>
      forge((t) => {
        delete t.payload['exp'];
      }),
    'an end that is no number': () =>
      forge((t) => {
        t.payload['exp'] = '9999999999';
      }),
    'a time before which it does not hold': () =>
      forge((t) => {
        t.payload['nbf'] = seconds() + 60;
      }),
    'no subject': () =>
      forge((t) => {
        delete t.payload['sub'];
      }),
    'no session': () =>
      forge((t) => {
        delete t.payload['sid'];
      }),
    'a session that is no text': () =>
      forge((t) => {
        t.payload['sid'] = { $ne: null };
      }),
    'a ticket': () => tokens.issueTicket({ personId: 'person_1', securityVersion: 1 }).token,
    'more than 2,048 characters': () =>
      forge((t) => {
        t.payload['pad'] = 'x'.repeat(2_048);
      }),
    'a header that is no JSON': () =>
      `${b64('nonsense')}.${forge(() => undefined)
        .split('.')
        .slice(1)
        .join('.')}`,
    'a header that is null': () =>
      `${b64('null')}.${forge(() => undefined)
        .split('.')
        .slice(1)
        .join('.')}`,
    'a changed payload': () => {
      const [header, , signature] = forge(() => undefined).split('.');
      return `${header}.${b64({ ...good().payload, sub: 'person_2' })}.${signature}`;
    },
  };
  for (const [what, make] of Object.entries(refused))
    it(`are refused with ${what}`, () => {
      assert.equal(tokens.readAccess(make()), undefined);
    });

  describe('in a spelling that is not canonical base64url', () => {
    const spellings: Record<string, (segment: string) => string> = {
      padding: (s) => `${s}=`,
      'double padding': (s) => `${s}==`,
      'white space inside': (s) => `${s.slice(0, 4)} ${s.slice(4)}`,
      'a line end behind': (s) => `${s}\n`,
      'the other alphabet': (s) => `${s.slice(0, -1)}+`,
      'a stray character that decoders skip': (s) => `${s.slice(0, 4)}!${s.slice(4)}`,
    };
    for (const [what, spell] of Object.entries(spellings))
      for (const index of [0, 1, 2])
        it(`are refused with ${what} in segment ${index + 1}`, () => {
          const segments = forge(() => undefined).split('.');
          segments[index] = spell(segments[index] as string);
          assert.equal(tokens.readAccess(segments.join('.')), undefined);
        });

    it('are refused with unused bits set at the end of the signature', () => {
      // 64 bytes take 86 characters; the last one holds four bits that decoders drop.
      const token = forge(() => undefined);
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      const last = alphabet.indexOf(token.at(-1) as string);
      const twin = `${token.slice(0, -1)}${alphabet[last + 1]}`;
      const signature = (text: string) => Buffer.from(text.split('.')[2] as string, 'base64url');
      assert.deepEqual(signature(twin), signature(token), 'the same signature, spelt otherwise');
      assert.equal(tokens.readAccess(twin), undefined);
    });
  });
});

describe('tickets', () => {
  it('come back as they were issued, and are no access tokens', () => {
    const { token } = tokens.issueTicket({ personId: 'person_1', securityVersion: 7 });
    assert.deepEqual(tokens.readTicket(token), { personId: 'person_1', securityVersion: 7 });
    assert.equal(tokens.readTicket(tokens.issueAccess(claims).token), undefined);
  });

  it('are over after five minutes', () => {
    const later = movableClock();
    const { token } = tokens.issueTicket({ personId: 'person_1', securityVersion: 7 });
    later.advance(5 * 60_000 + 1_000);
    assert.equal(makeTokens(fixedKeys([ours]), later, 10).readTicket(token), undefined);
  });
});
