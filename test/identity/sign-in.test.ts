import assert from 'node:assert/strict';
import { buildIdentity, findPersonByEmail } from '../../src/identity/index.js';
import { setRoles } from '../../src/identity/set-roles.js';
import { People } from '../../src/identity/store.js';
import { type Role, systemActor } from '../../src/kernel/actor.js';
import { RightOfWay } from '../../src/kernel/right-of-way.js';
import { makeWorld, PASSWORD, type World } from './support.js';

describe('sign in', () => {
  let world: World;
  before(async () => {
    world = await makeWorld();
    await world.registered('li@example.com');
  });
  after(() => world.close());

  const signIn = (over: object = {}) =>
    world.post('/api/sessions', { email: 'li@example.com', password: PASSWORD, refreshIn: 'body', ...over });

  it('opens a session whose token says who one is', async () => {
    const { body } = await signIn().expect(200);
    assert.equal(body.next, 'done');
    const me = await world.get('/api/me', world.bearer(body.accessToken)).expect(200);
    assert.equal(me.body.email, 'li@example.com');
    assert.deepEqual(me.body.roles, ['customer']);
    assert.ok(!JSON.stringify(me.body).includes('argon2'));
  });

  it('refuses a wrong password and an unknown address with the same answer, both audited', async () => {
    const before = (await world.log('session.refused')).length;
    const wrong = await signIn({ password: 'not the password 1' }).expect(401);
    const unknown = await signIn({ email: 'nobody@example.com' }).expect(401);
    const plain = ({ body: { instance: _, requestId: __, ...body } }: typeof wrong) => body;
    assert.deepEqual(plain(wrong), plain(unknown));
    assert.equal(wrong.body.code, 'credentials_refused');
    const events = (await world.log('session.refused')).slice(before);
    assert.equal(events.length, 2);
    assert.ok(events.every((event) => event.result === 'refused'));
    assert.ok(!JSON.stringify(events).includes('example.com'));
  });

  it('lets whoever only looks something up go first: before it begins, once the password is right, and before it commits', async () => {
    const { accessToken } = (await signIn().expect(200)).body;
    const { rightOfWay } = world.ctx;
    const asked: string[] = [];
    const { computed } = world.ctx.identity.passwords;
    Object.assign(rightOfWay, {
      take: () => void asked.push('takes'),
      give: async () => void asked.push(`gives after ${world.ctx.identity.passwords.computed - computed} passwords`),
    });
    try {
      await world.get('/api/me', world.bearer(accessToken)).expect(200);
      await signIn().expect(200);
    } finally {
      Object.assign(rightOfWay, { take: RightOfWay.prototype.take, give: RightOfWay.prototype.give });
    }
    assert.deepEqual(asked, ['takes', 'gives after 0 passwords', 'gives after 1 passwords', 'gives after 1 passwords']);
  });

  it('opens nothing when roles or factors changed while the password was checked, and notes no sign-in', async () => {
    await world.registered('changing@example.com');
    const { passwords } = world.ctx.identity;
    const { matches } = passwords;
    const before = (await world.log('session.opened')).length;
    passwords.matches = async (...given) => {
      const right = await matches(...given);
      await People(world.ctx.db).updateOne({ email: 'changing@example.com' }, { $inc: { securityVersion: 1 } });
      return right;
    };
    try {
      const refused = await signIn({ email: 'changing@example.com' }).expect(401);
      assert.equal(refused.body.code, 'ticket_refused');
    } finally {
      passwords.matches = matches;
    }
    assert.equal((await world.log('session.opened')).length, before);
    assert.equal((await findPersonByEmail(world.ctx.db, 'changing@example.com'))?.signedInAt, undefined);
    await signIn({ email: 'changing@example.com' }).expect(200);
    assert.ok((await findPersonByEmail(world.ctx.db, 'changing@example.com'))?.signedInAt);
  });

  it('takes a password in whatever Unicode form a keyboard makes it', async () => {
    const email = 'zoe@example.com';
    await world.registered(email, 'Zoë läuft über Brücken'.normalize('NFC'));
    await signIn({ email, password: 'Zoë läuft über Brücken'.normalize('NFD') }).expect(200);
  });

  it('keeps the refresh token from scripts unless it is asked for in the body', async () => {
    const response = await world.post('/api/sessions', { email: 'li@example.com', password: PASSWORD }).expect(200);
    assert.equal(response.body.refreshToken, undefined);
    const cookie = String(response.headers['set-cookie']?.[0]);
    assert.match(cookie, /^refresh=[\w-]{64}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
    assert.equal((await signIn().expect(200)).headers['set-cookie'], undefined);
  });

  it('reads what both throttles know in one round trip', async () => {
    await signIn().expect(200);
    const { collection } = world.ctx.db.connection.models['tries'] ?? assert.fail('no throttle was asked');
    const { find } = collection;
    const asked: unknown[][] = [];
    collection.find = ((...query: Parameters<typeof find>) => {
      asked.push((query[0] as { _id: { $in: unknown[] } })._id.$in);
      return find.apply(collection, query);
    }) as typeof find;
    try {
      await signIn().expect(200);
    } finally {
      collection.find = find;
    }
    assert.deepEqual(
      asked.map((ids) => ids.map((id) => String(id).split(' ')[0])),
      [['sign-in', 'sign-in-anywhere']],
    );
  });

  for (const [what, over] of Object.entries({
    'an operator for an address': { email: { $gt: '' } },
    'an operator for a password': { password: { $ne: '' } },
    'no password': { password: undefined },
    'an unknown field': { remember: true },
  }))
    it(`refuses ${what}`, async () => {
      await signIn(over).expect(400);
    });

  describe('with an authenticator', () => {
    let secret: string;
    before(async () => {
      ({ secret } = await world.person('wang@example.com'));
    });

    const first = async () => (await signIn({ email: 'wang@example.com' }).expect(200)).body;
    const second = (ticket: string, code: string, headers = {}) =>
      world.post('/api/sessions/second-factor', { ticket, code, refreshIn: 'body' }, headers);

    it('gives a ticket that opens nothing but the second step', async () => {
      const body = await first();
      assert.equal(body.next, 'second-factor');
      assert.equal(body.accessToken, undefined);
      assert.equal(body.refreshToken, undefined);
      await world.get('/api/me', world.bearer(body.ticket)).expect(401);
    });

    it('opens the session with ticket and code, and takes the code once', async () => {
      world.nextStep();
      const { ticket } = await first();
      const code = await world.codeOf(secret);
      const { body } = await second(ticket, code).expect(200);
      await world.get('/api/me', world.bearer(body.accessToken)).expect(200);
      const replay = await second(ticket, code).expect(403);
      assert.equal(replay.body.code, 'code_refused');
      const event = (await world.log('proof.refused')).at(-1);
      assert.equal(event?.result, 'refused');
      assert.equal(event?.facts['reason'], 'replayed');
    });

    it('answers a repeated request under one Idempotency-Key with the first answer', async () => {
      world.nextStep();
      const { ticket } = await first();
      const code = await world.codeOf(secret);
      const key = { 'Idempotency-Key': 'second-factor-0001' };
      const one = await second(ticket, code, key).expect(200);
      const two = await second(ticket, code, key).expect(200);
      assert.equal(two.body.accessToken, one.body.accessToken);
    });

    it('does not take the code of another person', async () => {
      const other = await world.person('zhao@example.com');
      world.nextStep();
      const { ticket } = await first();
      await second(ticket, await world.codeOf(other.secret)).expect(403);
      world.nextStep();
      await second((await first()).ticket, await world.codeOf(secret)).expect(200); // and the count starts anew
    });

    it('does not take an access token, a changed or an old ticket', async () => {
      world.nextStep();
      const { ticket } = await first();
      const opened = await second(ticket, await world.codeOf(secret)).expect(200);
      world.nextStep();
      for (const bad of [opened.body.accessToken, `${ticket.slice(0, -3)}AAA`, 'x'])
        assert.equal((await second(bad, await world.codeOf(secret)).expect(401)).body.code, 'ticket_refused');
      world.ctx.clock.advance(5 * 60_000);
      await second(ticket, await world.codeOf(secret)).expect(401);
    });

    it('lets one of a thousand parallel submissions of one code through', async () => {
      world.nextStep();
      const { ticket } = await first();
      const code = await world.codeOf(secret);
      const opened = (await world.events('session.opened')).length;
      const answers: number[] = [];
      await Promise.all(
        Array.from({ length: 20 }, async () => {
          for (let i = 0; i < 50; i += 1) answers.push((await second(ticket, code)).status);
        }),
      );
      assert.equal(answers.length, 1_000);
      // 429: the step may end while a thousand requests run, and a code that is over is a wrong one, and counted.
      assert.ok(answers.every((status) => [200, 403, 429].includes(status)));
      assert.equal(answers.filter((status) => status === 200).length, 1);
      assert.equal((await world.events('session.opened')).length, opened + 1);
    }).timeout(120_000);
  });

  describe('wrong codes', () => {
    it('are free five times, then wait longer and longer; the right one waits too, and ends it', async () => {
      const { secret } = await world.person('sun@example.com');
      const right = await world.codeOf(secret);
      const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0');
      const ticketOf = async () => (await signIn({ email: 'sun@example.com' }).expect(200)).body.ticket;
      const second = async (code: string) =>
        world.post('/api/sessions/second-factor', { ticket: await ticketOf(), code, refreshIn: 'body' });
      for (let i = 0; i < 5; i += 1) assert.equal((await second(wrong)).status, 403, `try ${i + 1}`);
      const refused = await second(right);
      assert.equal(refused.status, 429);
      assert.ok(Number(refused.headers['retry-after']) > 25 && Number(refused.headers['retry-after']) <= 30);
      world.ctx.clock.advance(30_000);
      assert.equal((await second('abcdef')).status, 400, 'what is no code is not counted');
      const again = String((Number(await world.codeOf(secret)) + 1) % 1_000_000).padStart(6, '0');
      assert.equal((await second(again)).status, 403);
      const longer = await second(await world.codeOf(secret));
      assert.ok(Number(longer.headers['retry-after']) > 55, 'twice as long');
      world.ctx.clock.advance(60_000);
      assert.equal((await second(await world.codeOf(secret))).status, 200);
      world.nextStep();
      assert.equal((await second(wrong)).status, 403, 'the count starts anew');
    });

    it('together are counted one by one: ten at once leave ten refusals and a delay', async () => {
      const { secret } = await world.person('qian@example.com');
      const wrong = String((Number(await world.codeOf(secret)) + 1) % 1_000_000).padStart(6, '0');
      const { ticket } = (await signIn({ email: 'qian@example.com' })).body;
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => world.post('/api/sessions/second-factor', { ticket, code: wrong })),
      );
      const statuses = answers.map(({ status }) => status);
      assert.equal(statuses.filter((status) => status === 403).length, 5);
      assert.equal(statuses.filter((status) => status === 429).length, 5);
    });

    it('fifty in a row kill the factor, until staff help', async () => {
      const { secret, auth } = await world.person('fifty@example.com');
      const people = world.ctx.db.connection.collection('people');
      await people.updateOne({ email: 'fifty@example.com' }, { $set: { 'totp.failures': 50 } });
      const { ticket } = (await signIn({ email: 'fifty@example.com' })).body;
      const { body } = await world
        .post('/api/sessions/second-factor', { ticket, code: await world.codeOf(secret) })
        .expect(403);
      assert.equal(body.code, 'factor_locked');
      await world.get('/api/me', auth).expect(200); // who is signed in stays
    });
  });
});

describe('sign in, for who guesses', () => {
  let world: World;
  before(async () => {
    world = await makeWorld({ ATTEMPTS_PER_MINUTE: '3', TRUSTED_PROXIES: '1' });
    for (const name of ['owner', 'parallel', 'shared', 'mobile', 'again'])
      await world.registered(`${name}@example.com`);
  });
  after(() => world.close());

  const from = (source: string, more = {}) => ({ 'X-Forwarded-For': source, ...more });
  const attempt = (email: string, password: string, headers = {}) =>
    world.post('/api/sessions', { email, password }, headers);
  const statuses = async (email: string, password: string, times: number, headers = {}) => {
    const seen: number[] = [];
    for (let i = 0; i < times; i += 1) seen.push((await attempt(email, password, headers)).status);
    return seen;
  };

  it('gives five tries, then makes wait longer and longer, up to an hour; known or unknown', async () => {
    for (const [host, email] of ['owner@example.com', 'unknown@example.com'].entries()) {
      const source = from(`10.1.1.${host}`);
      assert.deepEqual(await statuses(email, 'wrong', 7, source), [401, 401, 401, 401, 401, 429, 429], email);
      const waits: number[] = [];
      for (let failures = 5; failures < 15; failures += 1) {
        const { headers, body } = await attempt(email, PASSWORD, source).expect(429);
        assert.equal(body.retryAfter, Number(headers['retry-after']));
        waits.push(body.retryAfter);
        world.ctx.clock.advance(body.retryAfter * 1_000);
        assert.equal((await attempt(email, 'wrong', source)).status, 401);
      }
      assert.deepEqual(waits, [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
    }
  });

  it('of twenty tries at once looks at five', async () => {
    const sent = Array.from({ length: 20 }, () => attempt('parallel@example.com', 'wrong', from('10.1.0.2')));
    const seen = (await Promise.all(sent)).map(({ status }) => status);
    assert.equal(seen.filter((status) => status === 401).length, 5);
    assert.equal(seen.filter((status) => status === 429).length, 15);
  });

  it('forgets neither in a new process nor in another one', async () => {
    await statuses('again@example.com', 'wrong', 5, from('10.1.0.3'));
    const other = { ...world.ctx, identity: buildIdentity(world.ctx) };
    await assert.rejects(other.identity.throttles.signIn.look('again@example.com 10.1.0.3'), { status: 429 });
    const rows = await world.ctx.db.connection.collection('tries').find({}).toArray();
    assert.ok(rows.length > 0 && !/example|10\.1\.0/.test(JSON.stringify(rows)), 'no address is kept');
  });

  it('slows down nobody elsewhere, and a right password ends the count', async () => {
    await statuses('shared@example.com', 'wrong', 4, from('10.1.0.5'));
    await attempt('shared@example.com', PASSWORD, from('10.1.0.6')).expect(200);
    await attempt('shared@example.com', PASSWORD, from('10.1.0.5')).expect(200);
    assert.deepEqual(
      await statuses('shared@example.com', 'wrong', 6, from('10.1.0.5')),
      [401, 401, 401, 401, 401, 429],
    );
  });

  it('leaves the owner the browser they know, at the very source of the stranger and anywhere else', async () => {
    const opened = await attempt('mobile@example.com', PASSWORD, from('10.1.0.7')).expect(200);
    const device = cookieOf(opened, 'device');
    assert.match(device, /^device=[\w-]{22}\.[\w-]{43}$/);
    await statuses('mobile@example.com', 'wrong', 6, from('10.1.0.7'));
    for (let host = 1; host <= 30; host += 1) await attempt('mobile@example.com', 'wrong', from(`10.2.0.${host}`));
    await attempt('mobile@example.com', PASSWORD, from('10.1.0.7')).expect(429);
    await attempt('mobile@example.com', PASSWORD, from('10.3.0.1')).expect(429);
    for (const source of ['10.1.0.7', '10.3.0.1'])
      await attempt('mobile@example.com', PASSWORD, from(source, { Cookie: device })).expect(200);
    const guesses = await statuses('mobile@example.com', 'wrong', 6, from('10.3.0.2', { Cookie: device }));
    assert.deepEqual(guesses, [401, 401, 401, 401, 401, 429], 'a stolen one gives five tries too, and no more');
    await statuses('owner@example.com', 'wrong', 6, from('10.3.0.3'));
    await attempt('owner@example.com', PASSWORD, from('10.3.0.3', { Cookie: device })).expect(429); // another's browser
    await attempt('mobile@example.com', PASSWORD, from('10.1.0.7', { Cookie: `${device.slice(0, -2)}AA` })).expect(429);
  });

  it('beyond the limit of an account tells nobody who shares a source with its owner that it is one', async () => {
    const shared = await makeWorld({ ATTEMPTS_PER_MINUTE: '3', TRUSTED_PROXIES: '1' });
    try {
      await shared.registered('owner@example.com');
      await shared.signedIn('owner@example.com');
      const tryAt = async (email: string, password: string, source?: string) =>
        (await shared.post('/api/sessions', { email, password }, source === undefined ? {} : from(source))).status;
      for (const email of ['owner@example.com', 'unknown@example.com'])
        for (let host = 1; host <= 30; host += 1) await tryAt(email, 'wrong', `10.0.0.${host}`);
      assert.deepEqual(
        [await tryAt('owner@example.com', 'wrong'), await tryAt('unknown@example.com', 'wrong')],
        [429, 429],
      );
      assert.equal(await tryAt('owner@example.com', PASSWORD, '10.0.0.31'), 429, 'nor is the right password told');
      assert.equal(
        await tryAt('owner@example.com', PASSWORD),
        200,
        'the owner is not locked out where they were before',
      );
    } finally {
      await shared.close();
    }
  });

  it('asks whoever is signed in for the password again five times, too; another session of theirs is not slowed down', async () => {
    const patient = await makeWorld();
    try {
      await patient.registered('twice@example.com');
      const [thief, owner] = [await patient.signedIn('twice@example.com'), await patient.signedIn('twice@example.com')];
      const enrol = (password: string, auth: object) => patient.post('/api/me/totp', { password }, { ...auth });
      for (let i = 0; i < 5; i += 1) await enrol('wrong', thief.auth).expect(403);
      const { headers } = await enrol(PASSWORD, thief.auth).expect(429);
      assert.equal(headers['retry-after'], '30');
      await enrol(PASSWORD, owner.auth).expect(201);
    } finally {
      await patient.close();
    }
  });
});

describe('sign in, repeated because the answer got lost', () => {
  let world: World;
  const key = { 'Idempotency-Key': 'the-answer-got-lost-1' };
  const credentials = { email: 'li@example.com', password: PASSWORD };
  before(async () => {
    world = await makeWorld();
    await world.registered('li@example.com');
  });
  after(() => world.close());

  it('sets the cookie of that sign-in again, once it can still be used', async () => {
    const first = await world.post('/api/sessions', credentials, key).expect(200);
    const again = await world.post('/api/sessions', credentials, key).expect(200);
    assert.equal(again.headers['idempotent-replayed'], 'true');
    assert.deepEqual(again.body, first.body);
    assert.equal(cookieOf(again, 'refresh'), cookieOf(first, 'refresh'));
    const own = { Origin: 'http://127.0.0.1:8080', Cookie: cookieOf(again, 'refresh') };
    const refreshed = await world.post('/api/sessions/refresh', {}, own).expect(200);
    const late = await world.post('/api/sessions', credentials, key).expect(200);
    assert.equal(late.headers['set-cookie'], undefined, 'that token was traded: in the cookie it would look stolen');
    await world.get('/api/me', world.bearer(refreshed.body.accessToken)).expect(200);
  });
});

const cookieOf = (response: { headers: Record<string, unknown> }, name: string): string =>
  [response.headers['set-cookie'] ?? []]
    .flat()
    .map((line) => String(line).split(';')[0] ?? '')
    .find((pair) => pair.startsWith(`${name}=`)) ?? '';

describe('sign in, while somebody changes the person', () => {
  let world: World;
  before(async () => {
    world = await makeWorld();
  });
  after(() => world.close());

  it('never leaves a session under the old roles', async () => {
    const { ctx } = world;
    await world.invited('mover@example.com', ['agent']);
    const personId = (await findPersonByEmail(ctx.db, 'mover@example.com'))?._id ?? '';
    for (let round = 0; round < 6; round += 1) {
      const roles: Role[] = round % 2 === 0 ? ['analyst'] : ['agent'];
      await Promise.all([
        ctx.transact(systemActor('cli', 'request-cli'), (tx) => setRoles(tx, personId, roles)),
        world.post('/api/sessions', { email: 'mover@example.com', password: PASSWORD }),
      ]);
      const sessions = await ctx.db.connection
        .collection('sessions')
        .find({ endedAt: { $exists: false } })
        .toArray();
      for (const session of sessions) assert.deepEqual(session['roles'], roles, `round ${round}`);
    }
  });
});
