import assert from 'node:assert/strict';
import { type TestContext, testContext } from '../support/context.js';
import { type Person, signedInStaff } from '../support/people.js';
import { customerWithCase, provenCase } from '../support/stories.js';

const REASON = { reason: 'She has the mailbox back and changed its password.' };

describe('restoring a contact point', () => {
  let world: TestContext;
  let verifier: Person;
  let other: Person;
  before(async function () {
    this.timeout(60_000);
    world = await testContext({ FACTOR_AGE_DAYS: '0' });
    verifier = await signedInStaff(world, ['analyst']);
    other = await signedInStaff(world, ['analyst']);
  });
  after(() => world?.close());

  const restore = (who: Person, path: string, params: { caseId: string; contactPointId: string }) =>
    who.act('restoreContactPoint', `${path}/contact-points/${params.contactPointId}/restoration`, params, REASON);

  it('takes a proven identity and another analyst; then it must be confirmed anew', async () => {
    const { customer } = await customerWithCase(world);
    const { body: me } = await customer.get('/api/me').expect(200);
    const contactPointId = me.contactPoints[0].id;
    const { caseId, path } = await provenCase(world, customer, verifier);
    const params = { caseId, contactPointId };
    assert.equal((await restore(other, path, params)).body.code, 'contact_point_trusted');
    await customer.post(`/api/me/contact-points/${contactPointId}/compromised`).expect(200);
    assert.equal((await restore(verifier, path, params)).body.code, 'own_verification');
    await other.post(`${path}/contact-points/${contactPointId}/restoration`, REASON).expect(401);
    assert.equal((await restore(other, path, params)).status, 204);
    const [point] = (await customer.get('/api/me').expect(200)).body.contactPoints;
    assert.equal(point.trust, 'normal');
    assert.equal(point.confirmedAt, undefined);
    await world.settled();
    const mail = world.mails.findLast(({ to }) => to === customer.email);
    const token = /\/confirm-contact#([\w-]{48})/.exec(mail?.text ?? '')?.[1];
    await world.send('post', '/api/contact-confirmations').send({ token }).expect(204);
    const [event] = await world.events('contact-point.restored');
    assert.equal(event?.caseId, caseId);
    assert.ok(!JSON.stringify(event).includes('mailbox back'), 'the reason is a commitment');
  });

  it('is refused while nothing is proven, and to agents', async () => {
    const { customer, story } = await customerWithCase(world);
    const { body: me } = await customer.get('/api/me').expect(200);
    const params = { caseId: story.caseId, contactPointId: me.contactPoints[0].id };
    await customer.post(`/api/me/contact-points/${params.contactPointId}/compromised`).expect(200);
    assert.equal((await restore(other, story.path, params)).body.code, 'identity_not_proven');
    const agent = await signedInStaff(world, ['agent']);
    await agent.post(`${story.path}/contact-points/${params.contactPointId}/restoration`, REASON).expect(403);
  });
});
