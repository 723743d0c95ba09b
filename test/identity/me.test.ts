import assert from 'node:assert/strict';
import { generate } from 'otplib';
import { mailOf, readPerson } from '../../src/identity/index.js';
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
    await enrol(auth, {}).expect(400);
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

  it('are replaced only with a code of the present one, and are young again', async () => {
    const { auth, secret } = await world.person('f@example.com');
    assert.equal((await enrol(auth).expect(403)).body.code, 'second_factor_required');
    const guess = await generate({ secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' });
    await enrol(auth, { password: PASSWORD, code: guess }).expect(403);
    const { body } = await enrol(auth, { password: PASSWORD, code: await world.codeOf(secret) }).expect(201);
    world.ctx.clock.advance(5 * 60_000);
    await confirm(auth, await world.codeOf(body.secret)).expect(200);
    assert.equal((await world.get('/api/me', auth)).body.secondFactor.old, false);
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

  describe('contact points', () => {
    const points = (auth: Record<string, string>) => world.get('/api/me', auth).then(({ body }) => body.contactPoints);
    const compromise = (id: string, auth: Record<string, string>) =>
      world.post(`/api/me/contact-points/${id}/compromised`, {}, auth);

    it('begin with the address that was confirmed', async () => {
      const { auth } = await fresh('h@example.com');
      const [mail, ...rest] = await points(auth);
      assert.equal(rest.length, 0);
      assert.equal(mail.value, 'h@example.com');
      assert.ok(mail.confirmedAt);
    });

    it('take a telephone number, unconfirmed, once', async () => {
      const { auth } = await fresh('i@example.com');
      const phone = { kind: 'phone', value: '+8613800138000' };
      for (let step = 0; step < 3; step += 1) world.nextStep();
      const before = world.now().toISOString();
      const { body } = await world.post('/api/me/contact-points', phone, auth).expect(201);
      assert.ok(before <= body.addedAt && body.addedAt <= world.now().toISOString());
      assert.equal(body.confirmedAt, undefined);
      assert.equal(body.trust, 'normal');
      await world.post('/api/me/contact-points', phone, auth).expect(409);
      for (const value of ['13800138000', '+86 138', '+0123456789', { $ne: '' }, `+${'1'.repeat(16)}`])
        await world.post('/api/me/contact-points', { kind: 'phone', value }, auth).expect(400);
      await world.post('/api/me/contact-points', { kind: 'email', value: 'x@example.com' }, auth).expect(400);
      assert.ok(!JSON.stringify(await world.log('contact-point.added')).includes('13800138000'));
    });

    it('are added with a code where there is an authenticator: in a week a thief could be called back at his own', async () => {
      const { auth, secret } = await world.person('m@example.com');
      const phone = { kind: 'phone', value: '+8613800138001' };
      const refused = await world.post('/api/me/contact-points', phone, auth).expect(401);
      assert.equal(refused.body.code, 'step_up_required');
      assert.equal((await points(auth)).length, 1);
      const given = { operation: 'addContactPoint', body: phone };
      const { body: asked } = await world.post('/api/reverifications', given, auth).expect(201);
      assert.match(asked.confirms.en, /\+8613800138001/);
      world.nextStep();
      const answers = `/api/reverifications/${asked.reverificationId}/answers`;
      const { body: answered } = await world.post(answers, { code: await world.codeOf(secret) }, auth).expect(200);
      const headers = { ...auth, Reverification: answered.token };
      await world.post('/api/me/contact-points', { ...phone, value: '+8613800138002' }, headers).expect(401);
      await world.post('/api/me/contact-points', phone, headers).expect(201);
    });

    it('once compromised get no links, whatever else they get, and stay so', async () => {
      const { auth } = await fresh('j@example.com');
      const [mail] = await points(auth);
      const { body } = await compromise(mail.id, auth).expect(200);
      assert.equal(body.trust, 'compromised');
      const { id } = (await world.get('/api/me', auth)).body;
      const person = await readPerson(world.ctx.db, id);
      assert.equal(person && mailOf(person), undefined);
      const notice = (await world.jobs('send-notice')).at(-1)?.payload;
      assert.equal(notice?.['template'], 'contact-compromised');
      assert.deepEqual(Object.keys(notice?.['params'] as object).sort(), ['at', 'kind']);
    });

    it('of somebody else are not there', async () => {
      const { auth } = await fresh('k@example.com');
      const other = await fresh('l@example.com');
      const [mail] = await points(other.auth);
      assert.equal((await compromise(mail.id, auth).expect(404)).body.code, 'contact_point_not_found');
      assert.equal((await points(other.auth))[0].trust, 'normal');
      await world.post(`/api/me/contact-points/${mail.id}/compromised`, {}).expect(401);
    });
  });
});
