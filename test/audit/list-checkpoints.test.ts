import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listCheckpoints } from '../../src/audit/list-checkpoints.js';
import { AuditCheckpoints } from '../../src/audit/log-store.js';
import { tlogWitness } from '../../src/audit/outlets/tlog-witness.js';
import { formatKey, parseKey, readCheckpoint, toBase64, toHex, verifyCheckpoint } from '../../src/proof/index.js';
import { nodePrimitives } from '../../src/proof/node.js';
import { startWitness, type Witness } from '../../src/witness/index.js';
import { testContext } from '../support/context.js';
import { signedInStaff } from '../support/people.js';
import { type LogFixture, logFixture, ORIGIN } from './log-fixture.js';

describe('the history of checkpoints', () => {
  let fixture: LogFixture;
  before(async () => {
    fixture = await logFixture();
    for (let n = 1; n <= 5; n += 1) {
      await fixture.act(n);
      await fixture.log.tick();
    }
  });
  after(() => fixture?.close());

  const list = (query: { limit: number; cursor?: string }, witnesses: readonly { key: string; url: string }[] = []) => {
    const { ctx } = fixture.kernel;
    const config = { ...ctx.config, audit: { ...ctx.config.audit, witnesses } };
    return listCheckpoints({ ...ctx, config, auditLog: fixture.log }, query);
  };

  it('comes newest first, page by page, and everybody can check each with the keys of the log', async () => {
    const first = await list({ limit: 2 });
    const second = await list({ limit: 2, cursor: String(first.next) });
    const third = await list({ limit: 2, cursor: String(second.next) });
    const all = [first, second, third].flatMap(({ checkpoints }) => checkpoints);
    assert.deepEqual(
      all.map(({ size }) => size),
      [15, 10, 6, 3, 1],
    );
    assert.equal(third.next, undefined);
    const keys = (await fixture.log.keys()).all;
    for (const { size, rootHash, note, sound, signatures, cosignatures } of all) {
      const checkpoint = await verifyCheckpoint(nodePrimitives, note, keys);
      assert.deepEqual([checkpoint.size, toBase64(checkpoint.root)], [size, rootHash]);
      assert.ok(sound);
      assert.deepEqual(signatures, [{ name: ORIGIN, keyId: toHex(keys[0]!.id), holds: true }]);
      assert.deepEqual(cosignatures, []);
    }
  });

  it('stays where it was while the log grows', async () => {
    const { next } = await list({ limit: 1 });
    await fixture.act(1);
    await fixture.log.tick();
    const { checkpoints } = await list({ limit: 1, cursor: String(next) });
    assert.equal(checkpoints[0]?.size, 10);
  });

  it('names the witnesses, and says of each whether its signature holds', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'firebreak-witness-'));
    let witness: Witness | undefined;
    try {
      const logs = (await fixture.log.keys()).all.map(formatKey);
      witness = await startWitness({ folder, name: 'witness.example/w1', logs, host: '127.0.0.1', port: 0 });
      await fixture.log.stop();
      const log = await fixture.another({ outlets: [tlogWitness(witness.key, witness.url)] });
      await fixture.act(1);
      await log.tick();
      await log.publish();
      const { id } = await parseKey(nodePrimitives, witness.key);
      const cosignatureOf = async (configured: boolean) => {
        const known = configured && witness ? [{ key: witness.key, url: witness.url }] : [];
        const { checkpoints } = await list({ limit: 1 }, known);
        assert.ok(checkpoints[0]?.sound);
        return checkpoints[0].cosignatures[0];
      };
      const { at, ...known } = (await cosignatureOf(true)) ?? {};
      assert.deepEqual(known, { name: 'witness.example/w1', keyId: toHex(id), holds: true });
      assert.ok(Number.isFinite(Date.parse(at ?? '')));
      assert.deepEqual(await cosignatureOf(false), { name: 'witness.example/w1', keyId: toHex(id) });
      await log.stop();
    } finally {
      await witness?.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('shows one that was tampered with, and that it does not hold', async () => {
    const rows = AuditCheckpoints(fixture.kernel.ctx.db).collection;
    const { note: taken } = (await fixture.checkpoints())[0]!;
    const changes: Record<number, object> = {
      1: { root: Buffer.alloc(32) },
      3: { note: taken },
      6: { note: 'gone' },
      10: { note: (await fixture.checkpoints()).find(({ _id }) => _id === 10)?.note.replace('\n10\n', '\n11\n') },
    };
    for (const [size, $set] of Object.entries(changes)) await rows.updateOne({ _id: Number(size) as never }, { $set });
    const { checkpoints } = await list({ limit: 50, cursor: '16' });
    assert.deepEqual(
      checkpoints.map(({ size, sound }) => [size, sound]),
      [15, 10, 6, 3, 1].map((size) => [size, size === 15]),
    );
  });
});

describe('the history of checkpoints over HTTP', () => {
  it('is for those who read the log, and tells of nothing else', async function () {
    this.timeout(300_000);
    const world = await testContext();
    try {
      await world.send('get', '/api/audit/checkpoints').expect(401);
      await (await signedInStaff(world, ['agent'])).get('/api/audit/checkpoints').expect(403);
      const officer = await signedInStaff(world, ['compliance']);
      await world.ctx.auditLog.tick();
      const { body } = await officer.get('/api/audit/checkpoints?limit=1').expect(200);
      const [newest] = body.checkpoints;
      const { text } = await world.send('get', '/audit/checkpoint').expect(200);
      assert.ok(readCheckpoint(text.slice(0, text.lastIndexOf('\n\n') + 1)).size >= newest.size);
      assert.ok(newest.sound);
      for (const query of ['limit=0', 'limit=201', 'cursor=-1', 'cursor=01', 'cursor=1e3'])
        await officer.get(`/api/audit/checkpoints?${query}`).expect(400);
    } finally {
      await world.close();
    }
  });
});
