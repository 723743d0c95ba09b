import assert from 'node:assert/strict';
import { hashOfRecoveryCode, newRecoveryCode } from '../../src/identity/factors/recovery-code.js';
import { DAY, MINUTE } from '../../src/kernel/clock.js';
import { makeWorld, PASSWORD, type Session, type World } from './support.js';

const KEPT_LETTERS = /^(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/;

describe('a recovery code', () => {
  it('is 24 letters of 5 bits each, none of which is taken for another', () => {
    const codes = Array.from({ length: 500 }, newRecoveryCode);
    assert.ok(24 * 5 >= 112, 'NIST SP 800-63B-4, 3.1.2.1');
    for (const code of codes) assert.match(code, KEPT_LETTERS);
    assert.equal(new Set(codes).size, codes.length);
    assert.equal(new Set(codes.join('').replaceAll('-', '')).size, 32, 'every letter of the alphabet occurs');
  });

  it('is the same however it is typed', () => {
    const hash = hashOfRecoveryCode('0A1B-CDEF-GHJK-MNPQ-RSTV-WXYZ');
    for (const typed of [
      '0a1bcdefghjkmnpqrstvwxyz',
      ' OAIB CDEF GHJK MNPQ RSTV WXYZ ',
      'oalb-cdef-ghjk-mnpq-rstv-wxyz',
    ])
      assert.equal(hashOfRecoveryCode(typed), hash);
    assert.notEqual(hashOfRecoveryCode('0A1B-CDEF-GHJK-MNPQ-RSTV-WXY0'), hash);
  });
});

describe('second factors', () => {
  let world: World;
  let nth = 0;
  before(async () => {
    world = await makeWorld({ ACCESS_TOKEN_MINUTES: '60' });
  });
  after(() => world.close());

  interface Somebody extends Session {
    email: string;
    secret: string;
    codes: string[];
  }

  /** Signed in, with an authenticator and the recovery codes that came with it. */
  async function somebody(): Promise<Somebody> {
    nth += 1;
    const email = `factor.${nth}@example.com`;
    await world.registered(email);
    const session = await world.signedIn(email);
    const { body } = await world.post('/api/me/totp', { password: PASSWORD }, session.auth).expect(201);
    const code = await world.codeOf(body.secret);
    const confirmed = await world.post('/api/me/totp/confirmation', { code }, session.auth).expect(200);
    world.nextStep();
    return { ...session, email, secret: body.secret, codes: confirmed.body.recoveryCodes };
  }

  const me = async (who: Session) => (await world.get('/api/me', who.auth).expect(200)).body;
  const stored = async (who: Somebody) => world.ctx.db.connection.collection('people').findOne({ email: who.email });
  const ask = async (who: Session, operation: string, body: object = {}) =>
    (await world.post('/api/reverifications', { operation, body }, who.auth).expect(201)).body;
  const byCode = async (who: Somebody, id: string, code?: string) => {
    world.nextStep();
    const given = { code: code ?? (await world.codeOf(who.secret)) };
    return world.post(`/api/reverifications/${id}/answers`, given, who.auth);
  };
  const byRecoveryCode = (who: Session, id: string, recoveryCode: string) =>
    world.post(`/api/reverifications/${id}/recovery-code-answers`, { recoveryCode }, who.auth);
  const ticketOf = async (email: string) =>
    (await world.post('/api/sessions', { email, password: PASSWORD }).expect(200)).body;
  const recover = (ticket: string, recoveryCode: string, headers: Record<string, string> = {}) =>
    world.post('/api/sessions/recovery-code', { ticket, recoveryCode, refreshIn: 'body' }, headers);
  const changeIn = (notice: Record<string, unknown> | undefined) =>
    (notice?.['params'] as { change: string } | undefined)?.change;
  const replace = (who: Session, token: string) =>
    world.post('/api/me/totp/replacements', {}, { ...who.auth, Reverification: token });
  const confirm = (who: Session, code: string) => world.post('/api/me/totp/confirmation', { code }, who.auth);

  describe('recovery codes', () => {
    it('come ten with the first second factor, shown once and kept as hashes', async () => {
      const who = await somebody();
      assert.equal(who.codes.length, 10);
      assert.equal(new Set(who.codes).size, 10);
      const { recoveryCodes } = await me(who);
      assert.equal(recoveryCodes.left, 10);
      const kept = JSON.stringify([await stored(who), await world.events(), await world.jobs()]);
      for (const code of who.codes) {
        assert.ok(!kept.includes(code) && !kept.includes(code.replaceAll('-', '')));
        assert.ok(JSON.stringify(await stored(who)).includes(hashOfRecoveryCode(code)));
      }
      assert.deepEqual((await world.log('recovery-codes.made')).at(-1)?.facts, { count: 10, replaces: false });
    });

    it('stand in for the second factor at sign-in, each once, and the owner hears of it', async () => {
      const who = await somebody();
      const [code = ''] = who.codes;
      const first = await ticketOf(who.email);
      assert.deepEqual(first.methods, ['totp', 'recovery-code']);
      const opened = await recover(first.ticket, ` ${code.toLowerCase().replaceAll('-', ' ')}`.trim()).expect(200);
      assert.equal(opened.body.next, 'done');
      assert.equal((await me({ ...who, auth: world.bearer(opened.body.accessToken) })).recoveryCodes.left, 9);
      const again = await recover((await ticketOf(who.email)).ticket, code).expect(403);
      assert.equal(again.body.code, 'recovery_code_refused');
      assert.deepEqual((await world.log('recovery-code.used')).at(-1)?.facts, { purpose: 'sign-in', left: 9 });
      const refusal = (await world.log('proof.refused')).at(-1);
      assert.deepEqual([refusal?.facts['purpose'], refusal?.facts['reason']], ['sign-in', 'recovery-code']);
      const told = (await world.jobs('send-notice')).at(-1)?.payload;
      assert.deepEqual([told?.['to'], changeIn(told)], [who.email, 'recovery-code-used']);
    });

    it('of a hundred uses at once one opens a session', async () => {
      const who = await somebody();
      const { ticket } = await ticketOf(who.email);
      const opened = (await world.events('session.opened')).length;
      const answers = await Promise.all(Array.from({ length: 100 }, () => recover(ticket, who.codes[3] ?? '')));
      assert.equal(answers.filter(({ status }) => status === 200).length, 1);
      assert.ok(answers.every(({ status }) => [200, 403, 409].includes(status)));
      assert.equal((await world.events('session.opened')).length, opened + 1);
    });

    it('are refused with the ticket of another, without one, or when they were never made', async () => {
      const [one, two] = [await somebody(), await somebody()];
      const { ticket } = await ticketOf(two.email);
      assert.equal((await recover(ticket, one.codes[0] ?? '').expect(403)).body.code, 'recovery_code_refused');
      assert.equal((await recover('a.b.c', one.codes[0] ?? '').expect(401)).body.code, 'ticket_refused');
      await recover(ticket, newRecoveryCode()).expect(403);
      await recover(ticket, '').expect(400);
      await recover(ticket, '$ne').expect(400);
      assert.equal((await me(one)).recoveryCodes.left, 10);
    });

    it('give the same answer to the same request, and are used once by it', async () => {
      const who = await somebody();
      const { ticket } = await ticketOf(who.email);
      const key = { 'Idempotency-Key': 'recovery-0123456789' };
      const first = await recover(ticket, who.codes[0] ?? '', key).expect(200);
      assert.deepEqual((await recover(ticket, who.codes[0] ?? '', key).expect(200)).body, first.body);
      assert.equal((await me(who)).recoveryCodes.left, 9);
    });

    it('answer a re-verification, and one that fails is not used', async () => {
      const who = await somebody();
      const [code = '', spare = ''] = who.codes;
      assert.equal((await byRecoveryCode(who, 'reverification_0', code)).status, 404);
      const asked = await ask(who, 'renewRecoveryCodes');
      assert.match(asked.confirms['zh-CN'], /生成十个新的恢复码/);
      const { body } = await byRecoveryCode(who, asked.reverificationId, code).expect(200);
      const other = await ask(who, 'renewRecoveryCodes');
      assert.equal(
        (await byRecoveryCode(who, other.reverificationId, code).expect(403)).body.code,
        'recovery_code_refused',
      );
      const headers = { ...who.auth, Reverification: body.token };
      const renewed = await world.post('/api/me/recovery-codes', {}, headers).expect(201);
      assert.equal(renewed.body.recoveryCodes.length, 10);
      assert.equal((await byRecoveryCode(who, other.reverificationId, spare)).status, 403, 'the old ones are void');
      assert.equal((await byRecoveryCode(who, other.reverificationId, renewed.body.recoveryCodes[0])).status, 200);
    });

    it('are renewed only re-verified', async () => {
      const who = await somebody();
      const refused = await world.post('/api/me/recovery-codes', {}, who.auth).expect(401);
      assert.equal(refused.body.code, 'step_up_required');
    });
  });

  describe('an authenticator', () => {
    it('is replaced re-verified with the present one, counts once confirmed, and is young again', async () => {
      const who = await somebody();
      assert.equal(
        (await world.post('/api/me/totp', { password: PASSWORD }, who.auth).expect(409)).body.code,
        'second_factor_set',
      );
      const elsewhere = await recover((await ticketOf(who.email)).ticket, who.codes[9] ?? '').expect(200);
      const asked = await ask(who, 'replaceTotp');
      const { body } = await byCode(who, asked.reverificationId);
      const begun = await replace(who, body.token).expect(201);
      assert.match(begun.body.qr, /^data:image\/png;base64,/);
      world.nextStep();
      const still = await ask(who, 'renewRecoveryCodes');
      assert.equal((await byCode(who, still.reverificationId)).status, 200, 'the present one counts until then');
      const confirmed = await confirm(who, await world.codeOf(begun.body.secret)).expect(200);
      assert.equal(confirmed.body.recoveryCodes, undefined, 'only with the first');
      assert.equal((await me(who)).secondFactor.old, false);
      assert.equal(
        (await byCode(who, (await ask(who, 'renewRecoveryCodes')).reverificationId)).status,
        403,
        'the old one',
      );
      await world.get('/api/me', world.bearer(elsewhere.body.accessToken)).expect(401);
      const told = (await world.jobs('send-notice')).at(-1)?.payload;
      assert.equal(changeIn(told), 'authenticator-replaced');
    });

    it('is replaced by whoever has lost it, with a recovery code', async () => {
      const who = await somebody();
      const { ticket } = await ticketOf(who.email);
      const opened = await recover(ticket, who.codes[0] ?? '').expect(200);
      const back = { ...who, ...opened.body, auth: world.bearer(opened.body.accessToken) };
      const asked = await ask(back, 'replaceTotp');
      const { body } = await byRecoveryCode(back, asked.reverificationId, who.codes[1] ?? '').expect(200);
      const begun = await replace(back, body.token).expect(201);
      await confirm(back, await world.codeOf(begun.body.secret)).expect(200);
      world.nextStep();
      const { ticket: next } = await ticketOf(who.email);
      const code = await world.codeOf(begun.body.secret);
      await world.post('/api/sessions/second-factor', { ticket: next, code, refreshIn: 'body' }).expect(200);
    });

    it('is not replaced by recovery codes that are younger: a thief makes them with one code he phished', async () => {
      const who = await somebody();
      world.ctx.clock.advance(MINUTE);
      const phished = await byCode(who, (await ask(who, 'renewRecoveryCodes')).reverificationId);
      const headers = { ...who.auth, Reverification: phished.body.token };
      const { body: made } = await world.post('/api/me/recovery-codes', {}, headers).expect(201);
      const asked = await ask(who, 'replaceTotp');
      const { body } = await byRecoveryCode(who, asked.reverificationId, made.recoveryCodes[0]).expect(200);
      assert.equal((await replace(who, body.token).expect(403)).body.code, 'younger_factor');
      const { body: again } = await byCode(who, (await ask(who, 'replaceTotp')).reverificationId);
      await replace(who, again.token).expect(201);
    });

    it('is replaced by codes that have grown old', async () => {
      const who = await somebody();
      world.ctx.clock.advance(MINUTE);
      const renewed = await byCode(who, (await ask(who, 'renewRecoveryCodes')).reverificationId);
      const headers = { ...who.auth, Reverification: renewed.body.token };
      const { body: made } = await world.post('/api/me/recovery-codes', {}, headers).expect(201);
      world.ctx.clock.advance(7 * DAY + MINUTE);
      const opened = await recover((await ticketOf(who.email)).ticket, made.recoveryCodes[0]).expect(200);
      const back = { ...who, auth: world.bearer(opened.body.accessToken) };
      const asked = await ask(back, 'replaceTotp');
      const { body } = await byRecoveryCode(back, asked.reverificationId, made.recoveryCodes[1]).expect(200);
      await replace(back, body.token).expect(201);
    });

    it('still answers where passkeys cannot: the installation has moved to an address without a name', async () => {
      const who = await somebody();
      const passkey = {
        ...{ _id: 'passkey_1', name: 'Laptop', credentialId: 'AA', publicKey: 'AA', counter: 0, transports: [] },
        ...{ backupEligible: false, backedUp: false, addedAt: world.now() },
      };
      const people = world.ctx.db.connection.collection('people');
      await people.updateOne({ email: who.email }, { $set: { passkeys: [passkey] } });
      assert.deepEqual((await ask(who, 'replaceTotp')).methods, ['passkey', 'totp', 'recovery-code']);
      const { http } = world.ctx.config;
      const moved = { ...world.ctx.config, http: { ...http, baseUrl: 'http://10.1.2.3:8080' } };
      const before = world.ctx.config;
      Object.assign(world.ctx, { config: moved });
      const asked = await ask(who, 'replaceTotp').finally(() => Object.assign(world.ctx, { config: before }));
      assert.deepEqual([asked.methods, asked.passkey], [['totp', 'recovery-code'], undefined]);
      await byCode(who, asked.reverificationId).then(({ status }) => assert.equal(status, 200));
    });

    it('cannot be confirmed by a session of somebody else', async () => {
      const [who, other] = [await somebody(), await somebody()];
      const { body } = await byCode(who, (await ask(who, 'replaceTotp')).reverificationId);
      const begun = await replace(who, body.token).expect(201);
      assert.equal(
        (await confirm(other, await world.codeOf(begun.body.secret)).expect(409)).body.code,
        'enrolment_not_open',
      );
    });
  });
});
