import assert from 'node:assert/strict';
import { auditChecks } from '../../src/audit/checks.js';
import { leafHash } from '../../src/audit/leaf-hash.js';
import { AuditCheckpoints, AuditEntries, AuditLogs, AuditPending, AuditTiles } from '../../src/audit/log-store.js';
import { AuditEvents, AuditOpenings } from '../../src/audit/store.js';
import { runChecks } from '../../src/kernel/check.js';
import { DAY, MINUTE } from '../../src/kernel/clock.js';
import { type LogFixture, logFixture } from './log-fixture.js';

describe('fsck of the audit log', () => {
  let fixture: LogFixture;
  beforeEach(async () => {
    fixture = await logFixture({ leaseMs: 0 });
    for (let n = 0; n < 3; n += 1) {
      await fixture.act(3, { caseId: 'case_1', personal: { contact: 'lin@example.test' } });
      await fixture.log.tick();
    }
  });
  afterEach(() => fixture.close());

  const kinds = async () => {
    const ctx = { ...fixture.kernel.ctx, auditLog: fixture.log };
    const reports = await runChecks(ctx, auditChecks, { deep: false });
    return [...new Set(reports.flatMap(({ findings }) => findings.map(({ kind }) => kind)))].toSorted();
  };
  const db = () => fixture.kernel.ctx.db;
  const events = () => AuditEvents(db()).collection;
  const edited = async (n: number, from: string | RegExp, to: string) => {
    const row = (await fixture.events())[n];
    const bytes = Buffer.from(
      Buffer.from(row?.bytes ?? [])
        .toString()
        .replace(from, to),
    );
    return { id: row?._id as never, bytes };
  };

  it('finds nothing in a log that is whole, also while events wait', async () => {
    await fixture.act(2);
    assert.deepEqual(await kinds(), []);
  });

  it('finds nothing in one of several tiles', async function () {
    this.timeout(300_000);
    await fixture.act(600);
    await fixture.log.tick();
    assert.deepEqual(await kinds(), []);
    const tile = await AuditTiles(db()).collection.findOne({ _id: '1/0' as never }, { promoteBuffers: true });
    const hashes = Buffer.from(tile?.['hashes'] as Uint8Array);
    hashes[33] = (hashes[33] as number) ^ 1;
    await AuditTiles(db()).collection.updateOne({ _id: '1/0' as never }, { $set: { hashes } });
    assert.deepEqual(await kinds(), ['audit-tile']);
  });

  const changes: Record<string, [() => Promise<unknown>, string]> = {
    'an event edited': [
      async () => {
        const { id, bytes } = await edited(1, '"n":1', '"n":7');
        return events().updateOne({ _id: id }, { $set: { bytes } });
      },
      'audit-leaf',
    ],
    'an event edited, its hash made to fit': [
      async () => {
        const { id, bytes } = await edited(1, '"n":1', '"n":7');
        return events().updateOne({ _id: id }, { $set: { bytes, leafHash: leafHash(bytes) } });
      },
      'audit-leaf',
    ],
    'an event back-dated in its look-up field': [
      async () => events().updateOne({ _id: (await fixture.events())[4]?._id as never }, { $set: { at: new Date(0) } }),
      'audit-lookup_field',
    ],
    'personal data taken away': [async () => AuditOpenings(db()).collection.deleteMany({}), 'audit-opening-missing'],
    'an event dropped': [
      async () => events().deleteOne({ _id: (await fixture.events())[4]?._id as never }),
      'audit-event-missing',
    ],
    'an event dropped with its place': [
      async () => {
        const [first] = await fixture.entries();
        await events().deleteOne({ _id: first?.event as never });
        return AuditEntries(db()).collection.deleteOne({ _id: 0 as never });
      },
      'audit-index',
    ],
    'an event inserted': [
      async () => {
        const [row] = await fixture.events();
        return events().insertOne({ ...row, _id: `event_${'f'.repeat(24)}` } as never);
      },
      'audit-unplaced',
    ],
    'an event inserted with a place': [
      async () => {
        const [row] = await fixture.events();
        await events().insertOne({ ...row, _id: `event_${'f'.repeat(24)}` } as never);
        return AuditEntries(db()).collection.insertOne({ _id: 9, event: `event_${'f'.repeat(24)}` } as never);
      },
      'audit-end',
    ],
    'two events exchanged': [
      async () => {
        const [one, two] = await fixture.entries();
        await AuditEntries(db()).collection.deleteMany({ _id: { $in: [0, 1] as never[] } });
        return AuditEntries(db()).collection.insertMany([
          { _id: 0, event: two?.event },
          { _id: 1, event: one?.event },
        ] as never[]);
      },
      'audit-leaf',
    ],
    'an event kept from ever getting a place': [
      async () => {
        await fixture.act(1);
        return AuditPending(db()).collection.deleteMany({});
      },
      'audit-unplaced',
    ],
    'a leaf altered': [
      async () => {
        const tile = await AuditTiles(db()).collection.findOne({ _id: '0/0' as never }, { promoteBuffers: true });
        const hashes = Buffer.from(tile?.['hashes'] as Uint8Array);
        hashes[70] = (hashes[70] as number) ^ 1;
        return AuditTiles(db()).collection.updateOne({ _id: '0/0' as never }, { $set: { hashes } });
      },
      'audit-root',
    ],
    'a tile taken away': [async () => AuditTiles(db()).collection.deleteMany({}), 'audit-tile'],
    'a checkpoint replaced by an older one': [
      async () => {
        const [older] = await fixture.checkpoints();
        return AuditCheckpoints(db()).collection.updateOne({ _id: 9 as never }, { $set: { note: older?.note } });
      },
      'audit-checkpoint',
    ],
    'a checkpoint with another root': [
      async () =>
        AuditCheckpoints(db()).collection.updateOne({ _id: 6 as never }, { $set: { root: Buffer.alloc(32) } }),
      'audit-checkpoint',
    ],
    'a checkpoint dated back': [
      async () => AuditCheckpoints(db()).collection.updateOne({ _id: 6 as never }, { $set: { at: new Date(0) } }),
      'audit-time',
    ],
    'a checkpoint dated ahead, with events behind it': [
      async () => {
        const at = new Date(fixture.kernel.ctx.clock.now().getTime() + 11 * MINUTE);
        fixture.kernel.ctx.clock.advance(12 * MINUTE);
        return AuditCheckpoints(db()).collection.updateOne({ _id: 6 as never }, { $set: { at } });
      },
      'audit-time',
    ],
    'the newest checkpoint dated ahead': [
      async () => {
        const at = new Date(fixture.kernel.ctx.clock.now().getTime() + DAY);
        return AuditCheckpoints(db()).collection.updateOne({ _id: 9 as never }, { $set: { at } });
      },
      'audit-time',
    ],
    'the newest checkpoint taken away': [
      async () => AuditCheckpoints(db()).collection.deleteOne({ _id: 9 as never }),
      'audit-end',
    ],
    'the end of the log moved': [
      async () => AuditLogs(db()).collection.updateOne({ _id: 'log' as never }, { $set: { size: 6, signed: 6 } }),
      'audit-cut',
    ],
    'personal data exchanged': [
      async () =>
        AuditOpenings(db()).collection.updateOne({}, { $set: { 'openings.0.value': 'mallory@example.test' } }),
      'audit-opening',
    ],
  };
  for (const [what, [change, kind]] of Object.entries(changes))
    it(`finds ${what}`, async () => {
      await change();
      const found = await kinds();
      assert.ok(found.includes(kind), `found ${found.join(', ') || 'nothing'}`);
    });
});
