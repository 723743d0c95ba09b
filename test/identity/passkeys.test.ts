import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { DAY, MINUTE } from '../../src/kernel/clock.js';
import { type Assertion, type Authenticator, type DeviceOptions, openAuthenticator } from '../support/authenticator.js';
import { openBrowser } from '../support/browser.js';
import { type TestContext, testContext } from '../support/context.js';
import { PASSWORD, type Person, signedInCustomer, signedInStaff } from '../support/people.js';
import { assertProblem } from '../support/problem.js';

describe('Passkeys, in a browser with an authenticator', () => {
  let world: TestContext;
  let browser: Browser;
  let home: string;
  const opened: Authenticator[] = [];
  before(async function () {
    this.timeout(300_000); // Chromium may have to be installed first
    browser = await openBrowser();
    world = await testContext();
    home = `${world.url.replace('127.0.0.1', 'localhost')}/track`; // WebAuthn knows names only
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });
  afterEach(async () => {
    for (const authenticator of opened.splice(0)) await authenticator.close();
  });

  async function device(options: DeviceOptions = {}): Promise<Authenticator> {
    const authenticator = await openAuthenticator(browser, home, options);
    opened.push(authenticator);
    return authenticator;
  }

  const staff = () => signedInStaff(world, ['agent'], { secondFactor: false });
  const me = async (person: Person) => (await person.get('/api/me').expect(200)).body;

  /** What the page sends to set up a passkey: the credential of a fresh offer, and a name. */
  async function made(person: Person, on: Authenticator, name = 'Laptop', offer: object = { password: PASSWORD }) {
    const { body } = await person.post('/api/me/passkey-options', offer).expect(200);
    return { name, credential: await on.create(body.publicKey) };
  }

  /** The first second factor of a person. */
  async function withPasskey(person: Person, on: Authenticator) {
    const { body } = await person.post('/api/me/passkeys', await made(person, on)).expect(201);
    return body as { passkey: { id: string; old: boolean; backedUp: boolean }; recoveryCodes: string[] };
  }

  async function shownToSignIn(on: Authenticator): Promise<Assertion> {
    const { body } = await world.send('post', '/api/sessions/passkey/options').expect(200);
    return on.get(body.publicKey);
  }

  /** The same person in a new session: the one they had has run out. */
  async function signedInAgain<P extends Person>(person: P): Promise<P> {
    const { body } = await world.send('post', '/api/sessions').send({ email: person.email, password: PASSWORD });
    const opened = await world
      .send('post', '/api/sessions/second-factor')
      .send({ ticket: body.ticket, code: await person.code(), refreshIn: 'body' })
      .expect(200);
    const headers = { Authorization: `Bearer ${opened.body.accessToken}` };
    const post: Person['post'] = (path, sent = {}, more = {}) =>
      world.send('post', path, { ...headers, ...more }).send(sent);
    return {
      ...person,
      headers,
      post,
      get: (path) => world.send('get', path, headers),
      reverified: async (operation, params, sent) => {
        const asked = (await post('/api/reverifications', { operation, params, body: sent }).expect(201)).body;
        const answers = `/api/reverifications/${asked.reverificationId}/answers`;
        return { Reverification: (await post(answers, { code: await person.code() }).expect(200)).body.token };
      },
    };
  }

  const signIn = (credential: object, more: object = {}, headers: Record<string, string> = {}) =>
    world.send('post', '/api/sessions/passkey', headers).send({ credential, refreshIn: 'body', ...more });
  const ask = async (person: Person, operation: string, params: object, body: object) =>
    (await person.post('/api/reverifications', { operation, params, body }).expect(201)).body;
  const answer = (person: Person, reverificationId: string, credential: object) =>
    person.post(`/api/reverifications/${reverificationId}/passkey-answers`, { credential });
  const lastRefusal = async () => (await world.events('proof.refused')).at(-1);
  const refusedFor = async (reason: string) => assert.equal((await lastRefusal())?.facts['reason'], reason);

  /** Re-verifies with the passkey and removes one. */
  async function remove(person: Person, on: Authenticator, passkeyId: string) {
    const asked = await ask(person, 'removePasskey', { passkeyId }, {});
    const { body } = await answer(person, asked.reverificationId, await on.get(asked.passkey)).expect(200);
    return person.send('delete', `/api/me/passkeys/${passkeyId}`, { Reverification: body.token });
  }

  describe('to set one up', () => {
    it('take the password again from whoever has no second factor, and make staff whole', async () => {
      const [person, laptop] = [await staff(), await device()];
      assertProblem(await person.post('/api/me/passkey-options', { password: 'not it' }), 403, 'password_refused');
      assertProblem(await person.post('/api/me/passkey-options', {}), 403, 'password_refused');
      assertProblem(
        await person.post('/api/reverifications', { operation: 'addPasskey' }),
        403,
        'second_factor_required',
      );
      const { passkey, recoveryCodes } = await withPasskey(person, laptop);
      assert.equal(recoveryCodes.length, 10);
      assert.deepEqual([passkey.old, passkey.backedUp], [false, false]);
      const { passkeys } = await me(person);
      assert.deepEqual(passkeys, [passkey]);
      await person.post('/api/reverifications', { operation: 'addPasskey' }).expect(400); // whole: only the body does not fit
      const [credential] = await laptop.credentials();
      assert.equal(credential?.isResidentCredential, true);
      assert.equal(credential?.rpId, 'localhost');
      assert.equal(Buffer.from(String(credential?.userHandle), 'base64').toString(), person.personId);
    });

    it('end the other sessions, and the owner hears of it', async () => {
      const person = await staff();
      const { body: other } = await world
        .send('post', '/api/sessions')
        .send({ email: person.email, password: PASSWORD, refreshIn: 'body' });
      await withPasskey(person, await device());
      await world.send('get', '/api/me', { Authorization: `Bearer ${other.accessToken}` }).expect(401);
      await me(person);
      await world.settled();
      assert.ok(world.mails.some(({ to, subject }) => to === person.email && /sign-in|security/i.test(subject)));
    });

    it('are several, each with its name; a further one is re-verified with one that is there', async () => {
      const [person, laptop, phone] = [await staff(), await device(), await device({ synced: true })];
      await withPasskey(person, laptop);
      const body = await made(person, phone, '手机 (备用)', {});
      const refused = await person.post('/api/me/passkeys', body);
      assertProblem(refused, 401, 'step_up_required');
      assert.match(String(refused.headers['www-authenticate']), /insufficient_user_authentication/);
      const asked = await ask(person, 'addPasskey', {}, body);
      assert.deepEqual(asked.methods, ['passkey', 'recovery-code']);
      assert.match(asked.confirms['zh-CN'], /添加一个新的通行密钥/);
      const { body: answered } = await answer(person, asked.reverificationId, await laptop.get(asked.passkey)).expect(
        200,
      );
      const headers = { Reverification: answered.token };
      const added = await person.post('/api/me/passkeys', body, headers).expect(201);
      assert.equal(added.body.recoveryCodes, undefined, 'only with the first');
      assert.deepEqual([added.body.passkey.backupEligible, added.body.passkey.backedUp], [true, true]);
      assert.deepEqual(
        (await me(person)).passkeys.map(({ name }: { name: string }) => name),
        ['Laptop', '手机 (备用)'],
      );
      const other = await device();
      assertProblem(
        await person.post('/api/me/passkeys', await made(person, other, 'x', {}), headers),
        401,
        'step_up_required',
      );
    });

    it('refuse what answers another offer, another session, or too late, and what was sent before', async () => {
      const [one, two, laptop] = [await staff(), await staff(), await device()];
      const body = await made(one, laptop);
      assertProblem(await two.post('/api/me/passkeys', body), 403, 'passkey_refused');
      await refusedFor('challenge');
      const late = await made(one, await device());
      world.clock.advance(5 * MINUTE);
      assertProblem(await one.post('/api/me/passkeys', late), 403, 'passkey_refused');
      await refusedFor('challenge');
      const fresh = await made(one, await device());
      const bent = { ...fresh.credential, clientDataJSON: body.credential.clientDataJSON };
      assertProblem(await one.post('/api/me/passkeys', { ...fresh, credential: bent }), 403, 'passkey_refused');
      await one.post('/api/me/passkeys', fresh).expect(201);
      assert.equal((await one.post('/api/me/passkeys', fresh)).body.code, 'step_up_required');
    });

    it('refuse one whose device did not check its owner', async () => {
      const [person, laptop] = [await staff(), await device({ verifies: false })];
      const { body } = await person.post('/api/me/passkey-options', { password: PASSWORD }).expect(200);
      await assert.rejects(laptop.create(body.publicKey), /NotAllowedError/, 'the browser keeps to what was asked');
      const lax = { ...body.publicKey, authenticatorSelection: { userVerification: 'discouraged' } };
      const credential = await laptop.create(lax);
      assertProblem(await person.post('/api/me/passkeys', { name: 'x', credential }), 403, 'passkey_refused');
      await refusedFor('wrong');
    });

    it('repeat the answer to a repeated request', async () => {
      const person = await staff();
      const body = await made(person, await device());
      const key = { 'Idempotency-Key': 'a lost answer'.replaceAll(' ', '-').padEnd(20, 'x') };
      const first = await person.post('/api/me/passkeys', body, key).expect(201);
      const again = await person.post('/api/me/passkeys', body, key).expect(201);
      assert.deepEqual(again.body, first.body);
      assert.equal((await me(person)).passkeys.length, 1);
    });
  });

  describe('to sign in', () => {
    it('are enough alone: both factors at once', async () => {
      const [person, laptop] = [await staff(), await device()];
      await withPasskey(person, laptop);
      const before = (await me(person)).passkeys[0];
      assert.equal(before.usedAt, undefined);
      const shown = await shownToSignIn(laptop);
      assert.equal(Buffer.from(String(shown.userHandle), 'base64url').toString(), person.personId);
      const { body } = await signIn(shown).expect(200);
      assert.equal(body.next, 'done');
      const session = { Authorization: `Bearer ${body.accessToken}` };
      const read = await world.send('get', '/api/me', session).expect(200);
      assert.equal(read.body.id, person.personId);
      assert.ok(read.body.passkeys[0].usedAt);
      await world.send('get', '/api/cases', session).expect(200); // what staff reach only with both factors
      assert.equal((await world.events('session.opened')).at(-1)?.facts['secondFactor'], true);
    });

    it('name nobody beforehand', async () => {
      const { body } = await world.send('post', '/api/sessions/passkey/options').expect(200);
      assert.deepEqual(Object.keys(body.publicKey).sort(), ['challenge', 'rpId', 'timeout', 'userVerification']);
      assert.equal(body.publicKey.userVerification, 'required');
    });

    it('give whoever has the password a ticket that says so', async () => {
      const [person, laptop] = [await staff(), await device()];
      await withPasskey(person, laptop);
      const { body } = await world.send('post', '/api/sessions').send({ email: person.email, password: PASSWORD });
      assert.equal(body.next, 'second-factor');
      assert.deepEqual(body.methods, ['passkey', 'recovery-code']);
    });

    it('work once for one challenge, also of a hundred that come together', async () => {
      const [person, laptop] = [await staff(), await device({ synced: true })];
      await withPasskey(person, laptop);
      const shown = await shownToSignIn(laptop);
      const answers = await Promise.all(Array.from({ length: 100 }, () => signIn(shown)));
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      for (const one of answers.filter(({ status }) => status !== 200)) assert.ok([403, 409].includes(one.status));
      assertProblem(await signIn(shown), 403, 'passkey_refused');
      await refusedFor('replayed');
    });

    it('are refused over five minutes late, for another purpose, or with a changed word', async () => {
      const [person, laptop] = [await staff(), await device()];
      await withPasskey(person, laptop);
      const late = await shownToSignIn(laptop);
      world.clock.advance(5 * MINUTE);
      assertProblem(await signIn(late), 403, 'passkey_refused');
      await refusedFor('challenge');
      const asked = await ask(person, 'renewRecoveryCodes', {}, {});
      assertProblem(await signIn(await laptop.get(asked.passkey)), 403, 'passkey_refused');
      await refusedFor('challenge');
      const good = await shownToSignIn(laptop);
      const other = await signedInStaff(world, ['admin']);
      const forged: [string, Partial<Assertion>][] = [
        ['wrong', { signature: flipped(good.signature) }],
        ['wrong', { authenticatorData: flipped(good.authenticatorData) }],
        ['unknown', { id: flipped(good.id) }],
        ['unknown', { userHandle: Buffer.from(other.personId).toString('base64url') }],
        ['unknown', { userHandle: Buffer.from('person_0').toString('base64url') }],
        ['unknown', { userHandle: Buffer.from('{"$ne":null}').toString('base64url') }],
      ];
      for (const [reason, change] of forged) {
        assertProblem(await signIn({ ...good, ...change }), 403, 'passkey_refused');
        await refusedFor(reason);
      }
      const { userHandle: _, ...nameless } = good;
      assertProblem(await signIn(nameless), 403, 'passkey_refused');
      await signIn(good).expect(200);
    });

    it('are refused from a page of another origin, whatever it forwards', async () => {
      const [person, laptop] = [await staff(), await device()];
      await withPasskey(person, laptop);
      const { body } = await world.send('post', '/api/sessions/passkey/options').expect(200);
      const phisher = await elsewhere();
      try {
        await laptop.visit(`http://localhost:${(phisher.address() as AddressInfo).port}/`);
        assertProblem(await signIn(await laptop.get(body.publicKey)), 403, 'passkey_refused');
        await refusedFor('origin');
        assert.equal((await lastRefusal())?.facts['purpose'], 'sign-in');
      } finally {
        phisher.closeAllConnections();
        await new Promise((resolve) => phisher.close(resolve));
      }
    });

    it('are refused when the device did not check its owner', async () => {
      const [person, laptop] = [await staff(), await device()];
      await withPasskey(person, laptop);
      const { body } = await world.send('post', '/api/sessions/passkey/options').expect(200);
      await laptop.recognise(false);
      await assert.rejects(laptop.get(body.publicKey), /NotAllowedError/, 'the browser keeps to what was asked');
      const lax = await laptop.get({ ...body.publicKey, userVerification: 'discouraged' });
      assertProblem(await signIn(lax), 403, 'passkey_refused');
      await refusedFor('wrong');
    });

    it('are refused when the counter goes back: somebody has a copy', async () => {
      const [person, laptop] = [await staff(), await device()];
      await withPasskey(person, laptop);
      const [original] = await laptop.credentials();
      assert.ok(original);
      await signIn(await shownToSignIn(laptop)).expect(200);
      await signIn(await shownToSignIn(laptop)).expect(200);
      await laptop.hold({ ...original, signCount: original.signCount });
      assertProblem(await signIn(await shownToSignIn(laptop)), 403, 'passkey_refused');
      await refusedFor('counter');
      assert.equal((await lastRefusal())?.facts['passkeyId'], (await me(person)).passkeys[0].id);
      await laptop.hold({ ...original, signCount: original.signCount + 40 });
      await signIn(await shownToSignIn(laptop)).expect(200);
    });

    it('keep whether they are copied elsewhere, and are refused when they turn into another kind', async () => {
      const [person, phone] = [await staff(), await device({ synced: true })];
      const { passkey } = await withPasskey(person, phone);
      assert.equal(passkey.backedUp, true);
      const [credential] = await phone.credentials();
      assert.ok(credential);
      await phone.setBackup(credential.credentialId, { backupEligibility: true, backupState: false });
      await signIn(await shownToSignIn(phone)).expect(200);
      assert.equal((await me(person)).passkeys[0].backedUp, false);
      await phone.setBackup(credential.credentialId, { backupEligibility: false, backupState: false });
      assertProblem(await signIn(await shownToSignIn(phone)), 403, 'passkey_refused');
      await refusedFor('backup');
    });

    it('repeat the answer under an Idempotency-Key', async () => {
      const [person, laptop] = [await staff(), await device()];
      await withPasskey(person, laptop);
      const shown = await shownToSignIn(laptop);
      const key = { 'Idempotency-Key': 'sign-in-0123456789' };
      const first = await signIn(shown, {}, key).expect(200);
      assert.deepEqual((await signIn(shown, {}, key).expect(200)).body, first.body);
    });
  });

  describe('to re-verify', () => {
    it('sign one re-verification and no other', async () => {
      const [person, laptop] = [await staff(), await device()];
      const { passkey } = await withPasskey(person, laptop);
      const [one, two] = [
        await ask(person, 'removePasskey', { passkeyId: passkey.id }, {}),
        await ask(person, 'renewRecoveryCodes', {}, {}),
      ];
      assert.match(one.confirms.en, /remove your passkey “Laptop”/);
      const shown = await laptop.get(one.passkey);
      assertProblem(await answer(person, two.reverificationId, shown), 403, 'passkey_refused');
      await refusedFor('challenge');
      await answer(person, one.reverificationId, shown).expect(200);
      assertProblem(await answer(person, one.reverificationId, shown), 403, 'passkey_refused');
      await refusedFor('counter');
      assertProblem(
        await answer(person, one.reverificationId, await laptop.get(one.passkey)),
        404,
        'reverification_not_found',
      );
      const proved = (await world.events('reverification.answered')).at(-1);
      assert.equal(proved?.facts['method'], 'passkey');
    });

    it('are refused when they are somebody else’s', async () => {
      const [person, laptop, thief, phone] = [await staff(), await device(), await staff(), await device()];
      await withPasskey(person, laptop);
      await withPasskey(thief, phone);
      const asked = await ask(person, 'renewRecoveryCodes', {}, {});
      const { challenge, rpId, userVerification } = asked.passkey;
      const foreign = await phone.get({ challenge, rpId, userVerification });
      assertProblem(await answer(person, asked.reverificationId, foreign), 403, 'passkey_refused');
      await refusedFor('unknown');
      assertProblem(await answer(thief, asked.reverificationId, foreign), 404, 'reverification_not_found');
    });

    it('cancel a stranger’s hold only once they are older than seven days, however old the others are', async () => {
      const customer = await signedInCustomer(world);
      world.clock.advance(8 * DAY);
      const owner = await signedInAgain(customer);
      const thiefs = await device();
      const body = await made(owner, thiefs, 'Thief', {});
      await owner.post('/api/me/passkeys', body, await owner.reverified('addPasskey', {}, body)).expect(201);
      const { body: report } = await world
        .send('post', '/api/reports')
        .send(strangersReport(customer.email))
        .expect(201);
      await world.settled();
      const { holds } = (await owner.get('/api/holds').expect(200)).body;
      assert.deepEqual([holds.length, holds[0].caseNumber], [1, report.caseNumber]);
      const { freezeId } = holds[0];
      const cancel = (headers: Record<string, string>) =>
        owner.post(`/api/holds/${freezeId}/cancellation`, {}, headers);

      const asked = await ask(owner, 'cancelHold', { freezeId }, {});
      assert.deepEqual(asked.methods, ['passkey', 'totp', 'recovery-code']);
      const { body: young } = await answer(owner, asked.reverificationId, await thiefs.get(asked.passkey)).expect(200);
      assertProblem(await cancel({ Reverification: young.token }), 403, 'factor_too_young');
      assert.equal((await owner.get('/api/holds').expect(200)).body.holds.length, 1);
      await cancel(await owner.reverified('cancelHold', { freezeId }, {})).expect(204);
      await world.settled();
      assert.deepEqual((await owner.get('/api/holds').expect(200)).body.holds, []);
    });

    it('are old after seven days', async () => {
      const [person, laptop] = [await staff(), await device()];
      await withPasskey(person, laptop);
      const age = async () => {
        const { body } = await signIn(await shownToSignIn(laptop)).expect(200);
        const read = await world.send('get', '/api/me', { Authorization: `Bearer ${body.accessToken}` }).expect(200);
        return read.body.passkeys[0].old;
      };
      world.clock.advance(7 * DAY - 2 * MINUTE);
      assert.equal(await age(), false);
      world.clock.advance(3 * MINUTE);
      assert.equal(await age(), true);
    });
  });

  describe('to be removed', () => {
    it('are removed by their owner alone, re-verified, and sign nobody in afterwards', async () => {
      const customer = await signedInCustomer(world);
      const stranger = await signedInCustomer(world);
      const laptop = await device();
      const body = await made(customer, laptop, 'Laptop', {});
      const { body: added } = await customer
        .post('/api/me/passkeys', body, await customer.reverified('addPasskey', {}, body))
        .expect(201);
      const passkeyId = added.passkey.id;
      assertProblem(await customer.send('delete', `/api/me/passkeys/${passkeyId}`), 401, 'step_up_required');
      assertProblem(
        await stranger.post('/api/reverifications', { operation: 'removePasskey', params: { passkeyId } }),
        404,
        'passkey_not_found',
      );
      assert.equal((await remove(customer, laptop, passkeyId)).status, 204);
      assert.deepEqual((await me(customer)).passkeys, []);
      assertProblem(await signIn(await shownToSignIn(laptop)), 403, 'passkey_refused');
      await refusedFor('unknown');
      assert.equal((await world.events('factor.removed')).at(-1)?.facts['passkeyId'], passkeyId);
    });

    it('stay when they are the last second factor of staff', async () => {
      const [person, laptop] = [await staff(), await device()];
      const { passkey } = await withPasskey(person, laptop);
      assertProblem(await remove(person, laptop, passkey.id), 409, 'last_second_factor');
      assert.equal((await me(person)).passkeys.length, 1);
    });

    it('stay while a younger one asks: a thief’s own passkey puts no older one aside', async () => {
      const [person, laptop, phone] = [await staff(), await device(), await device()];
      const { passkey } = await withPasskey(person, laptop);
      world.clock.advance(MINUTE);
      const body = await made(person, phone, 'Thief', {});
      const asked = await ask(person, 'addPasskey', {}, body);
      const { body: answered } = await answer(person, asked.reverificationId, await laptop.get(asked.passkey)).expect(
        200,
      );
      const young = await person.post('/api/me/passkeys', body, { Reverification: answered.token }).expect(201);
      assertProblem(await remove(person, phone, passkey.id), 403, 'younger_factor');
      assert.equal(
        (await remove(person, laptop, young.body.passkey.id)).status,
        204,
        'the older one removes the younger',
      );
    });
  });
});

/** The same text with its first letter another one. */
const flipped = (text: string): string => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`;

async function elsewhere(): Promise<Server> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>Not ours</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const strangersReport = (email: string) => ({
  kind: 'unauthorized_withdrawal',
  language: 'en',
  whatHappened: 'Somebody is emptying this account; its owner is asleep.',
  contact: { email: `friend.of.${email}` },
  account: { email },
  requestHold: true,
});
