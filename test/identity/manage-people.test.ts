import assert from 'node:assert/strict';
import { findPersonByEmail } from '../../src/identity/index.js';
import type { Role } from '../../src/kernel/actor.js';
import { type Letter, letterbox, linkOf } from './letters.js';
import { makeWorld, PASSWORD, type Session, type World } from './support.js';

const REASON = 'The laptop was left in a taxi.';

describe('managing people', () => {
  let world: World;
  let admin: Session & { secret: string };
  let letters: () => Promise<Letter[]>;
  before(async () => {
    world = await makeWorld({ ACCESS_TOKEN_MINUTES: '60' });
    admin = await world.person('admin@example.com', ['admin']);
    letters = letterbox(world);
  });
  after(() => world.close());

  const idOf = async (email: string) => (await findPersonByEmail(world.ctx.db, email))?._id ?? '';
  const VERBS = {
    suspendPerson: 'suspension',
    reinstatePerson: 'reinstatement',
    resetFactors: 'factor-reset',
  } as const;
  async function manage(verb: keyof typeof VERBS, personId: string, reason = REASON) {
    const body = { reason };
    const given = { operation: verb, params: { personId }, body };
    const { body: asked, status } = await world.post('/api/reverifications', given, admin.auth);
    if (status !== 201) return { status, body: asked };
    const answers = `/api/reverifications/${asked.reverificationId}/answers`;
    const { body: answered } = await world
      .post(answers, { code: await world.codeOf(admin.secret) }, admin.auth)
      .expect(200);
    world.nextStep();
    const headers = { ...admin.auth, Reverification: answered.token };
    return world.post(`/api/people/${personId}/${VERBS[verb]}`, body, headers);
  }
  const signIn = (email: string) => world.post('/api/sessions', { email, password: PASSWORD, refreshIn: 'body' });
  const someone = async (name: string, role: Role) => {
    const email = `${name}@example.com`;
    const session = await world.person(email, [role]);
    return { ...session, email, personId: await idOf(email) };
  };

  it('takes a re-verification, each time', async () => {
    const agent = await someone('once', 'agent');
    for (const path of Object.values(VERBS)) {
      const refused = await world
        .post(`/api/people/${agent.personId}/${path}`, { reason: REASON }, admin.auth)
        .expect(401);
      assert.equal(refused.body.code, 'step_up_required');
    }
    await world.get('/api/me', agent.auth).expect(200);
  });

  it('suspends one of staff: every session ends at once and none opens, whatever they show', async () => {
    const agent = await someone('out', 'agent');
    const { body: ticket } = await signIn(agent.email).expect(200);
    await letters();
    const { body, status } = await manage('suspendPerson', agent.personId);
    assert.equal(status, 200, JSON.stringify(body));
    assert.ok(body.suspendedAt);
    await world.get('/api/me', agent.auth).expect(401);
    await world.post('/api/sessions/refresh', { refreshToken: agent.refreshToken }).expect(401);
    const early = { ticket: ticket.ticket, code: await world.codeOf(agent.secret), refreshIn: 'body' };
    await world.post('/api/sessions/second-factor', early).expect(401);
    const { body: again } = await signIn(agent.email).expect(200);
    world.nextStep();
    const late = { ticket: again.ticket, code: await world.codeOf(agent.secret), refreshIn: 'body' };
    assert.equal((await world.post('/api/sessions/second-factor', late).expect(403)).body.code, 'suspended');
    assert.equal((await signIn('nobody@example.com').expect(401)).body.code, 'credentials_refused');
    const [mail] = await letters();
    assert.equal(mail?.to, agent.email);
    linkOf(mail as Letter, 'not-me');
    assert.equal(
      (await world.log('session.refused')).filter(({ facts }) => facts?.['because'] === 'suspended').length,
      1,
    );
    const [event] = await world.log('person.suspended');
    assert.ok(!JSON.stringify(event).includes('taxi'), 'the reason is a commitment');

    assert.equal((await manage('suspendPerson', agent.personId)).body.code, 'already_suspended');
    assert.equal((await manage('reinstatePerson', agent.personId)).status, 200);
    assert.equal((await manage('reinstatePerson', agent.personId)).body.code, 'not_suspended');
    const { body: back } = await signIn(agent.email).expect(200);
    world.nextStep();
    const good = { ticket: back.ticket, code: await world.codeOf(agent.secret), refreshIn: 'body' };
    await world.post('/api/sessions/second-factor', good).expect(200);
  });

  it('voids every factor: the next sign-in takes the password and the link, so neither the admin nor a thief gets in', async () => {
    const analyst = await someone('anew', 'analyst');
    const { body, status } = await manage('resetFactors', analyst.personId);
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(body.person.secondFactor, false);
    await world.get('/api/me', analyst.auth).expect(401);
    const token = body.setupLink.split('#')[1];
    assert.equal((await signIn(analyst.email).expect(403)).body.code, 'setup_required', 'the password alone');
    await world.post('/api/setup', { token, password: 'another Lantern 59 quarry' }).expect(404);
    assert.equal((await signIn(analyst.email).expect(403)).body.code, 'setup_required', 'the link alone');
    await world.post('/api/setup', { token, password: PASSWORD }).expect(204);
    await world.post('/api/setup', { token, password: PASSWORD }).expect(404);
    const { body: half } = await signIn(analyst.email).expect(200);
    assert.equal(half.next, 'enrol-second-factor');
    const session = { ...half, auth: world.bearer(half.accessToken) };
    assert.equal((await world.get('/api/probes', session.auth).expect(403)).body.code, 'second_factor_required');
    await world.enrolled(session);
    await world.get('/api/me', session.auth).expect(200);
  });

  it('is never about oneself, nor about customers, nor about nobody', async () => {
    const customer = await someone('customer', 'customer');
    for (const verb of Object.keys(VERBS) as (keyof typeof VERBS)[]) {
      assert.equal((await manage(verb, await idOf('admin@example.com'))).body.code, 'own_roles', verb);
      assert.equal((await manage(verb, customer.personId)).body.code, 'not_staff', verb);
      assert.equal((await manage(verb, 'person_000000000000000000000000')).body.code, 'person_not_found', verb);
      assert.equal((await manage(verb, customer.personId, 'because')).status, 400);
    }
    await world.invited('unready@example.com', ['agent']);
    await world.ctx.db.connection
      .collection('people')
      .updateOne({ email: 'unready@example.com' }, { $unset: { passwordHash: 1 } });
    assert.equal((await manage('resetFactors', await idOf('unready@example.com'))).body.code, 'not_set_up');
  });

  it('tells whoever gets other roles', async () => {
    const agent = await someone('moved', 'agent');
    await letters();
    const body = { roles: ['analyst'] };
    const given = { operation: 'setRoles', params: { personId: agent.personId }, body };
    const { body: asked } = await world.post('/api/reverifications', given, admin.auth).expect(201);
    const answers = `/api/reverifications/${asked.reverificationId}/answers`;
    const { body: answered } = await world
      .post(answers, { code: await world.codeOf(admin.secret) }, admin.auth)
      .expect(200);
    world.nextStep();
    await world.http
      .put(`/api/people/${agent.personId}/roles`)
      .set({ ...admin.auth, Reverification: answered.token })
      .send(body)
      .expect(200);
    const [mail] = await letters();
    assert.match(mail?.text ?? '', /roles of the account were changed/);
  });
});
