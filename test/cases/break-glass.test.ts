import assert from 'node:assert/strict';
import { type TestContext, testContext } from '../support/context.js';
import { type Customer, type Person, signedInCustomer, signedInStaff } from '../support/people.js';
import { customerWithCase, PNG, type Reported } from '../support/stories.js';

const REASON = 'The police ask for this one document today, and nobody else is in.';

describe('break-glass', () => {
  let world: TestContext;
  let admin: Person;
  let agent: Person;
  let customer: Customer;
  let story: Reported;
  let evidenceId: string;
  before(async function () {
    this.timeout(60_000);
    world = await testContext();
    ({ customer, story } = await customerWithCase(world));
    admin = await signedInStaff(world, ['admin']);
    agent = await signedInStaff(world, ['agent']);
    await agent.post(`${story.path}/assignment`, { personId: agent.personId }).expect(200);
    await agent.post(`${story.path}/messages`, { audience: 'staff', text: 'I look at it.' });
    const added = await customer.send('post', `${story.path}/evidence`).attach('evidence', PNG, 'x.png').expect(201);
    evidenceId = added.body.evidence[0].evidenceId;
    await world.settled();
  });
  after(() => world?.close());

  const open = (who: Person, body: object = { caseNumber: story.number, reason: REASON }) =>
    who.act('openBreakGlass', '/api/break-glass', {}, body);
  const list = (who: Person) => who.get(`${story.path}/evidence`);
  const download = async (who: Person) => {
    const params = { caseId: story.caseId, evidenceId };
    const path = `${story.path}/evidence/${evidenceId}/downloads`;
    return who.act('downloadEvidence', path, params, { reason: 'As I said when I opened it.' });
  };

  it('is the only way of an admin to evidence; the case itself stays closed', async () => {
    await list(admin).expect(404);
    await admin.get(story.path).expect(403);
    const refused = await admin.post('/api/break-glass', { caseNumber: story.number, reason: REASON }).expect(401);
    assert.equal(refused.body.code, 'step_up_required');
    for (const reason of ['', 'short'])
      await admin
        .post('/api/reverifications', {
          operation: 'openBreakGlass',
          params: {},
          body: { caseNumber: story.number, reason },
        })
        .expect(400);
    const nowhere = { operation: 'openBreakGlass', params: {}, body: { caseNumber: 'FB-0000-0000-0', reason: REASON } };
    await admin.post('/api/reverifications', nowhere).expect(404);
    await list(admin).expect(404);
  });

  it('opens one case to one session for 30 minutes, and everybody on the case is told', async () => {
    const told = world.mails.length;
    const { body, status } = await open(admin, { caseNumber: story.number.toLowerCase(), reason: REASON });
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal(body.caseId, story.caseId);
    assert.equal(Date.parse(body.expiresAt) - Date.parse(body.openedAt), 30 * 60_000);
    assert.equal((await list(admin).expect(200)).body.evidence.length, 1);
    assert.equal((await download(admin)).status, 200);
    await admin.send('post', `${story.path}/evidence`).attach('evidence', PNG, 'y.png').expect(403);
    const again = await open(admin);
    assert.equal(again.body.code, 'break_glass_open');

    const another = await signedInCustomer(world);
    const other = { kind: 'phishing', language: 'en', whatHappened: 'A letter.' };
    const { body: report } = await another.post('/api/reports', other).expect(201);
    await admin.get(`/api/cases/${report.caseId}/evidence`).expect(404);
    const second = await signedInStaff(world, ['admin']);
    await list(second).expect(404);

    await world.settled();
    const mails = world.mails.slice(told);
    assert.ok(mails.some(({ to, subject }) => to === customer.email && /evidence of your case/.test(subject)));
    assert.ok(mails.some(({ to, subject }) => to === agent.email && /looked at in an emergency/.test(subject)));
    assert.ok(mails.some(({ to }) => to === world.ctx.config.mail.staffTo));
    assert.ok(!mails.some(({ text }) => text.includes('police')));
    const [event] = await world.events('break-glass.opened');
    assert.equal(event?.actor.id, admin.personId);
    assert.equal(event?.caseId, story.caseId);
    assert.ok(!JSON.stringify(event).includes('police'), 'the reason is a commitment');
    assert.equal((await world.events('evidence.downloaded')).at(-1)?.actor.id, admin.personId);
  });

  it('ends when its admin says so, once, and at the latest by itself', async () => {
    const { body } = await admin.get('/api/break-glass').expect(200);
    const [glass] = body.open;
    const other = await signedInStaff(world, ['admin']);
    await other.send('delete', `/api/break-glass/${glass.breakGlassId}`).expect(404);
    await admin.send('delete', `/api/break-glass/${glass.breakGlassId}`).expect(204);
    await admin.send('delete', `/api/break-glass/${glass.breakGlassId}`).expect(404);
    await list(admin).expect(404);
    assert.equal((await world.events('break-glass.ended')).length, 1);
    assert.equal((await open(admin)).status, 201);
    await list(admin).expect(200);
    world.clock.advance(30 * 60_000);
    await list(admin).expect(404);
    assert.deepEqual((await admin.get('/api/break-glass').expect(200)).body.open, []);
  });

  for (const role of ['customer', 'agent', 'analyst', 'approver', 'compliance'] as const)
    it(`is nothing for the role ${role}`, async () => {
      const who = role === 'customer' ? customer : await signedInStaff(world, [role]);
      await who.post('/api/break-glass', { caseNumber: story.number, reason: REASON }).expect(403);
      await who.get('/api/break-glass').expect(403);
    });
});
