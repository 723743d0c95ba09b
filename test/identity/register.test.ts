import assert from 'node:assert/strict';
import { makeWorld, PASSWORD, type World } from './support.js';

describe('register', () => {
  let world: World;
  before(async () => {
    world = await makeWorld();
    await world.registered('known@example.com');
  });
  after(() => world.close());

  const ask = (email: string, over: object = {}) =>
    world.post('/api/registrations', { email, password: PASSWORD, locale: 'en', ...over });
  const noticesFor = async (email: string) =>
    (await world.jobs('send-notice'))
      .filter(({ payload }) => payload['to'] === email)
      .map(({ payload }) => payload['template']);

  it('answers the same for a known and an unknown address; only the mailbox learns which', async () => {
    const known = await ask('known@example.com').expect(202);
    const unknown = await ask('unknown@example.com').expect(202);
    assert.deepEqual(known.body, unknown.body);
    const plain = ({ headers }: typeof known) => Object.keys(headers).sort();
    assert.deepEqual(plain(known), plain(unknown));
    assert.deepEqual(await noticesFor('known@example.com'), ['confirm-address', 'address-known']);
    assert.deepEqual(await noticesFor('unknown@example.com'), ['confirm-address']);
  });

  it('writes the same number of documents and events for both, so that both take the same', async () => {
    const count = async () => ({
      events: (await world.events()).length,
      rows: await world.ctx.db.connection.collection('registrations').countDocuments(),
      jobs: (await world.jobs()).length,
    });
    const difference = async (email: string) => {
      const before = await count();
      await ask(email).expect(202);
      const after = await count();
      return [after.events - before.events, after.rows - before.rows, after.jobs - before.jobs];
    };
    assert.deepEqual(await difference('known@example.com'), await difference('never-seen@example.com'));
  });

  it('takes one address for one however it is spelt', async () => {
    await ask('KNOWN@Example.com').expect(202);
    assert.equal((await noticesFor('known@example.com')).at(-1), 'address-known');
  });

  it('makes nobody before the link is used', async () => {
    await ask('patient@example.com').expect(202);
    await world.post('/api/sessions', { email: 'patient@example.com', password: PASSWORD }).expect(401);
    const token = await world.mailedToken('patient@example.com');
    await world.post('/api/registrations/confirmations', { token, password: PASSWORD }).expect(204);
    await world.post('/api/sessions', { email: 'patient@example.com', password: PASSWORD }).expect(200);
    const events = await world.log('person.registered');
    assert.ok(events.length > 0);
    assert.ok(!JSON.stringify(events).includes('example.com'), 'no address in the clear in the log');
  });

  it('a link works once', async () => {
    await ask('once@example.com').expect(202);
    const body = { token: await world.mailedToken('once@example.com'), password: PASSWORD };
    await world.post('/api/registrations/confirmations', body).expect(204);
    const { body: problem } = await world.post('/api/registrations/confirmations', body).expect(404);
    assert.equal(problem.code, 'link_refused');
  });

  it('a link that was asked for with an Idempotency-Key answers the same request the same again', async () => {
    await ask('again@example.com').expect(202);
    const body = { token: await world.mailedToken('again@example.com'), password: PASSWORD };
    const key = { 'Idempotency-Key': 'confirm-again-0001' };
    await world.post('/api/registrations/confirmations', body, key).expect(204);
    await world.post('/api/registrations/confirmations', body, key).expect(204);
  });

  it('two confirmations at once make one person', async () => {
    await ask('twice@example.com').expect(202);
    const body = { token: await world.mailedToken('twice@example.com'), password: PASSWORD };
    const answers = await Promise.all([1, 2, 3].map(() => world.post('/api/registrations/confirmations', body)));
    assert.equal(answers.filter(({ status }) => status === 204).length, 1);
    assert.equal(await world.ctx.db.connection.collection('people').countDocuments({ email: 'twice@example.com' }), 1);
  });

  it('the owner of a mailbox does not confirm a stranger’s registration by following the link', async () => {
    await ask('victim@example.com', { password: 'thief thief thief 99' }).expect(202);
    const token = await world.mailedToken('victim@example.com');
    await world.post('/api/registrations/confirmations', { token, password: PASSWORD }).expect(404);
    await world.post('/api/sessions', { email: 'victim@example.com', password: 'thief thief thief 99' }).expect(401);
  });

  it('a link is over after 24 hours', async () => {
    await ask('late@example.com').expect(202);
    const token = await world.mailedToken('late@example.com');
    world.ctx.clock.advance(24 * 3_600_000);
    await world.post('/api/registrations/confirmations', { token, password: PASSWORD }).expect(404);
  });

  const weak: Record<string, [password: string, code: string]> = {
    'eleven characters': ['abcdefghi-1', 'password_too_short'],
    'eleven characters outside the basic plane': ['𠮷'.repeat(11), 'password_too_short'],
    'a common one': ['password1234', 'password_too_common'],
    'a keyboard row': ['qwertyuiop12', 'password_too_common'],
    'one character over and over': ['aaaaaaaaaaaaaaaa', 'password_too_common'],
    'the own address': ['weakling@example.com', 'password_too_common'],
  };
  for (const [what, [password, code]] of Object.entries(weak))
    it(`refuses ${what} as a password`, async () => {
      const { body } = await ask('weakling@example.com', { password }).expect(422);
      assert.equal(body.code, code);
      assert.ok(!JSON.stringify(body).includes(password));
    });

  const misfits: Record<string, object> = {
    'an operator for an address': { email: { $ne: null } },
    'a list for an address': { email: ['a@example.com'] },
    'an address that is none': { email: 'nobody' },
    'an address with a NUL': { email: 'a\0@example.com' },
    'an address with a line end': { email: 'a@example.com\nBcc: b@example.com' },
    'an address that is too long': { email: `${'a'.repeat(250)}@example.com` },
    'an operator for a password': { password: { $gt: '' } },
    'a password of 257 characters': { password: 'x'.repeat(257) },
    'an unknown language': { locale: 'tlh' },
    'roles of their own': { roles: ['admin'] },
  };
  for (const [what, over] of Object.entries(misfits))
    it(`refuses ${what}`, async () => {
      const { body } = await ask('misfit@example.com', over).expect(400);
      assert.equal(body.code, 'invalid_request');
    });

  for (const token of ['', 'x', { $ne: null }, 'A'.repeat(43), `${'A'.repeat(42)}.`])
    it(`refuses the link token ${JSON.stringify(token).slice(0, 20)}`, async () => {
      const { status } = await world.post('/api/registrations/confirmations', { token, password: PASSWORD });
      assert.ok(status === 400 || status === 404, String(status));
    });
});

describe('register, under limits', () => {
  let world: World;
  before(async () => {
    world = await makeWorld({ ATTEMPTS_PER_MINUTE: '3' });
  });
  after(() => world.close());

  it('mails one address a few times an hour and then says when to try again', async () => {
    const ask = () => world.post('/api/registrations', { email: 'bombed@example.com', password: PASSWORD });
    for (const _ of [1, 2, 3]) await ask().expect(202);
    const { headers, body } = await ask().expect(429);
    assert.ok(Number(headers['retry-after']) > 0);
    assert.equal(body.code, 'too_many_requests');
    assert.equal((await world.jobs('send-notice')).length, 3);
  });
});
