import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { buildIdentity, listSigningKeys, rotateSigningKey } from '../../src/identity/index.js';
import { PUBLISHED_BEFORE_MS } from '../../src/identity/key-ring.js';
import { readConfig } from '../../src/kernel/config.js';
import { readSecrets } from '../../src/kernel/secrets.js';
import { testEnvironment } from '../support/kernel.js';
import { makeWorld, type World } from './support.js';

describe('signing keys', () => {
  let world: World;
  beforeEach(async () => {
    world = await makeWorld();
    await world.registered('li@example.com');
  });
  afterEach(() => world.close());

  const keySet = async () => (await world.get('/.well-known/jwks.json').expect(200)).body.keys;
  const kidOf = (token: string) => jwt.decode(token, { complete: true })?.header.kid;
  const me = (token: string) => world.get('/api/me', world.bearer(token));

  /** A process that starts now, with a memory of its own. */
  const anotherProcess = () => buildIdentity(world.ctx);

  it('are published without their private halves; a token verifies with what is there', async () => {
    const { accessToken } = await world.signedIn('li@example.com');
    const response = await world.get('/.well-known/jwks.json').expect(200);
    assert.equal(response.headers['cache-control'], 'public, max-age=60');
    const [key, ...others] = response.body.keys;
    assert.deepEqual(others, []);
    assert.deepEqual(Object.keys(key).toSorted(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    assert.equal(key.kid, kidOf(accessToken));
    jwt.verify(accessToken, createPublicKey({ key, format: 'jwk' }), { algorithms: ['ES256'] });
  });

  it('are rotated: published first, then signing, then the old one is refused; nobody is signed out', async () => {
    const before = await world.signedIn('li@example.com');
    const rotation = await rotateSigningKey(world.ctx, { leaked: false });
    assert.deepEqual(rotation.retired, [kidOf(before.accessToken)]);
    const { keys, tokens } = anotherProcess();
    await keys.keepFresh();
    assert.equal(keys.published()[0]?.kid, rotation.kid, 'known before its first token');
    const early = tokens.issueAccess({ personId: 'p', sessionId: 's' }).token;
    assert.equal(kidOf(early), kidOf(before.accessToken));
    world.ctx.clock.advance(PUBLISHED_BEFORE_MS);
    const after = tokens.issueAccess({ personId: 'p', sessionId: 's' }).token;
    assert.equal(kidOf(after), rotation.kid);
    assert.ok(tokens.readAccess(early) && tokens.readAccess(after), 'tokens of before go on to their end');
    world.ctx.clock.advance(61 * 60_000);
    const old = kidOf(before.accessToken) as string;
    assert.equal(keys.find(old), undefined);
    assert.ok(!keys.published().some(({ kid }) => kid === old));
    const event = (await world.log('signing-key.rotated')).at(-1);
    assert.deepEqual(event?.facts, { retired: [old], leaked: false });
  });

  it('of a new process and of a running one come together', async () => {
    const { kid } = await rotateSigningKey(world.ctx, { leaked: true });
    assert.ok((await keySet()).length === 1 || (await keySet())[0].kid === kid);
    const { keys } = anotherProcess();
    await keys.keepFresh();
    assert.equal(keys.signer().kid, kid);
  });

  it('that leaked are void at once, in the store for good; the session goes on with a new token', async () => {
    const session = await world.signedIn('li@example.com');
    const stolen = kidOf(session.accessToken) as string;
    await rotateSigningKey(world.ctx, { leaked: true });
    const parts = { ...world.ctx, identity: anotherProcess() };
    await parts.identity.keys.keepFresh();
    assert.equal(parts.identity.tokens.readAccess(session.accessToken), undefined);
    assert.equal(parts.identity.keys.find(stolen), undefined, 'though it still stands in SIGNING_KEY');
    assert.deepEqual(
      (await listSigningKeys(world.ctx)).map(({ from }) => from),
      ['rotation', 'SIGNING_KEY'],
      'newest first',
    );
  });

  it('stand in the store sealed: without ROOT_KEY they sign nothing', async () => {
    const { kid } = await rotateSigningKey(world.ctx, { leaked: false });
    const rows = await world.ctx.db.connection.collection('signingKeys').find({}).toArray();
    assert.equal(rows.length, 2);
    assert.ok(!JSON.stringify(rows).includes('PRIVATE'));
    const config = readConfig(testEnvironment(world.folder));
    const elsewhere = { ...readSecrets(config, {}), linkKey: new Uint8Array(32) };
    await assert.rejects(buildIdentity({ ...world.ctx, secrets: elsewhere }).keys.keepFresh());
    assert.equal(rows.find(({ _id }) => String(_id) === kid)?.['verifiesUntil'], undefined);
  });

  it('are rotated twice: the first rotation keeps its end', async () => {
    const one = await rotateSigningKey(world.ctx, { leaked: false });
    world.ctx.clock.advance(60_000);
    const two = await rotateSigningKey(world.ctx, { leaked: false });
    assert.deepEqual(two.retired, [one.kid]);
    const given = (await listSigningKeys(world.ctx)).find(({ from }) => from === 'SIGNING_KEY');
    assert.equal(given?.verifiesUntil?.getTime(), one.retiredFrom.getTime());
  });

  it('leave who is signed in signed in, over HTTP', async () => {
    const session = await world.signedIn('li@example.com');
    await rotateSigningKey(world.ctx, { leaked: false });
    await me(session.accessToken).expect(200);
    await world.post('/api/sessions/refresh', { refreshToken: session.refreshToken }).expect(200);
  });
});
