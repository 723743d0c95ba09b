import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditChecks, exportLog } from '../../src/audit/index.js';
import { AuditOpenings } from '../../src/audit/store.js';
import { runChecks } from '../../src/kernel/check.js';
import { verifyPath } from '../../src/proof/open-path.js';
import { type TestContext, testContext } from '../support/context.js';
import { type Customer, type Person, signedInCustomer, signedInStaff } from '../support/people.js';

describe('a customer asks to be erased', () => {
  let world: TestContext;
  let customer: Customer;
  let other: Customer;
  let compliance: Person;
  before(async function () {
    this.timeout(300_000);
    world = await testContext();
    customer = await signedInCustomer(world);
    other = await signedInCustomer(world);
    compliance = await signedInStaff(world, ['compliance']);
  });
  after(() => world?.close());

  it('is done by the worker once compliance re-verified; the log still verifies offline', async function () {
    this.timeout(300_000);
    const values = async () => {
      const rows = await AuditOpenings(world.ctx.db).collection.find({}).toArray();
      return rows.flatMap(({ openings }) => (openings as { value: string }[]).map(({ value }) => value));
    };
    for (const { email } of [customer, other]) assert.ok((await values()).includes(email));
    const body = { personId: customer.personId, ground: 'request' };
    await compliance.post('/api/audit/erasures', body).expect(401);
    const ordered = await compliance.act('orderErasure', '/api/audit/erasures', {}, body);
    assert.equal(ordered.status, 202);
    await world.settled();

    const { body: done } = await compliance.get(`/api/audit/erasures/${ordered.body.id}`).expect(200);
    assert.ok(done.doneAt && done.erased > 5, JSON.stringify(done));
    assert.ok(!(await values()).includes(customer.email));
    assert.ok((await values()).includes(other.email));
    const { body: page } = await compliance.get('/api/audit/events?action=person.registered').expect(200);
    const mine = page.events.find(
      (one: { event: { target: { id: string } } }) => one.event.target.id === customer.personId,
    );
    const { body: shown } = await compliance.get(`/api/audit/events/${mine.id}`).expect(200);
    assert.match(shown.erased.find(({ field }: { field: string }) => field === 'email').says.en, /^erased on \d{4}-/);

    const folder = await mkdtemp(join(tmpdir(), 'firebreak-erased-'));
    try {
      await world.ctx.auditLog.tick();
      await exportLog(world.ctx, { out: join(folder, 'log'), openings: true, asItIs: true });
      const proven = await verifyPath(join(folder, 'log'), {});
      assert.ok('events' in proven && proven.events > 0);
    } finally {
      await rm(folder, { recursive: true });
    }
    const reports = await runChecks(world.ctx, auditChecks, { deep: false });
    assert.deepEqual(
      reports.flatMap(({ findings }) => findings),
      [],
    );
  });
});
