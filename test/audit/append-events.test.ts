import assert from 'node:assert/strict';
import { verifyEvent } from '../../src/audit/index.js';
import type { EventRow, OpeningsRow } from '../../src/audit/words.js';
import { type TestKernel, testActor, testKernel } from '../support/kernel.js';

describe('appendEvents', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await testKernel();
  });
  after(() => kernel.close());
  afterEach(async () => {
    for (const name of ['auditEvents', 'auditOpenings']) await stored(name).deleteMany({});
  });

  const stored = (name: string) => kernel.ctx.db.connection.collection(name);
  const all = async <T>(name: string) =>
    (await stored(name).find({}, { promoteBuffers: true }).sort({ _id: 1 }).toArray()) as unknown as T[];

  it('writes the events of an act in the order they were recorded, each of which checks', async () => {
    await kernel.ctx.transact(testActor({ address: '203.0.113.9' }), async (tx) => {
      for (const action of ['case.opened', 'freeze.requested', 'report.received']) {
        tx.record({ action, caseId: 'case_1', accountId: 'U1', personal: { contact: 'lin@example.test' } });
      }
    });
    const events = await all<EventRow>('auditEvents');
    const openings = await all<OpeningsRow>('auditOpenings');
    assert.deepEqual(
      events.map(({ action }) => action),
      ['case.opened', 'freeze.requested', 'report.received'],
    );
    assert.equal(new Set(events.map(({ at }) => at.getTime())).size, 1);
    for (const [index, event] of events.entries()) {
      assert.equal(openings[index]?._id, event._id);
      assert.deepEqual(verifyEvent(event, openings[index]?.openings), []);
    }
  });

  it('keeps personal data out of the events, and no openings where nothing is personal', async () => {
    await kernel.ctx.transact(testActor(), async (tx) => tx.record({ action: 'case.opened' }));
    assert.deepEqual(await all('auditOpenings'), []);
    await kernel.ctx.transact(testActor(), async (tx) =>
      tx.record({ action: 'a.b', personal: { phone: '+8613800138000' } }),
    );
    const bytes = (await all<EventRow>('auditEvents')).map((row) => Buffer.from(row.bytes).toString()).join();
    assert.ok(!bytes.includes('13800138000'));
    assert.equal((await all('auditOpenings')).length, 1);
  });

  it('leaves nothing of an act that fails after it was recorded', async () => {
    const failing = kernel.ctx.transact(testActor(), async (tx) => {
      tx.record({ action: 'case.opened', personal: { contact: 'lin@example.test' } });
      throw new Error('on purpose');
    });
    await assert.rejects(failing, /on purpose/);
    assert.deepEqual([await all('auditEvents'), await all('auditOpenings')], [[], []]);
  });

  it('undoes the act when its event cannot be written', async () => {
    const failing = kernel.ctx.transact(testActor(), async (tx) => {
      await stored('auditOpenings').insertOne({ _id: 'act' as never }, { session: tx.session });
      tx.record({ action: 'case.opened', facts: { amount: Number.NaN } });
    });
    await assert.rejects(failing);
    assert.deepEqual(await all('auditOpenings'), []);
  });

  it('lets acts run side by side without waiting for one another', async () => {
    const acts = Array.from({ length: 20 }, (_, n) =>
      kernel.ctx.transact(testActor(), async (tx) => tx.record({ action: 'case.opened', facts: { n } })),
    );
    await Promise.all(acts);
    assert.equal((await all('auditEvents')).length, 20);
  });
});
