import assert from 'node:assert/strict';
import { type TestContext, testContext } from '../support/context.js';
import { signedInCustomer, signedInStaff } from '../support/people.js';
import { frozenCase, PNG } from '../support/stories.js';

describe('A copy of the own case', function () {
  this.timeout(60_000);
  let world: TestContext;
  before(async () => {
    world = await testContext();
  });
  after(() => world.close());

  it('is for its customer alone, holds what they may see, and is on record', async () => {
    const owner = await signedInCustomer(world);
    const { caseId, path, number } = await frozenCase(world, owner);
    await owner.send('post', `${path}/evidence`).attach('evidence', PNG, 'screen.png').expect(201);
    await owner.post(`${path}/messages`, { text: 'Is there news?' }).expect(201);

    await world.send('get', `${path}/copy`).expect(401);
    for (const other of [await signedInCustomer(world), await signedInStaff(world, ['analyst'])]) {
      const refused = await other.get(`${path}/copy`).expect(404);
      assert.equal(refused.body.code, 'case_not_found');
    }

    const { body: copy } = await owner.get(`${path}/copy`).expect(200);
    assert.equal(copy.case.number, number);
    assert.equal(copy.case.assignee, undefined);
    assert.equal(copy.reports[0].whatHappened, 'Somebody sold everything at night.');
    assert.deepEqual(
      copy.evidence.map(({ name }: { name: string }) => name),
      ['screen.png'],
    );
    assert.ok(copy.entries.some(({ message }: { message?: { text: string } }) => message?.text === 'Is there news?'));
    const [copied, ...more] = await world.events('case.copied');
    assert.equal(copied?.caseId, caseId);
    assert.equal(more.length, 0);
  });
});
