import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import request from 'supertest';
import { eraseEvidence } from '../../src/evidence/index.js';
import { removeObject } from '../../src/evidence/jobs.js';
import { rotateKeysCommand } from '../../src/evidence/rotate-keys.js';
import { verifyObjects } from '../../src/evidence/verify-objects.js';
import { HOUR } from '../../src/kernel/clock.js';
import { testActor } from '../support/kernel.js';
import {
  ADMIN,
  ANALYST,
  CASE,
  COMPLIANCE,
  type EvidenceWorld,
  evidenceWorld,
  OWNER,
  objectsOf,
  PNG,
  sha256,
} from './support.js';

describe('the keys of evidence', () => {
  let world: EvidenceWorld;
  const text = Buffer.from('what the thief wrote');

  beforeEach(async () => {
    world = await evidenceWorld();
    await request(world.app)
      .post(`/api/cases/${CASE}/evidence`)
      .attach('evidence', PNG, 'a.png')
      .attach('evidence', text, 'b.txt')
      .expect(201);
  });
  afterEach(() => world.kernel.close());

  const keyFile = () => join(world.kernel.folder, 'evidence-keys');
  const list = async () => {
    world.as(OWNER);
    const { body } = await request(world.app).get(`/api/cases/${CASE}/evidence`).expect(200);
    return body.evidence as { evidenceId: string; original: string; sha256: string }[];
  };
  const download = async (at: number) => {
    const { evidenceId } = (await list())[at] as { evidenceId: string };
    return request(world.app).post(`/api/cases/${CASE}/evidence/${evidenceId}/downloads`).send({}).buffer(true);
  };

  it('lie apart from the rest, for the owner alone to read', async () => {
    assert.equal((await stat(keyFile())).mode & 0o777, 0o600);
    assert.match(await readFile(keyFile(), 'utf8'), /^[\w-]+:[\w+/]+=\n$/);
  });

  it('are listed for an admin by id, with what hangs on each, and nothing of the keys themselves', async () => {
    world.as(ADMIN);
    const listed = async () => {
      const answer = await request(world.app).get('/api/evidence/master-keys').expect(200);
      const secrets = (await readFile(keyFile(), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => line.split(':')[1] as string);
      for (const secret of secrets) assert.ok(!answer.text.includes(secret));
      return answer.body.keys as { id: string; state: string; dataKeys: number; madeAt?: string }[];
    };
    const [first] = await listed();
    assert.deepEqual([first?.state, first?.dataKeys, first?.madeAt], ['active', 2, undefined]);
    await rotateKeysCommand(world.ctx, { make: true });
    const [fresh, old] = await listed();
    assert.deepEqual([fresh?.state, fresh?.dataKeys, typeof fresh?.madeAt], ['active', 2, 'string']);
    assert.deepEqual([old?.id, old?.state, old?.dataKeys], [first?.id, 'kept', 0]);
    await writeFile(keyFile(), `other:${Buffer.alloc(32, 1).toString('base64')}\n`);
    assert.deepEqual(
      (await listed()).map(({ id, state, dataKeys }) => [id, state, dataKeys]),
      [
        ['other', 'active', 0],
        [fresh?.id, 'lost', 2],
      ],
    );
    for (const who of [ANALYST, COMPLIANCE, OWNER]) {
      world.as(who);
      await request(world.app).get('/api/evidence/master-keys').expect(403);
    }
  });

  it('rotate: data keys are wrapped anew, objects stay as they are, everything opens', async () => {
    const [path, before] = [await world.path(sha256(PNG)), await objectsOf(world.kernel)];
    const bytes = await readFile(path);
    const rotated = await rotateKeysCommand(world.ctx, { make: true });
    const [fresh, old] = (await readFile(keyFile(), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => line.split(':')[0]);
    assert.deepEqual(rotated, { made: fresh, active: fresh, rewrapped: 2, lost: {}, unused: [old] });
    const after = await objectsOf(world.kernel);
    assert.ok(after.every(({ key }) => key?.masterKeyId === fresh));
    assert.notDeepEqual(after[0]?.key?.message, before[0]?.key?.message);
    assert.deepEqual(await readFile(path), bytes);
    await writeFile(keyFile(), `${(await readFile(keyFile(), 'utf8')).split('\n')[0]}\n`); // the old one is taken away
    assert.deepEqual((await download(0)).body, PNG);
    assert.equal((await world.kernel.events('evidence.keys-rewrapped')).length, 1);
    const again = await rotateKeysCommand(world.ctx, { make: false });
    assert.deepEqual(again, { made: null, active: fresh, rewrapped: 0, lost: {}, unused: [] });
  });

  it('that are lost are a state of the evidence, which ends when they are back', async () => {
    const kept = await readFile(keyFile(), 'utf8');
    await writeFile(keyFile(), `other:${Buffer.alloc(32, 7).toString('base64')}\n`);
    const refused = await download(0);
    assert.deepEqual([refused.status, refused.body.code], [503, 'original_key_lost']);
    const [id] = kept.split(':');
    assert.deepEqual((await rotateKeysCommand(world.ctx, { make: false })).lost, { [String(id)]: 2 });
    world.kernel.ctx.clock.advance(21 * HOUR);
    assert.equal((await verifyObjects(world.ctx)).keyLost, 2);
    assert.deepEqual(
      (await list()).map(({ original }) => original),
      ['key-lost', 'key-lost'],
    );
    await request(world.app).post(`/api/cases/${CASE}/evidence`).attach('evidence', PNG, 'again.png').expect(201);
    assert.deepEqual((await download(2)).body, PNG, 'the same bytes come in anew, under the key that is there');

    await writeFile(keyFile(), `${await readFile(keyFile(), 'utf8')}${kept}`);
    world.kernel.ctx.clock.advance(21 * HOUR);
    assert.equal((await verifyObjects(world.ctx)).intact, 3);
    assert.deepEqual((await download(0)).body, PNG);
    assert.deepEqual(
      (await list()).map(({ original }) => original),
      ['kept', 'kept', 'kept'],
    );
  });

  it('do not open what another key of the same id wrapped: that is damage', async () => {
    const [id] = (await readFile(keyFile(), 'utf8')).split(':');
    await writeFile(keyFile(), `${id}:${Buffer.alloc(32, 7).toString('base64')}\n`);
    assert.equal((await download(0)).body.code, 'original_damaged');
  });

  it('are deleted to erase: hash, name and custody stay, the bytes are gone for everybody', async () => {
    const path = await world.path(sha256(PNG));
    const actor = testActor({ kind: 'system', id: 'retention' });
    const transact = world.kernel.ctx.transact;
    await transact(actor, (tx) => eraseEvidence(tx, CASE, 'kept as long as we may'));
    const gone = await download(0);
    assert.deepEqual([gone.status, gone.body.code], [410, 'original_erased']);
    const rows = await objectsOf(world.kernel);
    assert.ok(rows.every(({ state, key }) => state === 'erased' && key === undefined));
    for (const { payload } of await world.kernel.jobs('remove-object')) {
      await removeObject.handle(world.ctx, payload as never, { attempt: 1, jobId: 'job' });
      await removeObject.handle(world.ctx, payload as never, { attempt: 2, jobId: 'job' });
    }
    await assert.rejects(stat(path), { code: 'ENOENT' });
    const [first] = await list();
    assert.deepEqual([first?.original, first?.sha256], ['erased', sha256(PNG)]);
    world.as(COMPLIANCE);
    const { body } = await request(world.app)
      .get(`/api/cases/${CASE}/evidence/${first?.evidenceId}/custody`)
      .expect(200);
    assert.deepEqual(body.custody.map(({ act, after }: { act: string; after: string | null }) => [act, after]).at(-1), [
      'erased',
      null,
    ]);
    assert.equal((await world.kernel.events('evidence.erased')).length, 2);
    world.as(ANALYST);
    await request(world.app).post(`/api/cases/${CASE}/evidence`).attach('evidence', PNG, 'again.png').expect(201);
    const kept = (await objectsOf(world.kernel)).filter(({ state }) => state === 'kept');
    assert.equal(kept.length, 1, 'the same bytes may come again, to a new object');
    assert.equal((await transact(actor, (tx) => eraseEvidence(tx, CASE, 'again'))).length, 1);
  });
});
