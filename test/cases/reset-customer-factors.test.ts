import assert from 'node:assert/strict';
import { type TestContext, testContext } from '../support/context.js';
import { type Customer, PASSWORD, type Person, signedInCustomer, signedInStaff } from '../support/people.js';
import { assertProblem } from '../support/problem.js';
import { frozenCase, provenCase } from '../support/stories.js';

const WHY = { reason: 'Phone and recovery codes are lost.' };

describe('a customer who has lost every second factor', () => {
  let world: TestContext;
  let customer: Customer;
  let verifier: Person;
  let analyst: Person;
  let caseId: string;
  before(async function () {
    this.timeout(60_000);
    world = await testContext({ FACTOR_AGE_DAYS: '0' });
    customer = await signedInCustomer(world);
    verifier = await signedInStaff(world, ['analyst']);
    analyst = await signedInStaff(world, ['analyst']);
  });
  after(() => world?.close());

  const reset = (who: Person, caseId: string) =>
    who.act('resetCustomerFactors', `/api/cases/${caseId}/factor-reset`, { caseId }, WHY);
  const signIn = () => world.send('post', '/api/sessions').send({ email: customer.email, password: PASSWORD });
  const setUp = (token: string, password: string) => world.send('post', '/api/setup').send({ token, password });

  it('keeps them until the identity is proven, and whoever proved it takes none away', async () => {
    ({ caseId } = await frozenCase(world, customer));
    assertProblem(await reset(analyst, caseId), 409, 'identity_not_proven');
    const agent = await signedInStaff(world, ['agent']);
    assertProblem(await agent.post(`/api/cases/${caseId}/factor-reset`, WHY), 403, 'not_allowed');
    assertProblem(await customer.post(`/api/cases/${caseId}/factor-reset`, WHY), 403, 'not_allowed');
    await provenCase(world, customer, verifier);
    assertProblem(await reset(verifier, caseId), 403, 'own_verification');
    assert.equal((await world.events('case.factor-reset-refused')).at(-1)?.caseId, caseId);
    assert.ok((await customer.get('/api/me').expect(200)).body.secondFactor);
  }).timeout(30_000);

  it('comes back with a link from other staff and the password, and with neither alone', async () => {
    const answer = await reset(analyst, caseId);
    assert.equal(answer.status, 200, answer.text);
    const token = String(answer.body.setupLink).split('#')[1] ?? '';
    assert.match(token, /^[\w-]{43}$/);
    await customer.get('/api/me').expect(401);
    assertProblem(await signIn(), 403, 'setup_required');
    assertProblem(await setUp(token, `${PASSWORD}!`), 404, 'link_refused');
    await setUp(token, PASSWORD).expect(204);
    assertProblem(await setUp(token, PASSWORD), 404, 'link_refused');
    const { body } = await signIn().expect(200);
    assert.equal(body.next, 'done');
    const me = await world.send('get', '/api/me', { Authorization: `Bearer ${body.accessToken}` }).expect(200);
    assert.deepEqual([me.body.secondFactor, me.body.passkeys, me.body.recoveryCodes], [undefined, [], undefined]);
    await world.settled();
    assert.ok(world.mails.some(({ to, subject }) => to === customer.email && /sign-in|security/i.test(subject)));
    const log = JSON.stringify(await world.events());
    assert.ok(!log.includes(token) && !log.includes(WHY.reason));
  }).timeout(30_000);
});
