import assert from 'node:assert/strict';
import { type TestContext, testContext } from '../support/context.js';
import { type Customer, PASSWORD, signedInCustomer, signedInStaff } from '../support/people.js';

const HOUR = 3_600_000;

describe('"this was not me"', () => {
  let world: TestContext;
  before(async () => {
    world = await testContext();
  });
  after(() => world?.close());

  /** What stands behind # in the newest mail to the address that has such a link. */
  const mailedLink = async (email: string) => {
    await world.settled();
    const mail = world.mails.findLast(({ to, text }) => to === email && text.includes('/not-me#'));
    return /\/not-me#([\w-]{64})/.exec(mail?.text ?? '')?.[1] ?? '';
  };
  const press = (token: string) => world.send('post', '/api/security-changes/disownments').send({ token });
  const withdrawals = (accountId: string) => world.simulator.attempt(accountId, 'crypto_withdrawal');
  const holdsOf = (customer: Customer) => customer.get('/api/holds').expect(200);
  /** A change that the owner is told of. */
  const change = async (customer: Customer, number: string) => {
    const body = { kind: 'phone', value: `+86138${number}` };
    const answer = await customer.act('addContactPoint', '/api/me/contact-points', {}, body);
    assert.equal(answer.status, 201, answer.text);
    return mailedLink(customer.email);
  };
  const signedInAgain = async (customer: Customer) => {
    const { body } = await world.send('post', '/api/sessions').send({ email: customer.email, password: PASSWORD });
    const given = { ticket: body.ticket, code: await customer.code(), refreshIn: 'body' };
    const { body: session } = await world.send('post', '/api/sessions/second-factor').send(given).expect(200);
    return { Authorization: `Bearer ${session.accessToken}` };
  };

  it('ends every session and holds withdrawals, signed out, once; the owner is told and ends it with an old factor only', async () => {
    const customer = await signedInCustomer(world);
    const token = await change(customer, '00138010');
    assert.equal(token.length, 64);
    const outbox = await world.ctx.db.connection.collection('outbox').find().toArray();
    assert.ok(!JSON.stringify(outbox).includes(token));
    await press(`${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`).expect(404);
    const { body } = await press(token).expect(202);
    assert.equal(body.hold, 'asked');
    assert.deepEqual(Object.keys(body).sort(), ['caseNumber', 'hold'], 'nothing that leads into the case');
    await customer.get('/api/me').expect(401);
    await world.settled();
    assert.equal(await withdrawals(customer.accountId), false);
    assert.equal(await world.simulator.attempt(customer.accountId, 'trading'), true);
    assert.equal(await world.simulator.attempt(customer.accountId, 'sign_in'), true);
    assert.equal((await press(token).expect(404)).body.code, 'link_refused');
    const told = world.mails.filter(({ to, subject }) => to === customer.email && subject.includes(body.caseNumber));
    assert.ok(
      told.some(({ subject }) => subject.includes('on hold')),
      'the owner hears of the hold',
    );
    assert.ok(
      world.mails.some(({ subject }) => subject.includes(body.caseNumber)),
      'staff are called',
    );
    const [event] = await world.events('security-change.disowned');
    assert.equal(event?.facts['change'], 'contact-point-added');
    assert.equal(event?.actor.kind, 'anonymous');

    const headers = await signedInAgain(customer);
    const again = { ...customer, get: (path: string) => world.send('get', path, headers) };
    const [hold] = (await holdsOf(again)).body.holds;
    assert.ok(
      Date.parse(hold.expiresAt) - world.clock.now().getTime() <= 4 * HOUR,
      'as long as a stranger’s, no longer',
    );
    const asked = await world
      .send('post', '/api/reverifications', headers)
      .send({ operation: 'cancelHold', params: { freezeId: hold.freezeId }, body: {} })
      .expect(201);
    const path = `/api/reverifications/${asked.body.reverificationId}/answers`;
    const { body: answered } = await world
      .send('post', path, headers)
      .send({ code: await customer.code() })
      .expect(200);
    const refused = await world
      .send('post', `/api/holds/${hold.freezeId}/cancellation`, { ...headers, Reverification: answered.token })
      .send({});
    assert.equal(refused.body.code, 'factor_too_young');
  });

  it('works for a mailbox that was marked compromised after the mail left: a thief would mark it first', async () => {
    const customer = await signedInCustomer(world);
    const token = await change(customer, '00138011');
    const { body: me } = await customer.get('/api/me').expect(200);
    const mailbox = me.contactPoints.find(({ value }: { value: string }) => value === customer.email);
    await customer.post(`/api/me/contact-points/${mailbox.id}/compromised`).expect(200);
    assert.equal((await press(token).expect(202)).body.hold, 'asked');
    await world.settled();
    assert.equal(await withdrawals(customer.accountId), false);
  });

  it('of many at once is taken once', async () => {
    const customer = await signedInCustomer(world);
    const token = await change(customer, '00138012');
    const answers = await Promise.all(Array.from({ length: 20 }, () => press(token)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [202, ...Array.from({ length: 19 }, () => 404)]);
  });

  it('is not kept from the owner by a hold that a stranger has used up the limit with', async () => {
    const customer = await signedInCustomer(world);
    const token = await change(customer, '00138013');
    await world
      .send('post', '/api/reports')
      .send({
        kind: 'account_takeover',
        language: 'en',
        whatHappened: 'Somebody else has this account.',
        contact: { email: 'stranger@example.net' },
        account: { uid: customer.uid },
        requestHold: true,
      })
      .expect(201);
    await world.settled();
    assert.equal(await withdrawals(customer.accountId), false);
    assert.equal((await press(token).expect(202)).body.hold, 'in-force');
    world.clock.advance(5 * HOUR);
    const next = await signedInAgain(customer);
    const body = { kind: 'phone', value: '+8613800138014' };
    const given = { operation: 'addContactPoint', body };
    const asked = await world.send('post', '/api/reverifications', next).send(given).expect(201);
    const path = `/api/reverifications/${asked.body.reverificationId}/answers`;
    const { body: answered } = await world
      .send('post', path, next)
      .send({ code: await customer.code() })
      .expect(200);
    const headers = { ...next, Reverification: answered.token };
    await world.send('post', '/api/me/contact-points', headers).send(body).expect(201);
    assert.equal((await press(await mailedLink(customer.email)).expect(202)).body.hold, 'asked');
    await world.settled();
    assert.equal(await withdrawals(customer.accountId), false, 'the open case placed it');
  });

  it('holds no more than three times a day, and still calls staff', async () => {
    const customer = await signedInCustomer(world);
    const tokens = [];
    for (const number of ['00138015', '00138016', '00138017', '00138018']) tokens.push(await change(customer, number));
    const answers: string[] = [];
    for (const token of tokens) {
      answers.push((await press(token).expect(202)).body.hold);
      await world.settled();
      world.clock.advance(5 * HOUR);
      await world.ctx.db.connection.collection('freezes').updateMany({}, { $set: { state: 'released' } });
    }
    assert.deepEqual(answers, ['asked', 'asked', 'asked', 'not-possible']);
  });

  it('is over after a week', async () => {
    const customer = await signedInCustomer(world);
    const token = await change(customer, '00138019');
    world.clock.advance(7 * 24 * HOUR);
    await press(token).expect(404);
  });

  it('of staff ends their sessions and calls the security desk; there is no account to hold', async () => {
    const agent = await signedInStaff(world, ['agent']);
    await agent.act('addContactPoint', '/api/me/contact-points', {}, { kind: 'phone', value: '+8613800138020' });
    assert.deepEqual((await press(await mailedLink(agent.email)).expect(202)).body, { hold: 'not-possible' });
    await agent.get('/api/me').expect(401);
    await world.settled();
    assert.ok(world.mails.some(({ subject }) => subject.includes('工作账户')));
  });
});
