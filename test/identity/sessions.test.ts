import assert from 'node:assert/strict';
import { makeWorld, PASSWORD, type World } from './support.js';

describe('sessions', () => {
  let world: World;
  before(async () => {
    world = await makeWorld();
    await world.registered('li@example.com');
  });
  after(() => world.close());

  const refresh = (refreshToken: string) => world.post('/api/sessions/refresh', { refreshToken });
  const me = (token: string) => world.get('/api/me', world.bearer(token));

  it('are refreshed with a token that changes every time', async () => {
    const session = await world.signedIn('li@example.com');
    const { body } = await refresh(session.refreshToken).expect(200);
    assert.notEqual(body.refreshToken, session.refreshToken);
    await me(body.accessToken).expect(200);
    const rows = await world.ctx.db.connection.collection('sessions').find({}).toArray();
    assert.ok(!JSON.stringify(rows).includes(body.refreshToken), 'the store knows hashes only');
  });

  it('end when a token that was traded long before comes again: thief first, owner after', async () => {
    const session = await world.signedIn('li@example.com');
    const thief = await refresh(session.refreshToken).expect(200);
    world.ctx.clock.advance(31_000);
    const { body } = await refresh(session.refreshToken).expect(401);
    assert.equal(body.code, 'refresh_refused');
    await refresh(thief.body.refreshToken).expect(401);
    await me(thief.body.accessToken).expect(401);
    assert.equal((await world.log('session.ended')).at(-1)?.facts['reason'], 'reuse');
  });

  it('end when a token that was traded long before comes again: owner first, thief after, and long after', async () => {
    const session = await world.signedIn('li@example.com');
    let { body } = await refresh(session.refreshToken).expect(200);
    for (let i = 0; i < 5; i += 1) ({ body } = await refresh(body.refreshToken).expect(200));
    await refresh(session.refreshToken).expect(401);
    await refresh(body.refreshToken).expect(401);
    await me(body.accessToken).expect(401);
  });

  it('survive one lost answer within 30 seconds, and not two', async () => {
    const session = await world.signedIn('li@example.com');
    await refresh(session.refreshToken).expect(200);
    world.ctx.clock.advance(29_000);
    const retried = await refresh(session.refreshToken).expect(200);
    const next = await refresh(retried.body.refreshToken).expect(200);
    await refresh(retried.body.refreshToken).expect(200); // the answer of the next rotation got lost
    await refresh(retried.body.refreshToken).expect(401);
    await me(next.body.accessToken).expect(401);
  });

  it('end when both answers of a retried rotation are used: one of them went to somebody else', async () => {
    const session = await world.signedIn('li@example.com');
    const one = await refresh(session.refreshToken).expect(200);
    const two = await refresh(session.refreshToken).expect(200);
    await refresh(one.body.refreshToken).expect(401);
    await refresh(two.body.refreshToken).expect(401);
  });

  it('do not end through a token that was made up', async () => {
    const session = await world.signedIn('li@example.com');
    for (const made of ['A'.repeat(64), `${'A'.repeat(21)}${session.refreshToken.slice(21)}`])
      await refresh(made).expect(401);
    await refresh(session.refreshToken).expect(200);
  });

  for (const token of ['', 'x', 'A'.repeat(63), `${'A'.repeat(63)}=`, { $ne: null }])
    it(`refuse the refresh token ${JSON.stringify(token).slice(0, 12)}`, async () => {
      const { status } = await world.post('/api/sessions/refresh', { refreshToken: token });
      assert.equal(status, 400);
    });

  it('of a hundred parallel uses of one token never leave more than one line alive', async () => {
    const session = await world.signedIn('li@example.com');
    const answers = await Promise.all(Array.from({ length: 100 }, () => refresh(session.refreshToken)));
    assert.ok(answers.filter(({ status }) => status === 200).length <= 2);
    await me(session.accessToken).expect(401); // the third use was reuse
  });

  it('end at sign-out, the access token with them', async () => {
    const session = await world.signedIn('li@example.com');
    const supertest = (await import('supertest')).default;
    await supertest(world.server).delete('/api/sessions/current').set(session.auth).expect(204);
    await me(session.accessToken).expect(401);
    await refresh(session.refreshToken).expect(401);
  });

  it('end at the end of the access token, without a refresh', async () => {
    const session = await world.signedIn('li@example.com');
    world.ctx.clock.advance(10 * 60_000 + 1_000);
    const response = await me(session.accessToken).expect(401);
    assert.match(String(response.headers['www-authenticate']), /invalid_token/);
    await refresh(session.refreshToken).expect(200);
  });

  it('of staff end after an hour of rest and after 24 hours in all; a customer’s go on', async () => {
    const staff = await world.person('agent@example.com', ['agent']);
    const customer = await world.signedIn('li@example.com');
    world.ctx.clock.advance(61 * 60_000);
    await refresh(staff.refreshToken).expect(401);
    await refresh(customer.refreshToken).expect(200);
    const busy = (await world.post('/api/sessions', { email: 'agent@example.com', password: PASSWORD })).body;
    let { body } = await world
      .post('/api/sessions/second-factor', {
        ticket: busy.ticket,
        code: await world.codeOf(staff.secret),
        refreshIn: 'body',
      })
      .expect(200);
    for (let minutes = 50; minutes < 24 * 60; minutes += 50) {
      world.ctx.clock.advance(50 * 60_000);
      ({ body } = await refresh(body.refreshToken).expect(200));
    }
    world.ctx.clock.advance(50 * 60_000);
    await refresh(body.refreshToken).expect(401);
  });

  describe('kept by cookie', () => {
    const own = { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://127.0.0.1:8080' };
    const withCookie = async () => {
      const response = await world.post('/api/sessions', { email: 'li@example.com', password: PASSWORD }).expect(200);
      return { Cookie: String(response.headers['set-cookie']).split(';')[0] as string };
    };

    it('are refreshed by our own pages', async () => {
      const response = await world.post('/api/sessions/refresh', {}, { ...(await withCookie()), ...own }).expect(200);
      assert.equal(response.body.refreshToken, undefined);
      assert.match(String(response.headers['set-cookie']), /HttpOnly; SameSite=Strict/);
      await world.post('/api/sessions/refresh', {}, { ...(await withCookie()), Origin: own.Origin }).expect(200);
    });

    const strangers: Record<string, Record<string, string>> = {
      'another site': { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' },
      'a sibling site': { 'Sec-Fetch-Site': 'same-site', Origin: 'https://sub.example.com' },
      'an address typed in': { 'Sec-Fetch-Site': 'none' },
      'another origin and no word of the site': { Origin: 'https://evil.example' },
      'a frame without an origin': { Origin: 'null' },
      'another origin that claims to be ours': { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://evil.example' },
      'another port': { Origin: 'http://127.0.0.1:9999' },
      nobody: {},
    };
    for (const [who, headers] of Object.entries(strangers))
      it(`are not refreshed by ${who}, and stay as they were`, async () => {
        const cookie = await withCookie();
        const { body } = await world.post('/api/sessions/refresh', {}, { ...cookie, ...headers }).expect(403);
        assert.equal(body.code, 'origin_refused');
        await world.post('/api/sessions/refresh', {}, { ...cookie, ...own }).expect(200);
      });

    it('need a cookie', async () => {
      await world.post('/api/sessions/refresh', {}, own).expect(401);
      await world.post('/api/sessions/refresh', {}, { ...own, Cookie: 'refresh=; x=y' }).expect(401);
    });
  });

  it('have a __Host- cookie over https', async () => {
    const secure = await makeWorld({ BASE_URL: 'https://firebreak.example' });
    try {
      await secure.registered('li@example.com');
      const response = await secure.post('/api/sessions', { email: 'li@example.com', password: PASSWORD }).expect(200);
      assert.match(
        String(response.headers['set-cookie']?.[0]),
        /^__Host-refresh=[\w-]{64}; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/,
      );
    } finally {
      await secure.close();
    }
  });

  describe('the bearer header', () => {
    const wrong: Record<string, string> = {
      'Basic credentials': 'Basic bGk6cHc=',
      'no token': 'Bearer ',
      'two tokens': 'Bearer a b',
      'a token that is none': 'Bearer abc',
    };
    for (const [what, header] of Object.entries(wrong))
      it(`with ${what} is 401, on a public route too`, async () => {
        await world.get('/api/me', { Authorization: header }).expect(401);
        await world
          .post('/api/registrations', { email: 'x@example.com', password: PASSWORD }, { Authorization: header })
          .expect(401);
      });

    it('may be missing only on public routes', async () => {
      const response = await world.get('/api/me').expect(401);
      assert.equal(response.body.code, 'not_signed_in');
      assert.equal(response.headers['www-authenticate'], 'Bearer');
    });
  });
});
