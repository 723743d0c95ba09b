import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFile, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import request from 'supertest';
import { FRAME_BYTES } from '../../src/evidence/encryption.js';
import { eraseEvidence, evidenceChecks, evidenceOfCase } from '../../src/evidence/index.js';
import { raiseAlarm } from '../../src/evidence/raise-alarm.js';
import { sweepLeftovers } from '../../src/evidence/sweep-leftovers.js';
import { verifyObjects } from '../../src/evidence/verify-objects.js';
import { runChecks } from '../../src/kernel/check.js';
import { HOUR } from '../../src/kernel/clock.js';
import { newId } from '../../src/kernel/ids.js';
import { CASE, CASE_NUMBER, COMPLIANCE, type EvidenceWorld, evidenceWorld, OWNER, objectsOf } from './support.js';

describe('looking after what is kept', () => {
  let world: EvidenceWorld;
  let zips: Buffer[];

  beforeEach(async () => {
    world = await evidenceWorld();
    zips = [0, 1, 2].map(() => Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(FRAME_BYTES + 200_000)]));
    for (const zip of zips)
      await request(world.app).post(`/api/cases/${CASE}/evidence`).attach('evidence', zip, 'a.zip').expect(201);
  });
  afterEach(() => world.kernel.close());

  const pathAt = async (at: number) => {
    const { _id } = (await objectsOf(world.kernel))[at] as { _id: string };
    return join(world.kernel.folder, 'objects-of-test', 'objects', _id.slice(-2), _id);
  };
  const nextNight = async () => {
    world.kernel.ctx.clock.advance(21 * HOUR);
    return verifyObjects(world.ctx);
  };
  const fsck = async (deep = false) =>
    (await runChecks(world.ctx, evidenceChecks, { deep })).flatMap(({ findings }) => findings.map(({ kind }) => kind));
  const states = async () => {
    world.as(OWNER);
    const { body } = await request(world.app).get(`/api/cases/${CASE}/evidence`).expect(200);
    return body.evidence.map(({ original }: { original: string }) => original);
  };

  it('reads everything through once a night, and nothing twice', async () => {
    assert.deepEqual(await nextNight(), { intact: 3, damaged: 0, missing: 0, keyLost: 0 });
    assert.deepEqual(await verifyObjects(world.ctx), { intact: 0, damaged: 0, missing: 0, keyLost: 0 });
    const [event] = await world.kernel.events('evidence.verified');
    assert.ok(event);
    assert.deepEqual(await fsck(true), []);
  });

  const harms: readonly [string, (path: string, other: string) => Promise<void>][] = [
    ['a flipped bit', flip],
    ['a cut', async (path) => writeFile(path, (await readFile(path)).subarray(0, -1))],
    ['another object in its place', async (path, other) => copyFile(other, path)],
    ['no object at all', async (path) => rm(path)],
  ];
  for (const [what, harm] of harms) {
    it(`finds ${what}, raises the alarm once, and says so at the evidence`, async () => {
      const path = await pathAt(0);
      const safe = `${path}.safe`;
      await copyFile(path, safe);
      await harm(path, await pathAt(1));
      const missing = what === 'no object at all' ? 1 : 0;
      assert.deepEqual(await nextNight(), { intact: 2, damaged: 1 - missing, missing, keyLost: 0 });
      await nextNight();
      assert.deepEqual(await states(), [missing ? 'missing' : 'damaged', 'kept', 'kept']);
      assert.equal((await world.kernel.events('evidence.integrity-failed')).length, 1);
      assert.equal((await world.kernel.jobs('send-notice')).length, 1);
      assert.ok((await fsck(true)).length >= 1);
      await rename(safe, path);
      assert.equal((await nextNight()).intact, 3);
      assert.deepEqual(await states(), ['kept', 'kept', 'kept']);
    });
  }

  it('raises no alarm for what was erased while it was read', async () => {
    const [doc] = await evidenceOfCase(world.ctx.db, CASE);
    assert.ok(doc);
    await world.ctx.transact(COMPLIANCE, (tx) => eraseEvidence(tx, CASE, 'retention'));
    await raiseAlarm(world.ctx, COMPLIANCE, CASE_NUMBER, doc, { because: 'missing', found: null });
    const [after] = await evidenceOfCase(world.ctx.db, CASE);
    assert.equal(after?.original, 'erased');
    assert.equal((await world.kernel.events('evidence.integrity-failed')).length, 0);
    assert.equal((await world.kernel.jobs('send-notice')).length, 0);
  });

  it('takes the same bytes anew when the object that held them is damaged', async () => {
    await rm(await pathAt(0));
    await nextNight();
    await request(world.app)
      .post(`/api/cases/${CASE}/evidence`)
      .attach('evidence', zips[0] as Buffer, 'b.zip')
      .expect(201);
    assert.deepEqual(await states(), ['missing', 'kept', 'kept', 'kept']);
  });

  it('removes objects that no record stands on once they are old, and files half written', async () => {
    const folder = join(world.kernel.folder, 'objects-of-test');
    const held = await world.ctx.vault.hold(Readable.from([Buffer.from('never committed')]));
    const half = join(folder, 'incoming', `${newId('object')}.${'a'.repeat(16)}.part`);
    await writeFile(half, 'half');
    await utimes(half, new Date(), new Date());
    assert.equal(await sweepLeftovers(world.ctx), 0, 'they may still be under way');
    assert.deepEqual(await fsck(), []);
    world.kernel.ctx.clock.advance(2 * HOUR);
    assert.deepEqual(await fsck(), ['object-without-record']);
    assert.equal(await sweepLeftovers(world.ctx), 2);
    assert.deepEqual(await fsck(), []);
    assert.equal(await world.ctx.vault.store.stat(held.objectId), null);
    assert.deepEqual(await readdir(join(folder, 'incoming')), []);
    await assert.rejects(
      world.ctx.transact(OWNER, async (tx) => {
        tx.record({ action: 'test.late' });
        return world.ctx.vault.keep(tx, CASE, held);
      }),
      'whoever commits later finds the place taken',
    );
  });

  it('tells of records without objects', async () => {
    const { db } = world.kernel.ctx;
    const [first] = await objectsOf(world.kernel);
    await db.connection.collection('evidenceObjects').deleteOne({ _id: first?._id as never });
    assert.deepEqual(await fsck(), ['record-without-object']);
  });
});

async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[FRAME_BYTES + 5] = (bytes[FRAME_BYTES + 5] ?? 0) ^ 4;
  await writeFile(path, bytes);
}
