import assert from 'node:assert/strict';
import { mailOf, readPerson } from '../../src/identity/index.js';
import { type Letter, letterbox, linkOf } from './letters.js';
import { makeWorld, PASSWORD, type Session, type World } from './support.js';

const HOUR = 3_600_000;

describe('contact points', () => {
  let world: World;
  let letters: () => Promise<Letter[]>;
  before(async () => {
    world = await makeWorld({ ACCESS_TOKEN_MINUTES: '60' });
    letters = letterbox(world);
  });
  after(() => world.close());

  const fresh = async (email: string): Promise<Session> => {
    await world.registered(email);
    return world.signedIn(email);
  };
  const points = (auth: Record<string, string>) => world.get('/api/me', auth).then(({ body }) => body.contactPoints);
  const add = (session: Session, kind: string, value: unknown, password = PASSWORD) =>
    world.post('/api/me/contact-points', { kind, value, password }, session.auth);
  const compromise = (id: string, auth: Record<string, string>) =>
    world.post(`/api/me/contact-points/${id}/compromised`, {}, auth);
  const confirmPhone = (id: string, code: string, session: Session) =>
    world.post(`/api/me/contact-points/${id}/confirmation`, { code }, session.auth);
  const confirmLink = (token: string) => world.post('/api/contact-confirmations', { token });
  const to = (all: Letter[], address: string) => all.filter((letter) => letter.to === address);
  const codeIn = (all: Letter[]) =>
    /\d{6}/.exec(all.find(({ template }) => template === 'phone-code')?.text ?? '')?.[0] ?? '';

  /** A second address that answered its link. */
  async function confirmedAddress(session: Session, value: string): Promise<string> {
    await letters();
    const { body } = await add(session, 'email', value).expect(201);
    const [mail] = to(await letters(), value);
    assert.ok(mail);
    await confirmLink(linkOf(mail, 'confirm-contact')).expect(204);
    return body.id;
  }

  it('begin with the address that was confirmed', async () => {
    const { auth } = await fresh('h@example.com');
    const [mail, ...rest] = await points(auth);
    assert.equal(rest.length, 0);
    assert.equal(mail.value, 'h@example.com');
    assert.ok(mail.confirmedAt);
  });

  it('take a telephone number, unconfirmed, once', async () => {
    const session = await fresh('i@example.com');
    for (let step = 0; step < 3; step += 1) world.nextStep();
    const before = world.now().toISOString();
    const { body } = await add(session, 'phone', '+8613800138000').expect(201);
    assert.ok(before <= body.addedAt && body.addedAt <= world.now().toISOString());
    assert.equal(body.confirmedAt, undefined);
    assert.equal(body.trust, 'normal');
    await add(session, 'phone', '+8613800138000').expect(409);
    for (const value of ['13800138000', '+86 138', '+0123456789', { $ne: '' }, `+${'1'.repeat(16)}`])
      await add(session, 'phone', value).expect(400);
    for (const [kind, value] of [
      ['phone', 'x@example.com'],
      ['email', '+8613800138009'],
      ['email', 'x@@example'],
    ] as const)
      assert.ok([400, 422].includes((await add(session, kind, value)).status), value);
    assert.ok(!JSON.stringify(await world.log('contact-point.added')).includes('13800138000'));
  });

  it('are added with the password again where there is no second factor', async () => {
    const session = await fresh('n@example.com');
    const bare = { kind: 'email', value: 'thief@example.net' };
    for (const body of [bare, { ...bare, password: 'not the password' }]) {
      const refused = await world.post('/api/me/contact-points', body, session.auth).expect(403);
      assert.equal(refused.body.code, 'password_refused');
    }
    assert.equal((await points(session.auth)).length, 1);
  });

  it('are added with a code where there is an authenticator: in a week a thief could be called back at his own', async () => {
    const { auth, secret } = await world.person('m@example.com');
    const phone = { kind: 'phone', value: '+8613800138001' };
    const refused = await world.post('/api/me/contact-points', { ...phone, password: PASSWORD }, auth).expect(401);
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

  it('by mail are confirmed by their link, once, signed out, within a day; everybody else hears of both', async () => {
    const session = await fresh('o@example.com');
    await letters();
    const { body: added } = await add(session, 'email', 'O.Second@example.com').expect(201);
    assert.equal(added.value, 'o.second@example.com');
    const first = await letters();
    assert.deepEqual(first.map(({ to, template }) => `${template} ${to}`).sort(), [
      'confirm-contact o.second@example.com',
      'security-change o@example.com',
    ]);
    const token = linkOf(to(first, 'o.second@example.com')[0] as Letter, 'confirm-contact');
    assert.ok(!JSON.stringify(await world.jobs()).includes(token), 'the outbox does not hold the link');
    await confirmLink(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`).expect(404);
    await confirmLink(token).expect(204);
    await confirmLink(token).expect(404);
    const [, second] = await points(session.auth);
    assert.ok(second.confirmedAt);
    assert.deepEqual(
      (await letters()).map(({ to, template }) => `${template} ${to}`),
      ['security-change o@example.com'],
    );
    assert.equal((await world.log('contact-point.confirmed')).length, 1);

    await add(session, 'email', 'late@example.com').expect(201);
    const [late] = to(await letters(), 'late@example.com');
    world.ctx.clock.advance(24 * HOUR);
    await confirmLink(linkOf(late as Letter, 'confirm-contact')).expect(404);
  });

  it('by telephone are confirmed by the newest code, within ten minutes, and five wrong ones void it', async () => {
    const session = await fresh('p@example.com');
    const { body: added } = await add(session, 'phone', '+8613800138003').expect(201);
    const old = codeIn(await letters());
    assert.match(old, /^\d{6}$/);
    assert.ok(!JSON.stringify(await world.jobs()).includes(old), 'the outbox does not hold the code');
    world.nextStep();
    await world.post(`/api/me/contact-points/${added.id}/confirmations`, {}, session.auth).expect(202);
    const code = codeIn(await letters());
    if (old !== code) await confirmPhone(added.id, old, session).expect(403);
    const wrong = (n: number) => String((Number(code) + n) % 1_000_000).padStart(6, '0');
    for (let n = 1; n <= 5; n += 1) await confirmPhone(added.id, wrong(n), session).expect(403);
    assert.equal((await confirmPhone(added.id, code, session).expect(403)).body.code, 'code_refused');

    await world.post(`/api/me/contact-points/${added.id}/confirmations`, {}, session.auth).expect(202);
    const stale = codeIn(await letters());
    world.ctx.clock.advance(10 * 60_000 + 1_000);
    await confirmPhone(added.id, stale, session).expect(403);

    await world.post(`/api/me/contact-points/${added.id}/confirmations`, {}, session.auth).expect(202);
    const right = codeIn(await letters());
    const other = await fresh('q@example.com');
    await confirmPhone(added.id, right, other).expect(404);
    const { body } = await confirmPhone(added.id, right, session).expect(200);
    assert.ok(body.confirmedAt);
    await confirmPhone(added.id, right, session).expect(409);
    await world.post(`/api/me/contact-points/${added.id}/confirmations`, {}, session.auth).expect(409);
    assert.ok((await world.log('proof.refused')).length >= 6);
  });

  it('of a hundred codes at once the right one confirms once, and no more than five are looked at', async () => {
    const session = await fresh('r@example.com');
    const { body: added } = await add(session, 'phone', '+8613800138004').expect(201);
    const code = codeIn(await letters());
    const guesses = Array.from({ length: 40 }, (_, n) => String((Number(code) + 1 + n) % 1_000_000).padStart(6, '0'));
    const answers = await Promise.all([...guesses, code].map((guess) => confirmPhone(added.id, guess, session)));
    assert.ok(answers.every(({ status }) => status === 403));
    const stored = await world.ctx.db.connection
      .collection('contactConfirmations')
      .findOne({ contactPointId: added.id });
    assert.equal(stored?.['failures'], 5);
  });

  it('once compromised get no links, whatever else they get, and say what follows', async () => {
    const session = await fresh('j@example.com');
    const second = await confirmedAddress(session, 'j.second@example.com');
    await letters();
    const [mail] = await points(session.auth);
    const { body } = await compromise(mail.id, session.auth).expect(200);
    assert.equal(body.contactPoint.trust, 'compromised');
    const said = body.follows.map((text: { en: string }) => text.en).join('\n');
    assert.match(said, /neither links nor codes/);
    assert.match(said, /proves nothing/);
    assert.doesNotMatch(said, /no trusted mailbox left/);
    const { id } = (await world.get('/api/me', session.auth)).body;
    const person = await readPerson(world.ctx.db, id);
    assert.equal(person && mailOf(person), 'j.second@example.com');
    const left = await letters();
    const [bare] = to(left, 'j@example.com');
    assert.equal(bare?.template, 'contact-compromised');
    assert.doesNotMatch(String(bare?.text), /http/);
    linkOf(to(left, 'j.second@example.com')[0] as Letter, 'not-me');
    const stranded = await compromise(second, session.auth).expect(200);
    assert.match(JSON.stringify(stranded.body.follows), /no trusted mailbox left/);
    await compromise(second, session.auth).expect(200);
    assert.deepEqual((await letters()).map(({ template }) => template).sort(), [
      'contact-compromised',
      'security-change',
    ]);
  });

  it('marked compromised after a mail was queued do not get it: neither link nor code leaves', async () => {
    const session = await fresh('s@example.com');
    await letters();
    const { body: mail } = await add(session, 'email', 's.second@example.com').expect(201);
    const { body: phone } = await add(session, 'phone', '+8613800138005').expect(201);
    const [own] = await points(session.auth);
    for (const id of [mail.id, phone.id, own.id]) await compromise(id, session.auth).expect(200);
    const left = await letters();
    assert.deepEqual(to(left, 's.second@example.com'), []);
    assert.deepEqual(to(left, '+8613800138005'), []);
    assert.ok(to(left, 's@example.com').length >= 3, 'the owner still hears that something changed');
    for (const { text } of left) assert.doesNotMatch(text, /http|\d{6}/);
    assert.equal(
      (await world.post(`/api/me/contact-points/${mail.id}/confirmations`, {}, session.auth).expect(409)).body.code,
      'contact_point_compromised',
    );
  });

  it('of somebody else are not there', async () => {
    const { auth } = await fresh('k@example.com');
    const other = await fresh('l@example.com');
    const [mail] = await points(other.auth);
    assert.equal((await compromise(mail.id, auth).expect(404)).body.code, 'contact_point_not_found');
    assert.equal((await points(other.auth))[0].trust, 'normal');
    await world.post(`/api/me/contact-points/${mail.id}/compromised`, {}).expect(401);
  });

  it('that somebody else added and marked keep no mail from its owner', async () => {
    const stranger = await fresh('stranger@example.com');
    await fresh('victim@example.com');
    await letters();
    const { body } = await add(stranger, 'email', 'victim@example.com').expect(201);
    await compromise(body.id, stranger.auth).expect(200);
    await world
      .post('/api/registrations', { email: 'victim@example.com', password: PASSWORD, locale: 'en' })
      .expect(202);
    assert.deepEqual(
      to(await letters(), 'victim@example.com').map(({ template }) => template),
      ['address-known'],
    );
  });

  it('are removed with a code, never the own name or a marked one, and the removed one can object', async () => {
    const session = await world.person('t@example.com');
    const reverified = async (operation: string, params: object, body: object = {}) => {
      const { body: asked } = await world.post('/api/reverifications', { operation, params, body }, session.auth);
      world.nextStep();
      const answer = { code: await world.codeOf(session.secret) };
      const path = `/api/reverifications/${asked.reverificationId}/answers`;
      const { body: answered } = await world.post(path, answer, session.auth).expect(200);
      return { ...session.auth, Reverification: answered.token };
    };
    const given = { kind: 'email', value: 't.second@example.com' };
    const { body: added } = await world
      .post('/api/me/contact-points', given, await reverified('addContactPoint', {}, given))
      .expect(201);
    await confirmLink(linkOf(to(await letters(), 't.second@example.com')[0] as Letter, 'confirm-contact')).expect(204);
    await letters();
    const params = { contactPointId: added.id };
    const remove = (headers: Record<string, string>, id = added.id) =>
      world.http.delete(`/api/me/contact-points/${id}`).set(headers);
    assert.equal((await remove(session.auth).expect(401)).body.code, 'step_up_required');
    const [own] = await points(session.auth);
    const onOwn = await reverified('removeContactPoint', { contactPointId: own.id });
    assert.equal((await remove(onOwn, own.id).expect(409)).body.code, 'sign_in_address');
    await remove(await reverified('removeContactPoint', params)).expect(204);
    assert.equal((await points(session.auth)).length, 1);
    for (const letter of await letters()) linkOf(letter, 'not-me');
  });

  it('marked compromised void the link that was mailed there to reset the password', async () => {
    const { secret } = await world.person('u@example.com');
    const { body: again } = await world.post('/api/sessions', { email: 'u@example.com', password: PASSWORD });
    const given = { ticket: again.ticket, code: await world.codeOf(secret), refreshIn: 'body' };
    const { body: session } = await world.post('/api/sessions/second-factor', given).expect(200);
    const auth = world.bearer(session.accessToken);
    await letters();
    await world.post('/api/password-resets', { email: 'u@example.com' }).expect(202);
    const token = (/#([\w-]+)/.exec((await letters()).find(({ text }) => text.includes('#'))?.text ?? '') ?? [])[1];
    assert.ok(token);
    const [own] = await points(auth);
    await compromise(own.id, auth).expect(200);
    world.nextStep();
    const next = { token, password: 'cormorant-Bridge 91 slate', code: await world.codeOf(secret) };
    assert.equal((await world.post('/api/password-resets/completions', next).expect(404)).body.code, 'link_refused');
  });
});

describe('the word in our mails', () => {
  let world: World;
  let letters: () => Promise<Letter[]>;
  before(async () => {
    world = await makeWorld({ ACCESS_TOKEN_MINUTES: '60' });
    letters = letterbox(world);
  });
  after(() => world.close());
  const choose = (session: Session, word: unknown, password = PASSWORD) =>
    world.http.put('/api/me/mail-word').set(session.auth).send({ word, password });

  it('stands in every mail to them from then on, and nowhere in the store, the log or an answer', async () => {
    await world.registered('a@example.com');
    const session = await world.signedIn('a@example.com');
    await letters();
    await choose(session, 'blue heron 7').expect(200);
    for (const { text } of await letters())
      assert.match(text, /^Hello,\n\nYour own word, in every mail from us: blue heron 7\n/);
    await world.post('/api/registrations', { email: 'a@example.com', password: PASSWORD, locale: 'zh-CN' }).expect(202);
    const [known] = await letters();
    assert.match(known?.text ?? '', /您的防钓鱼码：blue heron 7/);
    const stored = await world.ctx.db.connection.collection('people').findOne({ email: 'a@example.com' });
    const rest = [
      stored,
      await world.jobs(),
      await world.log('mail-word.changed'),
      (await world.get('/api/me', session.auth)).body,
    ];
    assert.ok(!JSON.stringify(rest).includes('heron'));
  });

  it('is shown to no mailbox that is compromised, and to nobody who merely added the address', async () => {
    await world.registered('b@example.com');
    const session = await world.signedIn('b@example.com');
    await choose(session, '青山 绿水').expect(200);
    await letters();
    const { body } = await world
      .post('/api/me/contact-points', { kind: 'email', value: 'b.two@example.com', password: PASSWORD }, session.auth)
      .expect(201);
    const added = await letters();
    assert.doesNotMatch(added.find(({ to }) => to === 'b.two@example.com')?.text ?? '', /青山/, 'not confirmed yet');
    assert.match(added.find(({ to }) => to === 'b@example.com')?.text ?? '', /青山 绿水/);
    const { id } = (await world.get('/api/me', session.auth)).body.contactPoints[0];
    const marked = await world.post(`/api/me/contact-points/${id}/compromised`, {}, session.auth).expect(200);
    assert.match(JSON.stringify(marked.body.follows), /Choose another now/);
    for (const { text } of await letters()) assert.doesNotMatch(text, /青山/);
    assert.ok(body.id);
  });

  it('is letters, digits and single spaces, so that nothing of a stranger’s can be put into our mails', async () => {
    await world.registered('c@example.com');
    const session = await world.signedIn('c@example.com');
    for (const word of [
      '',
      'abc',
      'visit evil.example',
      'http://evil.example',
      '<b>bold</b>',
      'line\nbreak',
      'two  spaces',
      'a'.repeat(31),
      'five words are too many here',
      '\u202eevil',
      'x@y.example',
      '山',
    ])
      assert.ok([400, 422].includes((await choose(session, word)).status), JSON.stringify(word));
    assert.equal((await choose(session, 'fine word', 'not the password').expect(403)).body.code, 'password_refused');
    for (const word of ['otter', '山水', 'Überall 9', 'ключ 12']) await choose(session, word).expect(200);
  });

  it('takes a re-verification from whoever has a second factor', async () => {
    const session = await world.person('d@example.com');
    assert.equal((await choose(session, 'fine word').expect(401)).body.code, 'step_up_required');
  });
});
