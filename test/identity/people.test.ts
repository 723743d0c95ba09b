import assert from 'node:assert/strict';
import {
  addPersonCommand,
  findPersonByEmail,
  linkAccount,
  listPeopleCommand,
  readPerson,
} from '../../src/identity/index.js';
import { systemActor } from '../../src/kernel/actor.js';
import { makeWorld, PASSWORD, type Session, type World } from './support.js';

describe('people', () => {
  let world: World;
  let admin: Session & { secret: string };
  before(async () => {
    world = await makeWorld();
    admin = await world.person('admin@example.com', ['admin']);
  });
  after(() => world.close());

  const cli = () => systemActor('cli', 'request-cli');
  const idOf = async (email: string) => (await findPersonByEmail(world.ctx.db, email))?._id ?? 'nobody';

  /** A re-verification of the admin for one act. */
  async function reverified(operation: string, params: object, body: object): Promise<Record<string, string>> {
    const { body: asked } = await world
      .post('/api/reverifications', { operation, params, body }, admin.auth)
      .expect(201);
    world.nextStep();
    const code = await world.codeOf(admin.secret);
    const { body: answered } = await world
      .post(`/api/reverifications/${asked.reverificationId}/answers`, { code }, admin.auth)
      .expect(200);
    return { ...admin.auth, Reverification: answered.token };
  }
  const invite = async (body: object) => world.post('/api/people', body, await reverified('invitePerson', {}, body));
  async function setRoles(personId: string, roles: string[]) {
    const supertest = (await import('supertest')).default;
    const headers = await reverified('setRoles', { personId }, { roles });
    return supertest(world.server).put(`/api/people/${personId}/roles`).set(headers).send({ roles });
  }

  describe('the command line', () => {
    it('adds the first admin and gives the one-time link', async () => {
      const { setupLink, personId } = await addPersonCommand(world.ctx, {
        email: 'First@Example.com',
        roles: ['admin'],
        locale: 'en',
      });
      const [base, token] = setupLink.split('#');
      assert.equal(base, 'http://127.0.0.1:8080/setup');
      await world.post('/api/setup', { token, password: PASSWORD }).expect(204);
      const again = await world.post('/api/setup', { token, password: 'another pass phrase 7' }).expect(404);
      assert.equal(again.body.code, 'link_refused');
      await world.post('/api/sessions', { email: 'first@example.com', password: PASSWORD }).expect(200);
      const person = await readPerson(world.ctx.db, personId);
      assert.equal(person?.setup, undefined);
      assert.ok(!JSON.stringify(await world.log('person.invited')).includes('first@'));
    });

    it('renews the link of somebody who has not used it, and the old one is void', async () => {
      const add = () => addPersonCommand(world.ctx, { email: 'slow@example.com', roles: ['agent'], locale: 'en' });
      const tokens = [(await add()).setupLink, (await add()).setupLink].map((link) => link.split('#')[1]);
      await world.post('/api/setup', { token: tokens[0], password: PASSWORD }).expect(404);
      await world.post('/api/setup', { token: tokens[1], password: PASSWORD }).expect(204);
      await assert.rejects(add, { code: 'email_taken' });
    });

    it('makes links that are over after 24 hours', async () => {
      const { setupLink } = await addPersonCommand(world.ctx, {
        email: 'late@example.com',
        roles: ['agent'],
        locale: 'en',
      });
      world.ctx.clock.advance(24 * 3_600_000);
      await world.post('/api/setup', { token: setupLink.split('#')[1], password: PASSWORD }).expect(404);
      admin = { ...admin, ...(await again()) };
    });

    it('refuses roles that one person must not hold', async () => {
      const add = addPersonCommand(world.ctx, { email: 'both@example.com', roles: ['admin', 'analyst'], locale: 'en' });
      await assert.rejects(add, { code: 'roles_in_conflict' });
    });

    it('wants a good password at set-up', async () => {
      const { setupLink } = await addPersonCommand(world.ctx, {
        email: 'weak@example.com',
        roles: ['agent'],
        locale: 'en',
      });
      const token = setupLink.split('#')[1];
      await world.post('/api/setup', { token, password: 'password1234' }).expect(422);
      await world.post('/api/setup', { token, password: PASSWORD }).expect(204);
    });
  });

  async function again(): Promise<Session> {
    const { body } = await world.post('/api/sessions', { email: 'admin@example.com', password: PASSWORD });
    const code = await world.codeOf(admin.secret);
    const opened = await world
      .post('/api/sessions/second-factor', { ticket: body.ticket, code, refreshIn: 'body' })
      .expect(200);
    world.nextStep();
    return { ...opened.body, auth: world.bearer(opened.body.accessToken) };
  }

  it('are listed for admins, without what is a customer’s own', async () => {
    await world.registered('customer@example.com');
    const { body } = await world.get('/api/people', admin.auth).expect(200);
    const found = body.people.find((person: { email: string }) => person.email === 'customer@example.com');
    assert.deepEqual(Object.keys(found).sort(), [
      'createdAt',
      'email',
      'id',
      'locale',
      'roles',
      'secondFactor',
      'setUp',
    ]);
    assert.ok(!JSON.stringify(body).includes('argon2'));
  });

  it('are listed page by page, and staff alone when that is asked for', async () => {
    const pages: string[] = [];
    let after = '';
    do {
      const { body } = await world.get(`/api/people?limit=2${after}`, admin.auth).expect(200);
      assert.ok(body.people.length <= 2);
      pages.push(...body.people.map(({ email }: { email: string }) => email));
      after = body.next ? `&after=${body.next}` : '';
    } while (after);
    assert.ok(pages.includes('customer@example.com'));
    assert.equal(new Set(pages).size, pages.length);
    const staff = await world.get('/api/people?staff=true', admin.auth).expect(200);
    assert.ok(!JSON.stringify(staff.body).includes('customer@example.com'));
    assert.deepEqual(await listPeopleCommand(world.ctx), staff.body.people);
    for (const query of ['limit=0', 'limit=201', 'after[$gt]=x', 'role=admin', 'staff=maybe'])
      await world.get(`/api/people?${query}`, admin.auth).expect(400);
  });

  it('are invited by a re-verified admin, who gets the link', async () => {
    const body = { email: 'analyst@example.com', roles: ['analyst'], locale: 'zh-CN' };
    await world.post('/api/people', body, admin.auth).expect(401);
    const response = await invite(body);
    assert.equal(response.status, 201, JSON.stringify(response.body));
    await world.post('/api/setup', { token: response.body.setupLink.split('#')[1], password: PASSWORD }).expect(204);
    assert.equal((await invite(body)).status, 409);
  });

  it('get other roles from somebody else, and their sessions end', async () => {
    const agent = await world.person('agent@example.com', ['agent']);
    const response = await setRoles(await idOf('agent@example.com'), ['analyst']);
    assert.equal(response.status, 200, JSON.stringify(response.body));
    assert.deepEqual(response.body.roles, ['analyst']);
    await world.get('/api/me', agent.auth).expect(401);
    await world.post('/api/sessions/refresh', { refreshToken: agent.refreshToken }).expect(401);
  });

  it('never change their own roles, nor get roles that clash, nor are made up', async () => {
    assert.equal((await setRoles(await idOf('admin@example.com'), ['admin', 'compliance'])).body.code, 'own_roles');
    assert.equal(
      (await setRoles(await idOf('agent@example.com'), ['agent', 'compliance'])).body.code,
      'roles_in_conflict',
    );
    const nobody = { operation: 'setRoles', params: { personId: 'person_0' }, body: { roles: ['agent'] } };
    const refused = await world.post('/api/reverifications', nobody, admin.auth).expect(404);
    assert.equal(refused.body.code, 'person_not_found');
  });

  for (const role of ['customer', 'agent', 'analyst', 'approver', 'compliance'] as const)
    it(`are no business of the role ${role}`, async () => {
      const caller = await world.person(`nosy-${role}@example.com`, [role]);
      const { body } = await world.get('/api/people', caller.auth).expect(403);
      assert.equal(body.code, 'not_allowed');
      await world.post('/api/people', { email: 'x@example.com', roles: ['admin'] }, caller.auth).expect(403);
    });

  it('leave a trace of who of us tried them without being allowed to', async () => {
    const caller = await world.person('trying@example.com', ['agent']);
    const before = (await world.log('access.refused')).length;
    await world.get('/api/people', caller.auth).expect(403);
    const body = { email: 'x@example.com', roles: ['admin'] };
    await world.post('/api/reverifications', { operation: 'invitePerson', body }, caller.auth).expect(403);
    assert.deepEqual(
      (await world.log('access.refused')).slice(before).map(({ result, target, facts }) => ({ result, target, facts })),
      ['listPeople', 'invitePerson'].map((id) => ({
        result: 'refused',
        target: { kind: 'operation', id },
        facts: { because: 'not_allowed' },
      })),
    );
  });

  it('are no business of strangers', async () => {
    await world.get('/api/people').expect(401);
    await world.post('/api/people', { email: 'x@example.com', roles: ['admin'] }).expect(401);
  });

  describe('staff without a second factor', () => {
    it('may set one up, and nothing else, in any role', async () => {
      for (const role of ['compliance', 'admin', 'agent'] as const) {
        const email = `new-${role}@example.com`;
        await world.invited(email, [role]);
        const session = await world.signedIn(email);
        assert.equal(session.next, 'enrol-second-factor');
        for (const path of ['/api/probes', '/api/people'])
          assert.equal((await world.get(path, session.auth).expect(403)).body.code, 'second_factor_required');
        const phone = { kind: 'phone', value: '+8613800138000' };
        const refused = await world.post('/api/me/contact-points', phone, session.auth).expect(403);
        assert.equal(refused.body.code, 'second_factor_required');
        await world.get('/api/me', session.auth).expect(200);
        await world.enrolled(session);
        await world.get('/api/probes', session.auth).expect(role === 'compliance' ? 204 : 403);
      }
    });
  });

  describe('linkAccount', () => {
    const link = (personId: string, accountId: string) =>
      world.ctx.transact(cli(), (tx) => linkAccount(tx, personId, accountId));
    let people: string[];
    before(async () => {
      await world.registered('one@example.com');
      await world.registered('two@example.com');
      people = [await idOf('one@example.com'), await idOf('two@example.com')];
    });

    it('lets one of two people who link one account at once have it', async () => {
      const results = await Promise.allSettled(people.map((person) => link(person, 'acct-race')));
      assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      const refused = results.find((result) => result.status === 'rejected');
      assert.equal(refused?.reason.code, 'account_linked');
    });

    it('gives an account to one person, and a person one account', async () => {
      const [one = '', two = ''] = people;
      const holder = (await readPerson(world.ctx.db, one))?.accountId ? one : two;
      const other = holder === one ? two : one;
      await assert.rejects(link(holder, 'acct-second'), { code: 'account_linked' });
      await assert.rejects(link(other, 'acct-race'), { code: 'account_linked' });
      await link(other, 'acct-own');
      assert.equal((await readPerson(world.ctx.db, other))?.accountId, 'acct-own');
      await assert.rejects(link('person_0', 'acct-new'), { code: 'account_linked' });
    });
  });
});
