import assert from 'node:assert/strict';
import { makeWorld, PASSWORD, type World } from './support.js';

describe('the own factors', () => {
  let world: World;
  before(async () => {
    world = await makeWorld();
  });
  after(() => world.close());

  const fresh = async (email: string) => {
    await world.registered(email);
    return world.signedIn(email);
  };
  const enrol = (auth: Record<string, string>, body: object = { password: PASSWORD }) =>
    world.post('/api/me/totp', body, auth);
  const confirm = (auth: Record<string, string>, code: string) =>
    world.post('/api/me/totp/confirmation', { code }, auth);
  const stored = (email: string) => world.ctx.db.connection.collection('people').findOne({ email });

  it('take the password again', async () => {
    const { auth } = await fresh('a@example.com');
    assert.equal((await enrol(auth, { password: 'not the password' }).expect(403)).body.code, 'password_refused');
    assert.equal((await enrol(auth, {}).expect(403)).body.code, 'password_refused');
    await world.post('/api/me/totp', { password: PASSWORD }).expect(401);
  });

  it('are shown once, as secret, URI and PNG, and stored sealed', async () => {
    const { auth } = await fresh('b@example.com');
    const { body } = await enrol(auth).expect(201);
    assert.match(body.qr, /^data:image\/png;base64,iVBORw0KGgo/);
    assert.ok(body.uri.includes(body.secret));
    assert.ok(!JSON.stringify(await stored('b@example.com')).includes(body.secret));
    assert.ok(!JSON.stringify(await world.log('factor.enrolled')).includes(body.secret));
    assert.equal((await world.get('/api/me', auth)).body.secondFactor, undefined, 'it counts for nothing yet');
    assert.equal((await world.post('/api/sessions', { email: 'b@example.com', password: PASSWORD })).body.next, 'done');
  });

  it('count from the moment a code confirms them, are young, and end the other sessions', async () => {
    const one = await fresh('c@example.com');
    const two = await world.signedIn('c@example.com');
    const secret = await world.enrolled(one);
    await world.get('/api/me', two.auth).expect(401);
    const { body } = await world.get('/api/me', one.auth).expect(200);
    assert.equal(body.secondFactor.old, false);
    const step = Math.floor(Date.parse(body.secondFactor.confirmedAt) / 30_000);
    assert.equal((await stored('c@example.com'))?.['totp'].lastStep, step, 'the code that confirmed is spent');
    assert.ok(await world.codeOf(secret));
  });

  it('are confirmed by the right code only, within 15 minutes, once', async () => {
    const { auth } = await fresh('d@example.com');
    assert.equal((await confirm(auth, '123456').expect(409)).body.code, 'enrolment_not_open');
    const { secret } = (await enrol(auth).expect(201)).body;
    const right = await world.codeOf(secret);
    const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0');
    assert.equal((await confirm(auth, wrong).expect(403)).body.code, 'code_refused');
    await confirm(auth, right).expect(200);
    await confirm(auth, right).expect(409);
    const late = await fresh('e@example.com');
    const { body } = await enrol(late.auth).expect(201);
    world.ctx.clock.advance(15 * 60_000 + 1_000);
    const { body: session } = await world
      .post('/api/sessions', { email: 'e@example.com', password: PASSWORD, refreshIn: 'body' })
      .expect(200);
    await confirm(world.bearer(session.accessToken), await world.codeOf(body.secret)).expect(409);
  });

  it('are old after seven days', async () => {
    const { secret } = await world.person('g@example.com');
    world.ctx.clock.advance(7 * 86_400_000 + 1_000);
    const { ticket } = (await world.post('/api/sessions', { email: 'g@example.com', password: PASSWORD })).body;
    const { body } = await world
      .post('/api/sessions/second-factor', { ticket, code: await world.codeOf(secret), refreshIn: 'body' })
      .expect(200);
    const me = await world.get('/api/me', world.bearer(body.accessToken)).expect(200);
    assert.equal(me.body.secondFactor.old, true);
  });
});
