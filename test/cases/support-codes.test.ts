import assert from 'node:assert/strict';
import { type TestContext, testContext } from '../support/context.js';
import { type Customer, type Person, signedInCustomer, signedInStaff } from '../support/people.js';
import { customerWithCase, type Reported } from '../support/stories.js';

describe('support codes', () => {
  let world: TestContext;
  let agent: Person;
  let customer: Customer;
  let story: Reported;
  before(async function () {
    this.timeout(60_000);
    world = await testContext();
    ({ customer, story } = await customerWithCase(world));
    agent = await signedInStaff(world, ['agent']);
  });
  after(() => world?.close());

  const ofCustomer = async () => (await customer.post('/api/me/support-codes').expect(201)).body;
  const ofStaff = async () => (await agent.post(`${story.path}/support-codes`).expect(201)).body;
  const byStaff = (code: string, path = story.path) => agent.post(`${path}/support-code-checks`, { code });
  const byCustomer = (code: string, who: Person = customer) => who.post('/api/me/support-code-checks', { code });

  it('tell staff that a caller is signed in as the customer of the case, once, for ten minutes', async () => {
    const { code, expiresAt, use } = await ofCustomer();
    assert.match(code, /^\d{8}$/);
    assert.equal(Date.parse(expiresAt) - world.clock.now().getTime() <= 600_000, true);
    assert.match(use.en, /you who called/);
    assert.match(use['zh-CN'], /主动/);
    assert.deepEqual((await byStaff(code).expect(200)).body, { recognised: true });
    assert.equal((await byStaff(code).expect(403)).body.code, 'support_code_refused');
    const late = await ofCustomer();
    world.clock.advance(600_000);
    await byStaff(late.code).expect(403);
    const { identity } = (await agent.get(story.path).expect(200)).body;
    assert.ok(!JSON.stringify(identity ?? {}).includes('passed'), 'it verifies nobody');
  });

  it('tell a customer that a caller is our staff, and about which case', async () => {
    const { code, use } = await ofStaff();
    assert.match(use.en, /Never ask/);
    assert.deepEqual((await byCustomer(code).expect(200)).body, { caseNumber: story.number });
    await byCustomer(code).expect(403);
    const { code: again } = await ofStaff();
    const other = await signedInCustomer(world);
    await byCustomer(again, other).expect(403);
    await byCustomer(again).expect(200);
  });

  it('hold in one direction, for one customer, and the newest one only', async () => {
    const { code: mine } = await ofCustomer();
    await byCustomer(mine).expect(403);
    const { code: theirs } = await ofStaff();
    await byStaff(theirs).expect(403);
    const other = await customerWithCase(world);
    await byStaff(mine, other.story.path).expect(403);
    const { code: newer } = await ofCustomer();
    if (newer !== mine) await byStaff(mine).expect(403);
    await byStaff(newer).expect(200);
  });

  it('of a hundred checks at once are used once', async () => {
    const { code } = await ofCustomer();
    const answers = await Promise.all(Array.from({ length: 100 }, () => byStaff(code)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  });

  it('are kept keyed, logged without the number, and refusals are logged too', async () => {
    const { code } = await ofCustomer();
    const kept = await world.ctx.db.connection.collection('supportCodes').find().toArray();
    assert.ok(!JSON.stringify(kept).includes(code));
    assert.ok(!JSON.stringify(await world.events()).includes(`"${code}"`));
    assert.ok((await world.events('support-code.made')).length > 0);
    assert.ok((await world.events('support-code.recognised')).length > 0);
    assert.ok((await world.events('support-code.refused')).every(({ result }) => result === 'refused'));
  });

  it('are limited in number: nobody guesses', async () => {
    const strict = await testContext({ ATTEMPTS_PER_MINUTE: '10' });
    try {
      const asker = await signedInCustomer(strict);
      let refused = 0;
      for (let guess = 0; guess < 12; guess += 1) {
        const { status } = await asker.post('/api/me/support-code-checks', { code: String(guess).padStart(8, '0') });
        if (status === 429) refused += 1;
      }
      assert.ok(refused >= 2, String(refused));
    } finally {
      await strict.close();
    }
  });

  it('need a customer who signs in, and are nobody else’s', async () => {
    const anonymous = { kind: 'phishing', language: 'en', whatHappened: 'x', contact: { email: 'anyone@example.net' } };
    const { body } = await world.send('post', '/api/reports').send(anonymous).expect(201);
    const { body: found } = await agent.get(`/api/cases?number=${body.caseNumber}`).expect(200);
    const answer = await agent.post(`/api/cases/${found.cases[0].caseId}/support-codes`).expect(422);
    assert.equal(answer.body.code, 'nobody_to_verify');
    await customer.post(`${story.path}/support-codes`).expect(403);
    await world.send('post', '/api/me/support-codes').expect(401);
  });
});
