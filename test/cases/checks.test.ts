import assert from 'node:assert/strict';
import { caseChecks } from '../../src/cases/index.js';
import { Cases } from '../../src/cases/store.js';
import { runChecks } from '../../src/kernel/check.js';
import { type CaseWorld, caseWorld, REASON } from './support.js';

describe('fsck of cases', function () {
  this.timeout(30_000);
  let world: CaseWorld;
  let id: string;
  before(async () => {
    world = await caseWorld();
    const { doc } = await world.proven();
    id = doc._id;
    await world.as(world.staff.compliance).post(`/api/cases/${id}/legal-hold`, REASON).expect(200);
    await world.propose(id);
    const { actor, accountId } = await world.customer();
    const closed = await world.open({ customerId: actor.id, accountId }, actor);
    const path = `/api/cases/${closed._id}`;
    await world
      .as(world.staff.analyst)
      .plain(`${path}/closing`, { outcome: 'no-loss', ...REASON })
      .expect(200);
    await world.as(world.staff.analyst).plain(`${path}/reopening`, REASON).expect(200);
    await world
      .as(world.staff.analyst)
      .plain(`${path}/closing`, { outcome: 'withdrawn', ...REASON })
      .expect(200);
    await world.settle();
  });
  after(() => world?.close());

  const fsck = async () => {
    const reports = await runChecks(world.ctx, caseChecks, { deep: false });
    return reports.flatMap(({ findings }) => findings);
  };
  const rows = () => Cases(world.ctx.db).collection;

  it('finds nothing in cases that were worked on', async () => {
    assert.deepEqual(await fsck(), []);
  });

  const changes: Record<string, [object | 'delete', string]> = {
    'a case put into another state': [{ $set: { state: 'resolve.released' } }, 'case-state'],
    'one put into a state that there is not': [{ $set: { state: 'resolve.nowhere' } }, 'case-state'],
    'a state and a history that fit each other': [
      {
        $set: { state: 'resolve.released' },
        $push: {
          history: {
            at: new Date(),
            event: 'release.confirmed',
            by: { kind: 'system', id: 'worker' },
            from: 'resolve.release-pending',
            to: 'resolve.released',
          },
        },
      },
      'case-history',
    ],
    'the last of the history taken away': [{ $pop: { history: 1 } }, 'case-history'],
    'the first of the history taken away': [{ $pop: { history: -1 } }, 'case-history'],
    'somebody else in the history': [{ $set: { 'history.1.by.id': 'person_other' } }, 'case-history'],
    'an outcome that nobody decided': [{ $set: { outcome: 'recovered' } }, 'case-outcome'],
    'a case back-dated': [{ $set: { openedAt: new Date(0) } }, 'case-altered'],
    'another version of its workflow': [{ $set: { 'workflow.version': '0.0.1' } }, 'case-workflow'],
    'a history that is none': [{ $set: { history: 'none' } }, 'case-unreadable'],
    'a case deleted': ['delete', 'case-missing'],
  };
  for (const [what, [change, kind]] of Object.entries(changes))
    it(`finds ${what}`, async () => {
      const before = await rows().findOne({ _id: id as never });
      if (change === 'delete') await rows().deleteOne({ _id: id as never });
      else await rows().updateOne({ _id: id as never }, change);
      try {
        const found = await fsck();
        assert.ok(
          found.some((one) => one.kind === kind && one.id === id),
          JSON.stringify(found),
        );
        assert.ok(found.every(({ says }) => !says.includes('\n')));
      } finally {
        await rows().replaceOne({ _id: id as never }, before as never, { upsert: true });
      }
    });

  it('finds a case that was never opened', async () => {
    const before = await rows().findOne({ _id: id as never });
    const copy = { ...before, _id: 'case_ffffffffffffffffffffffff', number: 'FB-0000-0000-0', openKey: 'other' };
    await rows().insertOne({ ...copy, trackingHash: 'other', joinedTracking: [] } as never);
    assert.deepEqual([...new Set((await fsck()).map(({ kind }) => kind))], ['case-unlogged']);
    await rows().deleteOne({ _id: copy._id as never });
  });
});
