import assert from 'node:assert/strict';
import type supertest from 'supertest';
import { MINUTE } from '../../src/kernel/clock.js';
import { type LoggedEvent, type TestContext, testContext } from '../support/context.js';
import { type Customer, PASSWORD, type Person, signedInCustomer, signedInStaff } from '../support/people.js';
import { assertProblem } from '../support/problem.js';
import { frozenCase, type Reported } from '../support/stories.js';

const AT_ONCE = 20;
const STEP_UP = /^Bearer error="insufficient_user_authentication", .*acr_values="[^"]+", max_age=300$/;

/** Sends so many requests, many at once, and answers how each was answered. */
async function flood(tries: number, send: (n: number) => supertest.Test): Promise<Map<string, number>> {
  const outcomes = new Map<string, number>();
  let sent = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (sent < tries) {
        sent += 1;
        const { status, body } = await send(sent);
        const outcome = status < 300 ? 'done' : `${status} ${body.code}`;
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
    }),
  );
  return outcomes;
}

describe('A thief over HTTP', function () {
  this.timeout(600_000); // a thousand requests at once, on a machine that has other work
  let world: TestContext;
  let owner: Customer;
  let thief: Customer;
  let analyst: Person;
  let second: Person;
  let story: Reported;
  before(async () => {
    const now = new Date();
    world = await testContext({}, {}, { now: () => now }); // stands still: a code does not run out during a flood
    [owner, thief] = [await signedInCustomer(world), await signedInCustomer(world)];
    [analyst, second] = [await signedInStaff(world, ['analyst']), await signedInStaff(world, ['analyst'])];
    story = await frozenCase(world, owner);
  });
  after(() => world?.close());

  const last = async (action: string): Promise<LoggedEvent> => {
    const event = (await world.events(action)).at(-1);
    return event ?? assert.fail(`no ${action} in the log`);
  };
  const count = async (action: string) => (await world.events(action)).length;
  const ask = async (who: Person, operation: string, params: object, body: object) =>
    (await who.post('/api/reverifications', { operation, params, body }).expect(201)).body;
  const answer = (who: Person, id: string, code: string) => who.post(`/api/reverifications/${id}/answers`, { code });

  /** An act on the account, which must not have happened. */
  const FREEZE = { hours: 2, reason: 'Seen again.' };
  const freeze = (headers: Record<string, string>, body: object = FREEZE, on = story, by = analyst) =>
    by.post(`${on.path}/freezes`, body, headers);
  const allowed = (body: object = FREEZE, on = story, by = analyst) =>
    by.reverified('freezeAccount', { caseId: on.caseId }, body);
  async function refused(sent: supertest.Test, reason: string): Promise<void> {
    const [freezes, refusals] = [await count('freeze.requested'), await count('reverification.refused')];
    const response = await sent;
    assertProblem(response, 401, 'step_up_required');
    assert.match(String(response.headers['www-authenticate']), STEP_UP);
    assert.equal(await count('freeze.requested'), freezes, 'nothing was frozen');
    assert.equal(await count('reverification.refused'), refusals + 1, 'the refusal is in the log, once');
    const { facts, actor } = await last('reverification.refused');
    assert.deepEqual([facts['operation'], facts['reason'], actor.kind], ['freezeAccount', reason, 'person']);
  }

  describe('with a code', () => {
    it('that a hundred send at once to ten challenges answers one of them', async () => {
      const asked = await Promise.all(
        Array.from({ length: 10 }, () => ask(analyst, 'freezeAccount', { caseId: story.caseId }, FREEZE)),
      );
      const code = await analyst.code();
      const outcomes = await flood(100, (n) => answer(analyst, asked[n % asked.length].reverificationId, code));
      assert.equal(outcomes.get('done'), 1);
      for (const outcome of outcomes.keys())
        assert.match(outcome, /^(done|403 code_refused|404 reverification_not_found|409 (conflict|in_flight))$/);
      const ids = new Set(asked.map(({ reverificationId }) => reverificationId));
      assert.equal(ids.size, 10);
    });

    it('that was used is refused everywhere else: for another act, and to sign in', async () => {
      const code = await analyst.code();
      const [one, two] = [
        await ask(analyst, 'freezeAccount', { caseId: story.caseId }, FREEZE),
        await ask(analyst, 'renewRecoveryCodes', {}, {}),
      ];
      await answer(analyst, one.reverificationId, code).expect(200);
      assertProblem(await answer(analyst, two.reverificationId, code), 403, 'code_refused');
      assert.deepEqual(
        [(await last('proof.refused')).facts['reason'], (await last('proof.refused')).facts['purpose']],
        ['replayed', `reverification ${two.reverificationId}`],
      );
      const { body } = await world.send('post', '/api/sessions').send({ email: analyst.email, password: PASSWORD });
      const signIn = { ticket: body.ticket, code, refreshIn: 'body' };
      assertProblem(await world.send('post', '/api/sessions/second-factor').send(signIn), 403, 'code_refused');
      assert.equal((await last('proof.refused')).facts['purpose'], 'sign-in');
    });

    it('of his own answers no challenge of the owner, and his session none with the owner’s code', async () => {
      const asked = await ask(owner, 'renewRecoveryCodes', {}, {});
      assertProblem(await answer(owner, asked.reverificationId, await thief.code()), 403, 'code_refused');
      assert.equal((await last('proof.refused')).facts['reason'], 'wrong');
      const code = await owner.code();
      assertProblem(await answer(thief, asked.reverificationId, code), 403, 'code_refused');
      await answer(owner, asked.reverificationId, code).expect(200);
      const again = await ask(owner, 'renewRecoveryCodes', {}, {});
      assertProblem(await answer(thief, again.reverificationId, await thief.code()), 404, 'reverification_not_found');
    });

    it('phished for one act gets nothing but that act', async () => {
      const meant = await ask(owner, 'renewRecoveryCodes', {}, {});
      const { body } = await answer(owner, meant.reverificationId, await owner.code()).expect(200);
      const headers = { Reverification: body.token };
      assertProblem(await owner.post('/api/me/totp/replacements', {}, headers), 401, 'step_up_required');
      assert.equal((await last('reverification.refused')).facts['reason'], 'another operation');
    });
  });

  describe('with a re-verification', () => {
    it('that was used gets nothing more', async () => {
      const other = await frozenCase(world, await signedInCustomer(world));
      const used = await allowed(FREEZE, other);
      await freeze(used, FREEZE, other).expect(202);
      await refused(freeze(used, FREEZE, other), 'used');
    });

    it('sent a thousand times at once acts once', async () => {
      const other = await frozenCase(world, await signedInCustomer(world));
      const token = await allowed(FREEZE, other);
      const [freezes, refusals] = [await count('freeze.requested'), await count('reverification.refused')];
      const outcomes = await flood(1_000, () => freeze(token, FREEZE, other));
      assert.equal(outcomes.get('done'), 1);
      for (const outcome of outcomes.keys())
        assert.match(outcome, /^(done|401 step_up_required|409 (conflict|in_flight))$/);
      assert.equal(await count('freeze.requested'), freezes + 1);
      assert.equal(await count('reverification.refused'), refusals + (outcomes.get('401 step_up_required') ?? 0));
    });

    it('of another case gets nothing', async () => {
      const other = await frozenCase(world, thief);
      await refused(freeze(await allowed(FREEZE, other)), 'another payload');
    });

    it('of a changed payload gets nothing, and the one it was for still does', async () => {
      const token = await allowed();
      for (const body of [{ ...FREEZE, hours: 3 }, { ...FREEZE, reason: 'Other.' }, { reason: FREEZE.reason }])
        await refused(freeze(token, body), 'another payload');
      const { body: seen } = await analyst.get(story.path).expect(200);
      assert.equal(seen.freezes.length, 1);
    });

    it('of somebody else, or of another session of the same person, gets nothing', async () => {
      await refused(freeze(await allowed(), FREEZE, story, second), 'another person');
      const { body: first } = await world
        .send('post', '/api/sessions')
        .send({ email: analyst.email, password: PASSWORD });
      const { body: opened } = await world
        .send('post', '/api/sessions/second-factor')
        .send({ ticket: first.ticket, code: await analyst.code(), refreshIn: 'body' })
        .expect(200);
      const elsewhere = { ...(await allowed()), Authorization: `Bearer ${opened.accessToken}` };
      await refused(freeze(elsewhere), 'another session');
    });

    it('of an account that has changed since gets nothing', async () => {
      const stale = await allowed();
      await freeze(
        await allowed({ ...FREEZE, hours: 1 }, story, second),
        { ...FREEZE, hours: 1 },
        story,
        second,
      ).expect(202);
      await world.settled();
      await refused(freeze(stale), 'the account changed');
    });

    it('over five minutes old gets nothing, and is not answered any more', async () => {
      const [late, open] = [await allowed(), await ask(analyst, 'freezeAccount', { caseId: story.caseId }, FREEZE)];
      world.clock.advance(5 * MINUTE);
      await refused(freeze(late), 'expired');
      assertProblem(
        await answer(analyst, open.reverificationId, await analyst.code()),
        404,
        'reverification_not_found',
      );
    });

    it('that was made up gets nothing', async () => {
      for (const token of ['A'.repeat(43), 'x', '{"$gt":""}', 'null'])
        await refused(freeze({ Reverification: token }), 'unknown');
      const without = await freeze({});
      assertProblem(without, 401, 'step_up_required');
      assert.match(String(without.headers['www-authenticate']), STEP_UP);
    });

    it('under the key of a request that went without gets no answer of that one', async () => {
      const customer = await signedInCustomer(world);
      const report = { kind: 'unauthorized_trade', language: 'en', whatHappened: 'Sold at night.' };
      const key = { 'Idempotency-Key': 'one-key-for-two-requests' };
      const plain = await customer.post('/api/reports', report, key).expect(201);
      const proof = await customer.reverified('submitReport', {}, report);
      assertProblem(await customer.post('/api/reports', report, { ...key, ...proof }), 422, 'key_reused');
      const fresh = { 'Idempotency-Key': 'another-key-of-its-own-', ...proof };
      const frozen = await customer.post('/api/reports', report, fresh).expect(201);
      const again = await customer.post('/api/reports', report, fresh).expect(201);
      assert.deepEqual(again.body, frozen.body, 'the same request gets the same answer, though its proof is used up');
      assert.equal(again.headers['idempotent-replayed'], 'true');
      assert.equal(plain.body.caseId, frozen.body.caseId);
    });
  });

  describe('with a session', () => {
    const without = (who: Person, method: 'post' | 'delete', path: string, body: object = {}) =>
      who.send(method, path).send(body);

    it('alone changes no factor, password, address or code: each asks to re-verify', async () => {
      const before = (await owner.get('/api/me').expect(200)).body;
      const acts: [path: string, body: object][] = [
        ['/api/me/totp/replacements', {}],
        ['/api/me/recovery-codes', {}],
        ['/api/me/password', { present: PASSWORD, password: 'another lantern-Quarry 58' }],
        ['/api/me/contact-points', { kind: 'phone', value: '+8613900139000' }],
      ];
      for (const [path, body] of acts) assertProblem(await without(owner, 'post', path, body), 401, 'step_up_required');
      assertProblem(await without(owner, 'post', '/api/me/totp', { password: PASSWORD }), 409, 'second_factor_set');
      assert.deepEqual((await owner.get('/api/me').expect(200)).body, before);
    });

    it('that is over gets nothing, at once', async () => {
      const gone = await signedInStaff(world, ['analyst']);
      const token = await allowed(FREEZE, story, gone);
      await gone.send('delete', '/api/sessions/current').expect(204);
      assertProblem(await freeze(token, FREEZE, story, gone), 401, 'token_refused');
      assertProblem(await gone.get('/api/me'), 401, 'token_refused');
    });
  });

  describe('from a page of another origin', () => {
    const strangers: Record<string, Record<string, string>> = {
      'with a foreign origin': { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
      'of a neighbour': { Origin: 'https://x.firebreak.example', 'Sec-Fetch-Site': 'same-site' },
      'that claims to be ours': { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'same-origin' },
      'without an origin': { Origin: 'null' },
      'that says nothing': {},
    };
    for (const [who, headers] of Object.entries(strangers))
      it(`${who}: the cookie refreshes nothing, and its session goes on`, async () => {
        const { body } = await world.send('post', '/api/sessions').send({ email: thief.email, password: PASSWORD });
        const opened = await world
          .send('post', '/api/sessions/second-factor')
          .send({ ticket: body.ticket, code: await thief.code() })
          .expect(200);
        const cookies = (opened.headers['set-cookie'] as unknown as string[])
          .map((one) => one.split(';')[0])
          .join('; ');
        const [refreshed, refusals] = [await count('session.refreshed'), await count('session.refresh-refused')];
        const forged = await world.send('post', '/api/sessions/refresh', { ...headers, Cookie: cookies }).send({});
        assertProblem(forged, 403, 'origin_refused');
        assert.equal(forged.headers['set-cookie'], undefined);
        assert.equal(await count('session.refreshed'), refreshed);
        assert.equal(await count('session.refresh-refused'), refusals + 1);
        assert.equal((await last('session.refresh-refused')).facts['reason'], 'origin');
        const ours = { Origin: world.url, 'Sec-Fetch-Site': 'same-origin', Cookie: cookies };
        await world.send('post', '/api/sessions/refresh', ours).send({}).expect(200);
      });
  });

  describe('in the end', () => {
    it('has frozen and released nothing that the staff did not', async () => {
      const { body: seen } = await analyst.get(story.path).expect(200);
      const acts = (await world.events('freeze.requested')).filter(({ caseId }) => caseId === story.caseId);
      assert.equal(seen.freezes.length, acts.length);
      assert.equal(acts.length, 2, 'the report’s own, and the one of the other analyst');
      assert.equal(await count('release.requested'), 0);
    });
  });
});
