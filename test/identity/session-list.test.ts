import assert from 'node:assert/strict';
import supertest from 'supertest';
import { makeWorld, PASSWORD, type World } from './support.js';

describe('the list of sessions', () => {
  let world: World;
  before(async () => {
    world = await makeWorld({ TRUSTED_PROXIES: '1' });
  });
  after(() => world.close());

  const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
  const signedIn = async (email: string, headers: Record<string, string> = {}) => {
    const { body } = await world
      .post('/api/sessions', { email, password: PASSWORD, refreshIn: 'body' }, headers)
      .expect(200);
    return { ...body, auth: world.bearer(body.accessToken) };
  };
  const list = async (auth: object) => (await world.get('/api/me/sessions', { ...auth }).expect(200)).body.sessions;
  const end = (path: string, auth: Record<string, string>) =>
    supertest(world.server).delete(`/api/me/sessions${path}`).set(auth);

  it('is nobody’s who has not signed in', async () => {
    await world.get('/api/me/sessions').expect(401);
    await end('', {}).expect(401);
    await end('/session_1', {}).expect(401);
  });

  it('says device, place, first and last use, and which one asks', async () => {
    await world.registered('list@example.com');
    const first = await signedIn('list@example.com', { 'User-Agent': FIREFOX, 'X-Forwarded-For': '203.0.113.7' });
    const second = await signedIn('list@example.com', { 'X-Forwarded-For': '192.168.7.8' });
    world.ctx.clock.advance(5 * 60_000);
    const refreshed = await world
      .post('/api/sessions/refresh', { refreshToken: first.refreshToken }, { 'X-Forwarded-For': '2001:db8:7::9' })
      .expect(200);
    const [newer, older, ...others] = await list(second.auth);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [newer.id, newer.current, newer.openedFrom.kind, newer.device.browser],
      [second.sessionId, true, 'private-network', undefined],
    );
    assert.deepEqual([older.id, older.current], [first.sessionId, false]);
    assert.deepEqual(older.device, { browser: 'Firefox 140', system: 'Linux', kind: 'desktop' });
    assert.deepEqual(older.openedFrom, { kind: 'internet', network: '203.0.113.0/24' });
    assert.deepEqual(older.usedFrom, { kind: 'internet', network: '2001:db8:7::/48' });
    assert.ok(Date.parse(older.usedAt) - Date.parse(older.openedAt) >= 5 * 60_000);
    await world.get('/api/me', world.bearer(refreshed.body.accessToken)).expect(200);
  });

  it('ends one, at once and for good; the owner is told, and the log', async () => {
    await world.registered('one@example.com');
    const [kept, gone] = [await signedIn('one@example.com'), await signedIn('one@example.com')];
    await end(`/${gone.sessionId}`, kept.auth).expect(204);
    await world.get('/api/me', gone.auth).expect(401);
    await world.post('/api/sessions/refresh', { refreshToken: gone.refreshToken }).expect(401);
    await world.get('/api/me', kept.auth).expect(200);
    assert.deepEqual((await list(kept.auth)).length, 1);
    assert.equal((await world.log('session.ended')).at(-1)?.facts['reason'], 'ended');
    const told = await world.jobs('send-notice');
    assert.equal(told.at(-1)?.payload['to'], 'one@example.com');
    await end(`/${gone.sessionId}`, kept.auth).expect(204);
    assert.equal((await world.jobs('send-notice')).length, told.length, 'once');
  });

  it('does not end, nor show, what is another’s', async () => {
    await world.registered('mine@example.com');
    await world.registered('theirs@example.com');
    const [mine, theirs] = [await signedIn('mine@example.com'), await signedIn('theirs@example.com')];
    for (const id of [theirs.sessionId, 'session_none']) {
      const { body } = await end(`/${id}`, mine.auth).expect(404);
      assert.equal(body.code, 'session_not_found');
    }
    await world.get('/api/me', theirs.auth).expect(200);
    assert.deepEqual(
      (await list(mine.auth)).map(({ id }: { id: string }) => id),
      [mine.sessionId],
    );
  });

  it('ends all but this one, or all, the cookie with them', async () => {
    await world.registered('all@example.com');
    const sessions = [await signedIn('all@example.com'), await signedIn('all@example.com')];
    const current = await signedIn('all@example.com');
    await end('?except=current', current.auth).expect(204);
    for (const { auth } of sessions) await world.get('/api/me', auth).expect(401);
    await world.get('/api/me', current.auth).expect(200);
    const response = await end('', current.auth).expect(204);
    assert.match(String(response.headers['set-cookie']), /^refresh=; Path=\/; Expires=Thu, 01 Jan 1970/);
    await world.get('/api/me', current.auth).expect(401);
    assert.deepEqual(
      (await world.log('sessions.end-asked')).slice(-2).map(({ facts }) => facts['ended']),
      [2, 1],
    );
  });
});

describe('sessions of staff', () => {
  it('rest and last as long as is configured', async () => {
    const world = await makeWorld({ STAFF_SESSION_HOURS: '2', STAFF_IDLE_MINUTES: '15' });
    try {
      const idle = await world.person('idle@example.com', ['agent']);
      world.ctx.clock.advance(16 * 60_000);
      await world.post('/api/sessions/refresh', { refreshToken: idle.refreshToken }).expect(401);
      assert.equal((await world.log('session.ended')).at(-1)?.facts['reason'], 'idle');
      let { refreshToken } = await world.person('busy@example.com', ['agent']);
      for (let minutes = 0; minutes < 110; minutes += 10) {
        ({
          body: { refreshToken },
        } = await world.post('/api/sessions/refresh', { refreshToken }).expect(200));
        world.ctx.clock.advance(10 * 60_000);
      }
      world.ctx.clock.advance(10 * 60_000);
      await world.post('/api/sessions/refresh', { refreshToken }).expect(401);
    } finally {
      await world.close();
    }
  });

  it('must not rest shorter than a token lives', async () => {
    await assert.rejects(makeWorld({ STAFF_IDLE_MINUTES: '5' }), /ACCESS_TOKEN_MINUTES is longer/);
  });
});
