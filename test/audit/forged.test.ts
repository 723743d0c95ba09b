import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { buildEvent } from '../../src/audit/build-event.js';
import { auditChecks } from '../../src/audit/checks.js';
import { AuditKeys } from '../../src/audit/log-keys.js';
import { AuditCheckpoints, AuditPending, readLog } from '../../src/audit/log-store.js';
import { retireLogKey, rotateLogKey } from '../../src/audit/rotate-keys.js';
import { AuditEvents } from '../../src/audit/store.js';
import { runChecks } from '../../src/kernel/check.js';
import { checkpointText, formatKey, formatSignature, KEY_TYPES, keyOf, successionText } from '../../src/proof/index.js';
import { nodePrimitives } from '../../src/proof/node.js';
import { testActor } from '../support/kernel.js';
import { type LogFixture, logFixture, ORIGIN } from './log-fixture.js';

// Whoever administers the database can write every row of it, and does not have ROOT_KEY.
describe('what somebody puts into the store who does not hold its keys', () => {
  let fixture: LogFixture;
  beforeEach(async () => {
    fixture = await logFixture({ leaseMs: 0 });
    await fixture.act(3);
    await fixture.log.tick();
  });
  afterEach(() => fixture.close());

  const db = () => fixture.kernel.ctx.db;
  const ctx = () => ({ ...fixture.kernel.ctx, auditLog: fixture.log });
  const kinds = async () => {
    const reports = await runChecks(ctx(), auditChecks, { deep: false });
    return [...new Set(reports.flatMap(({ findings }) => findings.map(({ kind }) => kind)))].toSorted();
  };

  /** An event as whole as any, that nobody did. */
  const forge = async () => {
    const actor = testActor({ kind: 'person', id: 'person_victim', roles: ['approver'] });
    const draft = { action: 'release.approved', caseId: 'case_1', facts: {} };
    const { event } = buildEvent(draft, actor, fixture.kernel.ctx.clock.now());
    await AuditEvents(db()).collection.insertOne(event as never);
    return event;
  };
  const waitFor = (row: object) => AuditPending(db()).collection.insertOne(row as never);

  it('is no event, though it waits for its place like those of acts', async () => {
    await fixture.act(1);
    const [own] = await AuditPending(db()).collection.find({}, { promoteBuffers: true }).toArray();
    assert.ok(own);
    const { _id, leafHash } = await forge();
    await waitFor({ _id, events: [_id], leaves: leafHash });
    const copied = await forge();
    await waitFor({ _id: copied._id, events: [copied._id], leaves: copied.leafHash, vouch: own['vouch'] });
    const added = await forge();
    const events = [...own['events'], added._id];
    const leaves = Buffer.concat([own['leaves'], added.leafHash]);
    await waitFor({ _id: `${String(own._id)}0`, events, leaves, vouch: own['vouch'] });
    assert.equal((await fixture.log.tick()).sequenced, 1);
    assert.equal((await fixture.entries()).length, 4);
    assert.deepEqual(await kinds(), ['audit-unplaced']);
  });

  it('is no log that was made anew of rows of theirs', async () => {
    await fixture.log.stop();
    for (const name of ['auditEvents', 'auditEntries', 'auditCheckpoints', 'auditTiles', 'auditLog'])
      await db().connection.collection(name).deleteMany({});
    const { _id, leafHash } = await forge();
    await waitFor({ _id, events: [_id], leaves: leafHash });
    const after = await fixture.another({ leaseMs: 0 });
    await after.tick();
    assert.equal((await readLog(db()))?.size, 0);
    await after.stop();
  });

  /** A key of their own with a row as ours have them; `sealed` they cannot make. */
  const strayKey = async (row: object) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const raw = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32));
    const key = await keyOf(nodePrimitives, ORIGIN, KEY_TYPES.ed25519, raw);
    const [own] = await AuditKeys(db()).collection.find({}, { promoteBuffers: true }).toArray();
    const stray = { sealed: own?.['sealed'], succession: null, createdAt: new Date(0), retiredAt: null, ...row };
    await AuditKeys(db()).collection.insertOne({ ...stray, key: formatKey(key) } as never);
    return (text: string) =>
      `${text}\n${formatSignature({ name: key.name, id: key.id, signature: sign(null, Buffer.from(text), privateKey) })}`;
  };

  it('is no key: what is signed by it was not signed by the log', async () => {
    const told: string[] = [];
    await fixture.log.stop();
    const log = await fixture.another({ leaseMs: 0, onDamage: async ({ message }) => void told.push(message) });
    const signNote = await strayKey({ _id: 0, retiredAt: new Date() });
    const [own] = (await log.keys()).all;
    await AuditKeys(db()).collection.updateOne({ _id: 1 as never }, {
      $set: { succession: signNote(successionText(ORIGIN, formatKey(own!))) },
    } as never);
    const root = Buffer.alloc(32, 7);
    const note = signNote(checkpointText({ origin: ORIGIN, size: 3, root }));
    await AuditCheckpoints(db()).collection.updateOne({ _id: 3 as never }, { $set: { root, note } });
    await log.reloadKeys();
    await fixture.act(1);
    assert.equal((await log.tick()).signed, undefined);
    assert.equal(told.length, 1);
    assert.deepEqual((await kinds()).slice(0, 2), ['audit-checkpoint', 'audit-key']);
    await log.stop();
  });

  it('is no key that keeps the log from being signed', async () => {
    await strayKey({ _id: 2 });
    await AuditKeys(db()).collection.insertOne({ _id: 3, key: 'nonsense' } as never);
    await fixture.log.reloadKeys();
    await fixture.act(1);
    assert.equal((await fixture.log.tick()).signed?.size, 4);
    assert.deepEqual(await kinds(), ['audit-key']);
    await rotateLogKey({ ...ctx(), secrets: { ...fixture.kernel.ctx.secrets, auditKey: fixture.sealKey } });
    await fixture.act(1);
    assert.equal((await fixture.log.tick()).signed?.size, 6);
  });

  const ofKeys: Record<string, () => Promise<unknown>> = {
    'the newest key marked as retired': () =>
      AuditKeys(db()).collection.updateOne({ _id: 3 as never }, { $set: { retiredAt: new Date() } }),
    'a retired key that signs again': () =>
      AuditKeys(db()).collection.updateOne({ _id: 1 as never }, { $set: { retiredAt: null } }),
    'a succession taken away': () =>
      AuditKeys(db()).collection.updateOne({ _id: 2 as never }, { $set: { succession: null } }),
    'a key taken away': () => AuditKeys(db()).collection.deleteOne({ _id: 2 as never }),
    'the first key taken away': () => AuditKeys(db()).collection.deleteOne({ _id: 1 as never }),
    'the newest key taken away': () => AuditKeys(db()).collection.deleteOne({ _id: 3 as never }),
  };
  for (const [what, change] of Object.entries(ofKeys))
    it(`is found among the keys: ${what}`, async () => {
      const { sealKey, kernel } = fixture;
      const rotating = { ...ctx(), secrets: { ...kernel.ctx.secrets, auditKey: sealKey } };
      const [first] = (await fixture.log.keys()).all;
      await rotateLogKey(rotating);
      await rotateLogKey(rotating);
      await retireLogKey(rotating, formatKey(first!).split('+')[1] ?? '');
      await fixture.log.tick();
      assert.deepEqual(await kinds(), []);
      await change();
      assert.ok((await kinds()).includes('audit-key'));
      await fixture.act(1);
      assert.ok((await fixture.log.keys()).canSign);
    });
});
