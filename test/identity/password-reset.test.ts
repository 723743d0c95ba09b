import assert from 'node:assert/strict';
import { makeRecipients } from '../../src/identity/index.js';
import { makeWorld, PASSWORD, type World } from './support.js';

const NEXT = 'cormorant-Bridge 91 slate';

describe('a new password', () => {
  let world: World;
  before(async () => {
    world = await makeWorld({ ACCESS_TOKEN_MINUTES: '60' });
  });
  after(() => world.close());

  const signIn = (email: string, password: string) => world.post('/api/sessions', { email, password });

  /** The token behind # of the last mail to the address, as it leaves. */
  async function mailed(to: string): Promise<{ template: string; token: string | undefined }> {
    const rows = (await world.jobs('send-notice')).filter(({ payload }) => payload['to'] === to);
    const { template, personId, contactPointId, secret } = (rows.at(-1)?.payload ?? {}) as Record<string, never>;
    const { link } = await makeRecipients(world.ctx).find({ to, personId, contactPointId, secret });
    return { template: String(template), token: link?.split('#')[1] };
  }

  describe('by somebody signed in', () => {
    const change = (session: { auth: object }, over: object = {}, headers: object = {}) =>
      world.post('/api/me/password', { present: PASSWORD, password: NEXT, ...over }, { ...session.auth, ...headers });

    async function reverified(session: { auth: { Authorization: string }; secret: string }, body: object) {
      const asked = await world
        .post('/api/reverifications', { operation: 'changePassword', params: {}, body }, session.auth)
        .expect(201);
      const code = await world.codeOf(session.secret);
      const path = `/api/reverifications/${asked.body.reverificationId}/answers`;
      const answered = await world.post(path, { code }, session.auth).expect(200);
      return { Reverification: answered.body.token as string };
    }

    it('needs somebody signed in', async () => {
      await world.post('/api/me/password', { present: PASSWORD, password: NEXT }).expect(401);
    });

    it('takes the present one; then the old one is over, with every other session', async () => {
      await world.registered('plain@example.com');
      const [here, elsewhere] = [await world.signedIn('plain@example.com'), await world.signedIn('plain@example.com')];
      assert.equal((await change(here, { present: 'not it' }).expect(403)).body.code, 'password_refused');
      assert.equal((await change(here, { password: 'short' }).expect(422)).body.code, 'password_too_short');
      await change(here).expect(204);
      await world.get('/api/me', here.auth).expect(200);
      await world.get('/api/me', elsewhere.auth).expect(401);
      await world.post('/api/sessions/refresh', { refreshToken: elsewhere.refreshToken }).expect(401);
      await signIn('plain@example.com', PASSWORD).expect(401);
      await signIn('plain@example.com', NEXT).expect(200);
      assert.equal((await world.log('password.changed')).at(-1)?.facts['how'], 'own');
      const { template } = await mailed('plain@example.com');
      assert.equal(template, 'security-change');
    });

    it('takes a re-verification too from whoever has a second factor: a thief with session and password is not enough', async () => {
      const session = await world.person('factor@example.com');
      const refused = await change(session).expect(401);
      assert.equal(refused.body.code, 'step_up_required');
      const body = { present: PASSWORD, password: NEXT };
      const header = await reverified(session, body);
      assert.equal(
        (await change(session, { password: `${NEXT} 2` }, header).expect(401)).body.code,
        'step_up_required',
      );
      await change(session, {}, header).expect(204);
      const stored = await world.ctx.db.connection.collection('reverifications').find({}).toArray();
      assert.ok(!JSON.stringify(stored).includes('cormorant'));
      await signIn('factor@example.com', NEXT).expect(200);
    });

    it('makes tickets of before void', async () => {
      const session = await world.person('ticket@example.com');
      world.nextStep();
      const { ticket } = (await signIn('ticket@example.com', PASSWORD).expect(200)).body;
      const header = await reverified(session, { present: PASSWORD, password: NEXT });
      await change(session, {}, header).expect(204);
      world.nextStep();
      const code = await world.codeOf(session.secret);
      await world.post('/api/sessions/second-factor', { ticket, code }).expect(401);
    });
  });

  describe('by mail', () => {
    const ask = (email: string) => world.post('/api/password-resets', { email, locale: 'en' });
    const complete = (token: string | undefined, code: string, password = NEXT) =>
      world.post('/api/password-resets/completions', { token, code, password });

    it('is asked for with the same answer, the same rows and as many mails for known, unknown and compromised addresses', async () => {
      await world.person('known@example.com');
      const { auth } = await world.person('lost@example.com');
      const [point] = (await world.get('/api/me', auth)).body.contactPoints;
      await world.post(`/api/me/contact-points/${point.id}/compromised`, {}, auth).expect(200);
      const seen: object[] = [];
      for (const email of ['known@example.com', 'nobody@example.com', 'lost@example.com']) {
        const count = (name: string) => world.ctx.db.connection.collection(name).countDocuments();
        const before = await Promise.all(['passwordResets', 'outbox', 'auditEvents'].map(count));
        const { body } = await ask(email).expect(202);
        const after = await Promise.all(['passwordResets', 'outbox', 'auditEvents'].map(count));
        seen.push({ body, made: after.map((n, i) => n - (before[i] ?? 0)) });
      }
      assert.deepEqual(seen, Array(3).fill({ body: { next: 'check-mail' }, made: [1, 1, 1] }));
      assert.equal((await mailed('known@example.com')).template, 'password-reset');
      for (const email of ['nobody@example.com', 'lost@example.com'])
        assert.deepEqual(await mailed(email), { template: 'password-reset-impossible', token: undefined });
    });

    it('takes the link and a code; all sessions end, everybody is told, and the link is used up', async () => {
      const session = await world.person('reset@example.com');
      await ask('reset@example.com').expect(202);
      const { token } = await mailed('reset@example.com');
      const rows = await world.jobs('send-notice');
      assert.ok(token && !JSON.stringify(rows).includes(token), 'the store never holds the link');
      const wrong = String((Number(await world.codeOf(session.secret)) + 1) % 1_000_000).padStart(6, '0');
      assert.equal((await complete(token, wrong).expect(403)).body.code, 'code_refused');
      await complete(token, await world.codeOf(session.secret), 'short').expect(422);
      await complete(token, await world.codeOf(session.secret)).expect(204);
      await world.get('/api/me', session.auth).expect(401);
      await signIn('reset@example.com', PASSWORD).expect(401);
      assert.equal((await signIn('reset@example.com', NEXT).expect(200)).body.next, 'second-factor');
      world.nextStep();
      await complete(token, await world.codeOf(session.secret)).expect(404);
      assert.equal((await world.log('password.changed')).at(-1)?.facts['how'], 'reset');
      assert.equal((await mailed('reset@example.com')).template, 'security-change');
    });

    it('takes a recovery code in place of the authenticator, once', async () => {
      await world.registered('recover@example.com');
      const session = await world.signedIn('recover@example.com');
      const { body } = await world.post('/api/me/totp', { password: PASSWORD }, session.auth).expect(201);
      const confirmation = { code: await world.codeOf(body.secret) };
      const confirmed = await world.post('/api/me/totp/confirmation', confirmation, session.auth).expect(200);
      const [recoveryCode] = confirmed.body.recoveryCodes as string[];
      const withRecovery = (token: string | undefined, given: string | undefined) =>
        world.post('/api/password-resets/completions', { token, password: NEXT, recoveryCode: given });
      await ask('recover@example.com').expect(202);
      const { token } = await mailed('recover@example.com');
      assert.equal((await withRecovery(token, undefined).expect(403)).body.code, 'second_factor_required');
      const made = await withRecovery(token, 'AAAA-BBBB-CCCC-DDDD-EEEE-FFFF').expect(403);
      assert.equal(made.body.code, 'recovery_code_refused');
      await withRecovery(token, recoveryCode?.toLowerCase()).expect(204);
      await signIn('recover@example.com', NEXT).expect(200);
      await ask('recover@example.com').expect(202);
      const again = await mailed('recover@example.com');
      await withRecovery(again.token, recoveryCode).expect(403);
    });

    it('gets nobody in who has the mailbox alone', async () => {
      await world.registered('onefactor@example.com');
      await ask('onefactor@example.com').expect(202);
      const { token } = await mailed('onefactor@example.com');
      assert.equal((await complete(token, '123456').expect(403)).body.code, 'reset_needs_staff');
      await signIn('onefactor@example.com', PASSWORD).expect(200);
      const event = (await world.log('proof.refused')).at(-1);
      assert.deepEqual([event?.facts['purpose'], event?.facts['reason']], ['reset-password', 'no-factor']);
    });

    it('does not take the code of another person, nor a made-up or an old link', async () => {
      const victim = await world.person('victim@example.com');
      const thief = await world.person('thief@example.com');
      await ask('victim@example.com').expect(202);
      const { token = '' } = await mailed('victim@example.com');
      world.nextStep();
      await complete(token, await world.codeOf(thief.secret)).expect(403);
      for (const bad of [`${token.slice(0, -2)}AA`, 'A'.repeat(48)])
        assert.equal((await complete(bad, await world.codeOf(victim.secret)).expect(404)).body.code, 'link_refused');
      for (const bad of ['', 'x', { $ne: null }, `${token}=`])
        await complete(bad as string, await world.codeOf(victim.secret)).expect(400);
      world.ctx.clock.advance(30 * 60_000);
      await complete(token, await world.codeOf(victim.secret)).expect(404);
      await signIn('victim@example.com', PASSWORD).expect(200);
    });

    it('of two that use one link at once one wins, and a change of the password meanwhile voids it', async () => {
      const session = await world.person('twice@example.com');
      await ask('twice@example.com').expect(202);
      const { token } = await mailed('twice@example.com');
      const code = await world.codeOf(session.secret);
      const answers = await Promise.all([complete(token, code), complete(token, code), complete(token, code)]);
      assert.equal(answers.filter(({ status }) => status === 204).length, 1);
      await ask('twice@example.com').expect(202);
      const second = await mailed('twice@example.com');
      await ask('twice@example.com').expect(202);
      const third = await mailed('twice@example.com');
      world.nextStep();
      await complete(third.token, await world.codeOf(session.secret), `${NEXT} 3`).expect(204);
      world.nextStep();
      await complete(second.token, await world.codeOf(session.secret)).expect(404);
    });

    it('lets a thief of the mailbox guess slower and slower, and uses up none of the owner’s tries', async () => {
      const owner = await world.person('lockout@example.com');
      await ask('lockout@example.com').expect(202);
      const { token } = await mailed('lockout@example.com');
      const statuses: number[] = [];
      for (let n = 0; n < 9; n += 1) {
        const wrong = String((Number(await world.codeOf(owner.secret)) + 1 + n) % 1_000_000).padStart(6, '0');
        const { status, headers } = await complete(token, wrong);
        statuses.push(status);
        if (status === 429) assert.ok(Number(headers['retry-after']) >= 1);
      }
      assert.deepEqual(statuses, [403, 403, 403, 403, 403, 429, 429, 429, 429]);
      const { ticket } = (await signIn('lockout@example.com', PASSWORD).expect(200)).body;
      const code = await world.codeOf(owner.secret);
      await world.post('/api/sessions/second-factor', { ticket, code }).expect(200);
    });

    it('is refused after a few mails to one address, saying when to try again', async () => {
      const strict = await makeWorld({ ATTEMPTS_PER_MINUTE: '3' });
      try {
        for (const email of ['known@example.com', 'unknown@example.com']) {
          const send = () => strict.post('/api/password-resets', { email });
          for (let i = 0; i < 3; i += 1) await send().expect(202);
          const { headers } = await send().expect(429);
          assert.ok(Number(headers['retry-after']) > 0);
        }
      } finally {
        await strict.close();
      }
    });
  });
});
