import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type supertest from 'supertest';
import { addPerson, findPersonByEmail, voidFactors } from '../../src/identity/index.js';
import { systemActor } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/ids.js';
import { startProvider, type Visitor } from '../support/provider.js';
import { makeWorld, PASSWORD, type World } from './support.js';

const OWN = { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://127.0.0.1:8080' };
const STRONG = { acr: 'two-factors', amr: ['pwd', 'otp'] };

describe('single sign-on', () => {
  let world: World;
  let provider: Awaited<ReturnType<typeof startProvider>>;
  before(async () => {
    const secret = randomBytes(24).toString('base64url');
    provider = await startProvider(secret);
    provider.admit('http://127.0.0.1:8080/sso/callback');
    const settings = (whose: string) => ({
      [`SSO_${whose}_ISSUER`]: provider.issuer,
      [`SSO_${whose}_CLIENT_ID`]: 'firebreak',
      [`SSO_${whose}_STRONG`]: 'two-factors hwk',
    });
    const env = { ...settings('CUSTOMER'), ...settings('STAFF'), ACCESS_TOKEN_MINUTES: '60' };
    world = await makeWorld(env, { SSO_CUSTOMER_SECRET: secret, SSO_STAFF_SECRET: secret });
  });
  after(async () => {
    await world?.close();
    await provider?.close();
  });

  const browserOf = (response: supertest.Response) => String(response.headers['set-cookie']?.[0]).split(';')[0] ?? '';

  /** Sets out, goes to the provider as `who`, and has what came back in hand. */
  async function away(path: string, body: object, who: Visitor, headers: object = {}) {
    const started = await world.post(path, body, { ...headers });
    assert.equal(started.status, 200, started.text);
    const justNow = Math.floor(world.now().getTime() / 1_000); // the clock of this test runs ahead of the provider's
    const back = await provider.visit(started.body.url, { askedAt: justNow, ...who });
    return { browser: browserOf(started), back };
  }
  type Away = Awaited<ReturnType<typeof away>>;
  const arrive = ({ browser, back }: Away, headers: object = {}) =>
    world.post('/api/sso/callbacks', back, { ...OWN, Cookie: browser, ...headers });
  const signIn = async (who: Visitor, whose = 'customer') =>
    arrive(await away(`/api/sso/${whose}/sign-ins`, { refreshIn: 'body' }, who));

  type Session = Awaited<ReturnType<World['signedIn']>>;
  const linked = async (session: Session, who: Visitor) =>
    arrive(await away('/api/me/sso-providers/customer/links', { password: PASSWORD }, who, session.auth), session.auth);

  async function reverified(
    session: { auth: { Authorization: string }; secret: string },
    operation: string,
    params: object,
    body: object,
  ) {
    world.nextStep();
    const asked = await world.post('/api/reverifications', { operation, params, body }, session.auth).expect(201);
    const path = `/api/reverifications/${asked.body.reverificationId}/answers`;
    const answered = await world.post(path, { code: await world.codeOf(session.secret) }, session.auth).expect(200);
    return { Reverification: String(answered.body.token) };
  }

  it('names the providers there are, and knows no others', async () => {
    assert.deepEqual((await world.get('/api/sso').expect(200)).body, { providers: ['customer', 'staff'] });
    await world.post('/api/sso/other/sign-ins').expect(400);
    const none = await makeWorld();
    try {
      assert.deepEqual((await none.get('/api/sso').expect(200)).body, { providers: [] });
      assert.equal((await none.post('/api/sso/customer/sign-ins').expect(404)).body.code, 'sso_unknown');
    } finally {
      await none.close();
    }
  });

  it('sends the browser away with PKCE, state and nonce, none of which the store has', async () => {
    const { body } = await world.post('/api/sso/customer/sign-ins').expect(200);
    const query = new URL(body.url).searchParams;
    assert.equal(query.get('response_type'), 'code');
    assert.equal(query.get('code_challenge_method'), 'S256');
    assert.equal(query.get('redirect_uri'), 'http://127.0.0.1:8080/sso/callback');
    const rows = JSON.stringify(await world.ctx.db.connection.collection('ssoFlows').find({}).toArray());
    for (const name of ['state', 'nonce', 'code_challenge']) {
      assert.match(String(query.get(name)), /^[\w-]{43}$/);
      assert.ok(!rows.includes(String(query.get(name))));
    }
  });

  it('never finds anybody by an address: whoever holds the mailbox elsewhere is nobody here', async () => {
    await world.registered('mailbox@example.com');
    const { body } = (await signIn({ subject: 'mailbox@example.com' })) as supertest.Response;
    assert.equal(body.code, 'sso_not_linked');
    assert.equal((await world.log('sso.refused')).at(-1)?.facts['reason'], 'sso_not_linked');
  });

  describe('of customers', () => {
    it('is linked while signed in, with the password again where there is no second factor; then it signs in', async () => {
      await world.registered('li@example.com');
      const session = await world.signedIn('li@example.com');
      const start = '/api/me/sso-providers/customer/links';
      await world.post(start, { password: PASSWORD }).expect(401);
      assert.equal((await world.post(start, {}, session.auth).expect(403)).body.code, 'password_refused');
      const { body } = await linked(session, { subject: 'li-there' }).then((answer) => answer);
      assert.equal(body.result, 'linked');
      const told = (await world.jobs('send-notice')).at(-1)?.payload;
      assert.match(JSON.stringify(told?.['params']), /"change":"sign-in-method-linked"/);
      const signed = await signIn({ subject: 'li-there' });
      assert.equal(signed.status, 200, signed.text);
      assert.deepEqual([signed.body.result, signed.body.next], ['session', 'done']);
      assert.equal(
        (await world.get('/api/me', world.bearer(signed.body.accessToken)).expect(200)).body.email,
        'li@example.com',
      );
      const { links } = (await world.get('/api/me/sso-links', session.auth).expect(200)).body;
      assert.deepEqual(
        links.map(({ issuer }: { issuer: string }) => issuer),
        [provider.issuer],
      );
      assert.equal((await signIn({ subject: 'li-there' }, 'staff')).body.code, 'sso_not_linked', 'not as staff');
    });

    it('takes a re-verification to be linked where there is a second factor, and is asked for it again at sign-in', async () => {
      const session = await world.person('wang@example.com');
      const start = '/api/me/sso-providers/customer/links';
      const plain = await world.post(start, { password: PASSWORD }, session.auth).expect(401);
      assert.equal(plain.body.code, 'step_up_required');
      const header = await reverified(session, 'startSsoLink', { provider: 'customer' }, {});
      const link = await away(start, {}, { subject: 'wang-there' }, { ...session.auth, ...header });
      assert.equal((await arrive(link, session.auth)).body.result, 'linked');
      const weak = await signIn({ subject: 'wang-there', acr: 'one-factor' });
      assert.deepEqual([weak.status, weak.body.next, weak.body.accessToken], [200, 'second-factor', undefined]);
      world.nextStep();
      const code = await world.codeOf(session.secret);
      await world.post('/api/sessions/second-factor', { ticket: weak.body.ticket, code }).expect(200);
      const strong = await signIn({ subject: 'wang-there', ...STRONG });
      assert.equal(strong.body.next, 'done', strong.text);
      const me = await world.get('/api/me/sessions', world.bearer(strong.body.accessToken)).expect(200);
      assert.equal(me.body.sessions[0].secondFactor, true);
    });

    it('is linked to one person, and a person to one account', async () => {
      for (const name of ['one', 'two']) await world.registered(`${name}@example.com`);
      const [one, two] = [await world.signedIn('one@example.com'), await world.signedIn('two@example.com')];
      assert.equal((await linked(one, { subject: 'the-same' })).body.result, 'linked');
      assert.equal((await linked(two, { subject: 'the-same' })).body.code, 'sso_linked');
      assert.equal((await linked(one, { subject: 'another' })).body.code, 'sso_linked');
    });

    it('is not linked by whoever happens to be signed in there: the provider has to ask anew', async () => {
      await world.registered('passing@example.com');
      const session = await world.signedIn('passing@example.com');
      const yesterday = Math.floor(Date.now() / 1_000) - 86_400;
      const { body } = await linked(session, { subject: 'passing-there', askedAt: yesterday });
      assert.equal(body.code, 'sso_refused');
      assert.deepEqual((await world.get('/api/me/sso-links', session.auth).expect(200)).body.links, []);
    });

    it('ends every other session when it is linked and when it is unlinked, and voids the tickets that wait', async () => {
      const session = await world.person('ends@example.com');
      const header = await reverified(session, 'startSsoLink', { provider: 'customer' }, {});
      const start = '/api/me/sso-providers/customer/links';
      const flow = await away(start, {}, { subject: 'ends-there' }, { ...session.auth, ...header });
      const { body: waiting } = await world.post('/api/sessions', { email: 'ends@example.com', password: PASSWORD });
      const { body: done } = await arrive(flow, session.auth);
      assert.equal(done.result, 'linked', JSON.stringify(done));
      world.nextStep();
      const late = { ticket: waiting.ticket, code: await world.codeOf(session.secret) };
      await world.post('/api/sessions/second-factor', late).expect(401);
      const { body: other } = await signIn({ subject: 'ends-there', ...STRONG });
      await world.get('/api/me', world.bearer(other.accessToken)).expect(200);
      const unlinked = await reverified(session, 'unlinkSso', { linkId: done.link.id }, {});
      await world.http
        .delete(`/api/me/sso-links/${done.link.id}`)
        .set({ ...session.auth, ...unlinked })
        .expect(204);
      await world.get('/api/me', world.bearer(other.accessToken)).expect(401);
      await world.get('/api/me', session.auth).expect(200);
    });

    it('is unlinked again, and signs in no more', async () => {
      await world.registered('bye@example.com');
      const session = await world.signedIn('bye@example.com');
      const { body } = await linked(session, { subject: 'bye-there' });
      const { default: supertest } = await import('supertest');
      const unlink = () => supertest(world.server).delete(`/api/me/sso-links/${body.link.id}`).set(session.auth);
      await unlink().expect(204);
      await unlink().expect(404);
      assert.equal((await signIn({ subject: 'bye-there' })).body.code, 'sso_not_linked');
    });
  });

  describe('against whoever stands between', () => {
    before(async () => {
      await world.registered('between@example.com');
      await linked(await world.signedIn('between@example.com'), { subject: 'between' });
    });
    const outward = () => away('/api/sso/customer/sign-ins', { refreshIn: 'body' }, { subject: 'between' });

    it('comes back once', async () => {
      const flow = await outward();
      assert.equal((await arrive(flow)).status, 200);
      assert.equal((await arrive(flow)).body.code, 'sso_refused');
    });

    it('of ten that come back with the same at once lets one in', async () => {
      const flow = await outward();
      const answers = await Promise.all(Array.from({ length: 10 }, () => arrive(flow)));
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    });

    const cases: Record<string, (mine: Away, theirs: Away) => [Away, object?]> = {
      'another browser': (mine, theirs) => [{ ...mine, browser: theirs.browser }],
      'no browser of ours': (mine) => [{ ...mine, browser: '' }],
      'the code of another flow': (mine, theirs) => [
        { ...mine, back: { ...mine.back, code: theirs.back['code'] ?? '' } },
      ],
      'a made-up code': (mine) => [{ ...mine, back: { ...mine.back, code: 'made-up' } }],
      'a made-up state': (mine) => [{ ...mine, back: { ...mine.back, state: 'A'.repeat(43) } }],
      'the name of another issuer': (mine) => [{ ...mine, back: { ...mine.back, iss: 'https://evil.example' } }],
      'an error in place of a code': (mine) => [
        { ...mine, back: { state: mine.back['state'] ?? '', iss: mine.back['iss'] ?? '', error: 'access_denied' } },
      ],
      'another origin': (mine) => [mine, { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
    };
    for (const [what, bend] of Object.entries(cases))
      it(`refuses ${what}`, async () => {
        const [mine, theirs] = [await outward(), await outward()];
        const [bent, headers = {}] = bend(mine, theirs);
        const { status, body } = await arrive(bent, headers);
        assert.equal(status, 403, body.code);
        assert.equal(body.code, what === 'another origin' ? 'origin_refused' : 'sso_refused');
      });

    it('is too late after ten minutes', async () => {
      const flow = await outward();
      world.ctx.clock.advance(10 * 60_000);
      assert.equal((await arrive(flow)).body.code, 'sso_refused');
    });

    it('links nobody else than who set out: neither another person nor another session brings it home', async () => {
      await world.registered('setout@example.com');
      const [mine, other] = [await world.signedIn('setout@example.com'), await world.signedIn('setout@example.com')];
      const thief = await world.signedIn('between@example.com');
      for (const headers of [thief.auth, other.auth, {}]) {
        const flow = await away(
          '/api/me/sso-providers/customer/links',
          { password: PASSWORD },
          { subject: 'home' },
          mine.auth,
        );
        assert.equal((await arrive(flow, headers)).body.code, 'sso_refused');
      }
    });
  });

  describe('of staff', () => {
    const invite = (email: string) =>
      world.ctx.transact(systemActor('cli', newId('cli')), (tx) =>
        addPerson(tx, { email, roles: ['agent'], locale: 'en' }),
      );

    it('is linked by an invitation, once, in place of a password; a second factor comes before anything else', async () => {
      const { setupToken } = await invite('sso-agent@example.com');
      const path = '/api/sso/staff/invitations';
      const { body } = await arrive(
        await away(path, { token: setupToken, refreshIn: 'body' }, { subject: 'agent-there', ...STRONG }),
      );
      assert.deepEqual([body.result, body.next], ['session', 'enrol-second-factor'], JSON.stringify(body));
      const auth = world.bearer(body.accessToken);
      assert.equal((await world.get('/api/me/sessions', auth).expect(403)).body.code, 'second_factor_required');
      const again = await arrive(
        await away(path, { token: setupToken, refreshIn: 'body' }, { subject: 'somebody-else' }),
      );
      assert.equal(again.body.code, 'link_refused');
      await world.post('/api/sessions', { email: 'sso-agent@example.com', password: PASSWORD }).expect(401);
      assert.equal((await signIn({ subject: 'agent-there' }, 'staff')).body.next, 'enrol-second-factor');
    });

    /** Invited and come through the provider: somebody who never had a password. */
    async function joined(name: string) {
      const { setupToken } = await invite(`${name}@example.com`);
      const start = { token: setupToken, refreshIn: 'body' };
      const { body } = await arrive(await away('/api/sso/staff/invitations', start, { subject: `${name}-there` }));
      return { ...body, auth: world.bearer(body.accessToken) } as Session;
    }

    it('lets who has no password set up the second factor just after signing in, and not later', async () => {
      const session = await joined('no-password');
      assert.equal((await world.get('/api/me', session.auth).expect(200)).body.password, false);
      world.ctx.clock.advance(5 * 60_000 + 1_000);
      assert.equal((await world.post('/api/me/totp', {}, session.auth).expect(403)).body.code, 'sign_in_again');
      assert.equal((await world.log('proof.refused')).at(-1)?.facts['reason'], 'sign-in-old');
      const { body } = await signIn({ subject: 'no-password-there' }, 'staff');
      const fresh = { ...body, auth: world.bearer(body.accessToken) } as Session;
      const { secret } = (await world.post('/api/me/totp', {}, fresh.auth).expect(201)).body;
      await world.post('/api/me/totp/confirmation', { code: await world.codeOf(secret) }, fresh.auth).expect(200);
      await world.get('/api/me/sessions', fresh.auth).expect(200);
      const change = { present: PASSWORD, password: 'cormorant-Bridge 91 slate' };
      assert.equal(
        (await world.post('/api/me/password', change, fresh.auth).expect(403)).body.code,
        'password_refused',
      );
    });

    it('is not invited a second time, which would change roles by another door', async () => {
      await joined('settled');
      await assert.rejects(
        world.ctx.transact(systemActor('cli', newId('cli')), (tx) =>
          addPerson(tx, { email: 'settled@example.com', roles: ['admin'], locale: 'en' }),
        ),
        { code: 'email_taken' },
      );
    });

    it('comes back through the same account there once the factors are voided: with the link, and no other way', async () => {
      const session = await joined('anew');
      await world.enrolled(session);
      const person = await findPersonByEmail(world.ctx.db, 'anew@example.com');
      assert.ok(person);
      const { setupToken } = await world.ctx.transact(systemActor('cli', newId('cli')), (tx) =>
        voidFactors(tx, person, 'The telephone was lost.'),
      );
      assert.equal(
        (await signIn({ subject: 'anew-there' }, 'staff')).body.code,
        'setup_required',
        'the provider alone',
      );
      const chosen = await world.post('/api/setup', { token: setupToken, password: PASSWORD }).expect(404);
      assert.equal(chosen.body.code, 'link_refused', 'the link alone');
      const path = '/api/sso/staff/invitations';
      const start = { token: setupToken, refreshIn: 'body' };
      assert.equal((await arrive(await away(path, start, { subject: 'the-admins-own' }))).body.code, 'sso_linked');
      assert.equal((await arrive(await away(path, start, { subject: 'anew-there' }))).body.next, 'enrol-second-factor');
    });

    it('is not for customers, nor theirs for staff', async () => {
      const { setupToken } = await invite('wrong-door@example.com');
      const flow = await away(
        '/api/sso/customer/invitations',
        { token: setupToken, refreshIn: 'body' },
        { subject: 'wrong-door' },
      );
      assert.equal((await arrive(flow)).body.code, 'sso_not_for_you');
    });
  });

  describe('for re-verification', () => {
    let session: Session & { secret: string };
    const body = { amount: 5 };
    before(async () => {
      session = await world.person('reverify@example.com');
      const header = await reverified(session, 'startSsoLink', { provider: 'customer' }, {});
      const flow = await away(
        '/api/me/sso-providers/customer/links',
        {},
        { subject: 'reverify-there' },
        { ...session.auth, ...header },
      );
      await arrive(flow, session.auth).expect(200);
    });

    async function answered(who: Visitor) {
      const asked = await world
        .post('/api/reverifications', { operation: 'probeAct', params: { caseId: 'case_1' }, body }, session.auth)
        .expect(201);
      assert.ok(asked.body.methods.includes('sso'), 'a page offers it');
      const path = `/api/reverifications/${asked.body.reverificationId}/sso/customer`;
      const flow = await away(path, {}, who, session.auth);
      const url = (await world.post(path, {}, session.auth)).body.url;
      const query = new URL(url).searchParams;
      assert.deepEqual([query.get('prompt'), query.get('max_age')], ['login', '0'], 'asks to be asked anew');
      assert.equal(query.get('acr_values'), 'two-factors hwk');
      return arrive(flow, session.auth);
    }
    const act = (token: string, over: object = {}) =>
      world.post('/api/probes/case_1/acts', { ...body, ...over }, { ...session.auth, Reverification: token });

    it('counts when the provider says it asked for two factors just now: by acr, for exactly the act', async () => {
      const { body: answer } = await answered({ subject: 'reverify-there', acr: 'two-factors' });
      assert.equal(answer.result, 'reverified', JSON.stringify(answer));
      await act(answer.token, { amount: 6 }).expect(401);
      await act(answer.token).expect(204);
      await act(answer.token).expect(401);
    });

    it('counts by amr too', async () => {
      const { body: answer } = await answered({ subject: 'reverify-there', amr: ['pwd', 'hwk'] });
      await act(answer.token).expect(204);
    });

    it('counts for whoever has no second factor but the provider’s', async () => {
      await world.registered('only-there@example.com');
      const only = await world.signedIn('only-there@example.com');
      const ask = { operation: 'probeAct', params: { caseId: 'case_1' }, body };
      assert.equal(
        (await world.post('/api/reverifications', ask, only.auth).expect(403)).body.code,
        'second_factor_required',
      );
      await linked(only, { subject: 'only-there' });
      const asked = await world.post('/api/reverifications', ask, only.auth).expect(201);
      assert.deepEqual(asked.body.methods, ['sso']);
      const path = `/api/reverifications/${asked.body.reverificationId}/sso/customer`;
      const answer = await arrive(await away(path, {}, { subject: 'only-there', ...STRONG }, only.auth), only.auth);
      await world
        .post('/api/probes/case_1/acts', body, { ...only.auth, Reverification: answer.body.token })
        .expect(204);
    });

    const weak: Record<string, [Visitor, string]> = {
      'one factor': [{ subject: 'reverify-there', acr: 'one-factor', amr: ['pwd'] }, 'sso_too_weak'],
      'a provider that does not say': [{ subject: 'reverify-there' }, 'sso_too_weak'],
      'two factors of yesterday': [
        { subject: 'reverify-there', ...STRONG, askedAt: Math.floor(Date.now() / 1_000) - 86_400 },
        'sso_too_weak',
      ],
      'somebody else': [{ subject: 'li-there', ...STRONG }, 'sso_not_linked'],
    };
    for (const [what, [who, code]] of Object.entries(weak))
      it(`does not count with ${what}`, async () => {
        assert.equal((await answered(who)).body.code, code);
      });
  });

  it('says so when the provider is away, and when to try again', async () => {
    const away = await makeWorld({ SSO_CUSTOMER_ISSUER: 'http://127.0.0.1:9', SSO_CUSTOMER_CLIENT_ID: 'firebreak' });
    try {
      const { headers, body } = await away.post('/api/sso/customer/sign-ins').expect(503);
      assert.equal(body.code, 'sso_unavailable');
      assert.equal(headers['retry-after'], '30');
    } finally {
      await away.close();
    }
  });
});
