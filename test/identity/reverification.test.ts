import assert from 'node:assert/strict';
import { payloadHash } from '../../src/kernel/canonical.js';
import { makeWorld, PASSWORD, type Session, type World } from './support.js';

describe('re-verification', () => {
  let world: World;
  let me: Session & { secret: string };
  before(async () => {
    world = await makeWorld();
    me = await world.person('li@example.com');
  });
  after(() => world.close());
  beforeEach(async () => {
    world.probe.acts.length = 0;
    me = { ...me, ...(await fresh()) }; // the clock moves on, and access tokens live ten minutes
  });

  const payload = { operation: 'probeAct', params: { caseId: 'case_1' }, body: { amount: 1 } };
  const ask = (given: object = payload, who = me) => world.post('/api/reverifications', given, who.auth);
  const answer = (id: string, code: string, who = me) =>
    world.post(`/api/reverifications/${id}/answers`, { code }, who.auth);
  const act = (
    token: string | undefined,
    { caseId = 'case_1', body = { amount: 1 } as object, who = me, path = 'acts' } = {},
  ) =>
    world.post(`/api/probes/${caseId}/${path}`, body, {
      ...who.auth,
      ...(token === undefined ? {} : { Reverification: token }),
    });

  /** A token for the payload, by a fresh code. */
  async function token(given: object = payload): Promise<string> {
    const { body } = await ask(given).expect(201);
    world.nextStep();
    return (await answer(body.reverificationId, await world.codeOf(me.secret)).expect(200)).body.token;
  }
  const lastReason = async () => (await world.log('reverification.refused')).at(-1)?.facts['reason'];

  it('is demanded as RFC 9470 says', async () => {
    const response = await act(undefined).expect(401);
    assert.equal(response.body.code, 'step_up_required');
    const challenge = String(response.headers['www-authenticate']);
    assert.match(challenge, /^Bearer error="insufficient_user_authentication", /);
    assert.match(challenge, /acr_values="urn:firebreak:acr:reverified"/);
    assert.match(challenge, /max_age=300$/);
  });

  it('says in both languages what is being confirmed', async () => {
    const { body } = await ask().expect(201);
    assert.match(body.confirms['zh-CN'], /^您正在确认：测试 number of case_1 \d+。/);
    assert.match(body.confirms.en, /^You are confirming: probe number of case_1 \d+\. It counts for this act only/);
    const minutes = (Date.parse(body.expiresAt) - world.now().getTime()) / 60_000;
    assert.ok(minutes > 4.9 && minutes <= 5);
  });

  it('allows exactly the act it was asked for, once', async () => {
    const given = await token();
    await act(given).expect(204);
    assert.deepEqual(world.probe.acts, ['case_1']);
    const again = await act(given).expect(401);
    assert.match(String(again.headers['www-authenticate']), /insufficient_user_authentication/);
    assert.equal(await lastReason(), 'used');
    assert.deepEqual(world.probe.acts, ['case_1']);
    assert.equal((await world.events('reverification.used')).length, (await world.events('probe.acted')).length);
  });

  it('leaves no hash of the payload in the log that a guess could be tried on: payloads name people', async () => {
    await act(await token()).expect(204);
    const guess = payloadHash({ params: payload.params, body: payload.body });
    for (const action of ['reverification.asked', 'reverification.used'])
      assert.ok(!JSON.stringify(await world.log(action)).includes(guess), action);
  });

  it('does not allow the act on another case', async () => {
    await act(await token(), { caseId: 'case_2' }).expect(401);
    assert.equal(await lastReason(), 'another payload');
    assert.deepEqual(world.probe.acts, []);
  });

  it('does not allow it with a changed payload, and is not used up by the attempt', async () => {
    const given = await token();
    await act(given, { body: { amount: 1_000 } }).expect(401);
    assert.equal(await lastReason(), 'another payload');
    await act(given).expect(204);
  });

  it('does not allow another operation with the same payload', async () => {
    await act(await token(), { path: 'others' }).expect(401);
    assert.equal(await lastReason(), 'another operation');
  });

  it('does not hold once the account has changed', async () => {
    const given = await token();
    world.probe.version += 1;
    await act(given).expect(401);
    assert.equal(await lastReason(), 'the account changed');
  });

  it('is over five minutes after it was asked for, however late the answer came', async () => {
    const given = await token();
    world.ctx.clock.advance(5 * 60_000);
    await act(given).expect(401);
    assert.equal(await lastReason(), 'expired');
  });

  it('cannot be answered after five minutes', async () => {
    const { body } = await ask().expect(201);
    world.ctx.clock.advance(5 * 60_000 + 1_000);
    assert.equal((await answer(body.reverificationId, await world.codeOf(me.secret))).status, 404);
  });

  /** The same person in a new session. */
  async function fresh(): Promise<Session> {
    world.nextStep();
    const { body } = await world.post('/api/sessions', { email: 'li@example.com', password: PASSWORD });
    const opened = await world
      .post('/api/sessions/second-factor', {
        ticket: body.ticket,
        code: await world.codeOf(me.secret),
        refreshIn: 'body',
      })
      .expect(200);
    world.nextStep();
    return { ...opened.body, auth: world.bearer(opened.body.accessToken) };
  }

  it('belongs to the session that asked', async () => {
    const given = await token();
    const { body: asked } = await ask().expect(201);
    const elsewhere = await fresh();
    await act(given, { who: { ...me, ...elsewhere } }).expect(401);
    assert.equal(await lastReason(), 'another session');
    await answer(asked.reverificationId, await world.codeOf(me.secret), { ...me, ...elsewhere }).expect(404);
  });

  it('belongs to the person who asked', async () => {
    const given = await token();
    const other = await world.person('wang@example.com');
    await act(given, { who: other }).expect(401);
    assert.equal(await lastReason(), 'another person');
    const { body: asked } = await ask().expect(201);
    await answer(asked.reverificationId, await world.codeOf(other.secret), other).expect(404);
  });

  it('is not answered by the code of another person, nor by a code used before', async () => {
    const other = await world.person('zhao@example.com');
    const { body: first } = await ask().expect(201);
    await answer(first.reverificationId, await world.codeOf(other.secret)).expect(403);
    world.nextStep();
    const code = await world.codeOf(me.secret);
    await answer(first.reverificationId, code).expect(200);
    const { body: second } = await ask().expect(201);
    const replay = await answer(second.reverificationId, code).expect(403);
    assert.equal(replay.body.code, 'code_refused');
    world.nextStep();
    assert.equal((await answer(first.reverificationId, await world.codeOf(me.secret))).status, 404, 'answered once');
  });

  it('a code that could not be used for want of a challenge is not spent', async () => {
    world.nextStep();
    const code = await world.codeOf(me.secret);
    await answer('reverification_0', code).expect(404);
    const { body } = await ask().expect(201);
    await answer(body.reverificationId, code).expect(200);
  });

  it('is refused for an act that does not fit, is not there, or asks for none', async () => {
    await ask({ ...payload, operation: 'readMe' }).expect(404);
    await ask({ ...payload, operation: 'constructor' }).expect(404);
    await ask({ ...payload, operation: { $ne: '' } }).expect(400);
    await ask({ ...payload, body: { amount: 'much' } }).expect(400);
    await ask({ ...payload, body: { amount: 1, more: true } }).expect(400);
    await ask({ ...payload, params: {} }).expect(400);
  });

  it('is refused for an act that the role does not allow', async () => {
    const { body } = await ask({
      operation: 'invitePerson',
      body: { email: 'x@example.com', roles: ['admin'] },
    }).expect(403);
    assert.equal(body.code, 'not_allowed');
  });

  it('needs an authenticator', async () => {
    await world.registered('bare@example.com');
    const bare = { ...(await world.signedIn('bare@example.com')), secret: '' };
    assert.equal((await ask(payload, bare).expect(403)).body.code, 'second_factor_required');
  });

  it('is for people who are signed in', async () => {
    await world.post('/api/reverifications', payload).expect(401);
    await world.post('/api/reverifications/reverification_1/answers', { code: '123456' }).expect(401);
  });

  for (const junk of ['x', 'A'.repeat(43), '{"$ne":null}', 'a'.repeat(5_000)])
    it(`takes ${junk.slice(0, 12)} for no re-verification`, async () => {
      await act(junk).expect(401);
      assert.equal(await lastReason(), 'unknown');
    });
});
