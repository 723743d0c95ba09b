import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import request from 'supertest';
import { clamd } from '../../src/evidence/clamd.js';
import { derivativeJobs, rescanTask } from '../../src/evidence/derivative-jobs.js';
import { DAY } from '../../src/kernel/clock.js';
import { type Clamd, clamavTestFiles, EICAR, testClamd } from '../support/clamd.js';
import { zipOf } from '../support/zip.js';
import { ANALYST, CASE, COMPLIANCE, type EvidenceWorld, evidenceWorld, OWNER, PNG, workOff } from './support.js';

describe('scanning evidence', function () {
  this.timeout(180_000);
  let daemon: Clamd;
  let world: EvidenceWorld;
  before(async () => {
    daemon = await testClamd();
    world = await evidenceWorld({ CLAMD_URL: daemon.url, CLAMD_TIMEOUT_MS: '20000' });
  });
  after(async () => {
    await daemon.start();
    await world.kernel.close();
  });
  afterEach(() => world.as(OWNER));

  const path = (evidenceId: string, rest = '') => `/api/cases/${CASE}/evidence/${evidenceId}${rest}`;
  const add = async (bytes: Buffer, name = 'file', where = world): Promise<string> => {
    where.as(OWNER);
    const answer = await request(where.app)
      .post(`/api/cases/${CASE}/evidence`)
      .attach('evidence', bytes, name)
      .expect(201);
    return answer.body.evidence[0].evidenceId;
  };
  const shown = async (evidenceId: string, where = world) => {
    where.as(ANALYST);
    const { body } = await request(where.app).get(`/api/cases/${CASE}/evidence`).expect(200);
    return body.evidence.find((each: { evidenceId: string }) => each.evidenceId === evidenceId);
  };
  const custody = async (evidenceId: string) => {
    world.as(COMPLIANCE);
    const { body } = await request(world.app).get(path(evidenceId, '/custody')).expect(200);
    return body.custody as { act: string; reason: string; after: string | null }[];
  };
  const reasons = async () =>
    (await world.kernel.jobs('send-notice')).map(({ payload }) => (payload['params'] as { reason: string }).reason);

  /** Neither whole nor as a preview, not by its owner and not by staff who re-verified. */
  async function nothingLeaves(evidenceId: string, scan: string, where = world) {
    for (const who of [OWNER, ANALYST]) {
      where.as(who);
      for (const call of [
        request(where.app)
          .post(path(evidenceId, '/downloads'))
          .set('Reverification', 'r'.repeat(43))
          .send({ reason: 'look' }),
        request(where.app).get(path(evidenceId, '/preview/image')),
        request(where.app).get(path(evidenceId, '/preview/content')),
      ]) {
        const answer = await call.expect(409);
        assert.deepEqual([answer.body.code, answer.body.scan], ['evidence_quarantined', scan]);
      }
    }
    where.as(ANALYST);
    const redact = { regions: [{ x: 0, y: 0, width: 1, height: 1 }], reason: 'for the police' };
    await request(where.app).post(path(evidenceId, '/redactions')).send(redact).expect(409);
  }

  const opens = async (evidenceId: string) => {
    world.as(OWNER);
    await request(world.app).post(path(evidenceId, '/downloads')).send({}).expect(200);
  };

  it('shuts evidence until the scanner calls it clean, and says what it said', async () => {
    const id = await add(PNG);
    assert.equal((await shown(id)).scan, 'pending');
    await nothingLeaves(id, 'pending');
    await workOff(world, 'scan-evidence');
    const now = await shown(id);
    assert.deepEqual([now.scan, now.signature, now.scanTrouble], ['clean', null, null]);
    assert.ok(now.scannedAt);
    await opens(id);
    const scanned = (await custody(id)).find(({ act }) => act === 'scanned');
    assert.match(String(scanned?.reason), /^clean, by ClamAV /);
    assert.equal(scanned?.after, now.sha256);
    const [event] = await world.kernel.events('evidence.scanned');
    assert.ok(event);
  });

  it('keeps the EICAR test file shut, as it is and in a ZIP, and calls staff', async () => {
    const plain = await add(EICAR, 'eicar.txt');
    const zipped = await add(zipOf([{ name: 'eicar.com', content: EICAR }]), 'eicar.zip');
    await workOff(world, 'scan-evidence');
    for (const id of [plain, zipped]) {
      const now = await shown(id);
      assert.deepEqual([now.scan, now.signature], ['infected', 'Firebreak.Test.Eicar.UNOFFICIAL']);
      assert.equal(now.preview.state, 'none');
      await nothingLeaves(id, 'infected');
    }
    assert.ok((await reasons()).includes('evidence-infected'));
    assert.equal(
      (await world.kernel.jobs('preview-evidence')).filter(({ payload }) => payload['evidenceId'] === plain).length,
      0,
    );
  });

  it('refuses or shuts every file of clamav-testfiles, alone and in a ZIP', async () => {
    const files = await clamavTestFiles();
    const taken: string[] = [];
    for (const { name, bytes } of files) {
      world.as(OWNER);
      const alone = await request(world.app).post(`/api/cases/${CASE}/evidence`).attach('evidence', bytes, name);
      if (alone.status === 201) taken.push(alone.body.evidence[0].evidenceId);
      else assert.equal(alone.body.code, 'file_type_not_allowed', name);
    }
    for (let at = 0; at < files.length; at += 10) {
      const upload = request(world.app).post(`/api/cases/${CASE}/evidence`);
      for (const { name, bytes } of files.slice(at, at + 10))
        upload.attach('evidence', zipOf([{ name, content: bytes }]), `${name}.zip`);
      const { body } = await upload.expect(201);
      taken.push(...body.evidence.map(({ evidenceId }: { evidenceId: string }) => evidenceId));
    }
    assert.ok(taken.length > files.length);
    await workOff(world, 'scan-evidence');
    world.as(ANALYST);
    const { body } = await request(world.app).get(`/api/cases/${CASE}/evidence`).expect(200);
    for (const each of body.evidence as { evidenceId: string; scan: string; name: string }[])
      if (taken.includes(each.evidenceId)) assert.equal(each.scan, 'infected', each.name);
  });

  it('releases nothing while the scanner is stopped or slow, says so once, and goes on when it is back', async () => {
    const first = await add(Buffer.from('first text'));
    const second = await add(Buffer.from('second text'));
    await daemon.kill();
    const before = (await reasons()).filter((reason) => reason === 'scanner-away').length;
    for (let n = 0; n < 2; n += 1)
      for (const id of [first, second]) await assert.rejects(scan(id), { name: 'ScannerAway' });
    assert.deepEqual(await states(first, second), ['pending scanner-away', 'pending scanner-away']);
    await nothingLeaves(first, 'pending');
    await daemon.start();
    daemon.freeze();
    const impatient = clamd({ url: daemon.url, timeoutMs: 300, maxBytes: 1_000_000 });
    await assert.rejects(scan(first, { ...world.ctx, scanner: impatient }), { name: 'ScannerAway' });
    assert.deepEqual(await states(first), ['pending scanner-slow']);
    await nothingLeaves(first, 'pending');
    await daemon.start();
    assert.equal((await reasons()).filter((reason) => reason === 'scanner-away').length, before + 1);
    await workOff(world, 'scan-evidence');
    assert.deepEqual(await states(first, second), ['clean null', 'clean null']);
    await opens(first);
  });

  it('releases nothing on the word of something that is no scanner', async () => {
    const nonsense = createServer((socket: Socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (chunk) => socket.end(chunk.includes('VERSION') ? 'ClamAV 1\0' : 'stream: OKAY\0'));
    }).listen(0, '127.0.0.1');
    await once(nonsense, 'listening');
    const { port } = nonsense.address() as AddressInfo;
    const apart = await evidenceWorld({ CLAMD_URL: `tcp://127.0.0.1:${port}` });
    try {
      const id = await add(PNG, 'a.png', apart);
      await assert.rejects(job('scan-evidence').handle(apart.ctx, { evidenceId: id }, RUN), { name: 'ScannerAway' });
      const { scan: state, scanTrouble } = await shown(id, apart);
      assert.deepEqual([state, scanTrouble], ['pending', 'scanner-nonsense']);
      await nothingLeaves(id, 'pending', apart);
    } finally {
      await apart.kernel.close();
      nonsense.close();
    }
  });

  it('keeps shut what is too large for the scanner, and says that', async () => {
    const large = await add(zipOf([{ name: 'large', content: randomBytes(2_200_000) }]), 'large.zip'); // this clamd takes 2 MB
    await workOff(world, 'scan-evidence');
    assert.deepEqual(await states(large), ['failed too-large']);
    await nothingLeaves(large, 'failed');
    assert.ok((await reasons()).includes('evidence-not-scannable'));
  });

  it('scans again on demand, and shuts what somebody doubts meanwhile', async () => {
    const id = await add(Buffer.from('doubtful'));
    await workOff(world, 'scan-evidence');
    world.as(OWNER);
    await request(world.app).post(path(id, '/scans')).expect(403);
    world.as(ANALYST);
    const asked = await request(world.app).post(path(id, '/scans')).expect(202);
    assert.equal(asked.body.evidence.scan, 'pending');
    await nothingLeaves(id, 'pending');
    await workOff(world, 'scan-evidence');
    await opens(id);
    const bad = await add(EICAR, 'again.txt');
    await workOff(world, 'scan-evidence');
    world.as(ANALYST);
    await request(world.app).post(path(bad, '/scans')).expect(202);
    await nothingLeaves(bad, 'infected');
  });

  it('scans the young again each day, leaves the old, and finds what nobody asked about', async () => {
    const apart = await evidenceWorld({ CLAMD_URL: daemon.url });
    try {
      const id = await add(Buffer.from('young'), 'young.txt', apart);
      await workOff(apart, 'scan-evidence');
      const due = async () => {
        await rescanTask.handle(apart.ctx);
        const count = (await apart.kernel.jobs('scan-evidence')).length;
        await workOff(apart, 'scan-evidence');
        return count;
      };
      assert.equal(await due(), 0);
      apart.kernel.ctx.clock.advance(DAY);
      assert.equal(await due(), 1);
      assert.equal(await due(), 0);
      assert.equal((await shown(id, apart)).scan, 'clean');
      apart.kernel.ctx.clock.advance(15 * DAY);
      assert.equal(await due(), 0);
      const evidence = apart.kernel.ctx.db.connection.collection('evidence');
      await evidence.updateMany({}, { $set: { scan: 'not-scanned' }, $unset: { scanning: 1 } });
      assert.equal(await due(), 1);
      assert.equal((await shown(id, apart)).scan, 'clean');
    } finally {
      await apart.kernel.close();
    }
  });

  it('gives no verdict on bytes that are not those received, and raises the alarm once', async () => {
    const id = await add(Buffer.from('to be changed'));
    const { sha256 } = await shown(id);
    await world.damage(sha256);
    await workOff(world, 'scan-evidence');
    await workOff(world, 'scan-evidence');
    assert.equal((await shown(id)).scan, 'pending');
    assert.equal((await reasons()).filter((reason) => reason === 'evidence-damaged').length, 1);
    await nothingLeaves(id, 'pending');
  });

  it('lets nothing wait in vain open when the scanner is taken away, and nothing unscanned when one comes', async () => {
    const id = await add(Buffer.from('waits'));
    const without = { ...world.ctx, scanner: undefined };
    await job('scan-evidence').handle(without, { evidenceId: id }, RUN);
    assert.deepEqual(await states(id), ['pending null']);
    const apart = await evidenceWorld();
    try {
      const free = await add(PNG, 'a.png', apart);
      const now = await shown(free, apart);
      assert.equal(now.scan, 'not-scanned');
      apart.as(OWNER);
      await request(apart.app).post(path(free, '/downloads')).send({}).expect(200);
      apart.as(ANALYST);
      await request(apart.app).post(path(free, '/scans')).expect(409);
    } finally {
      await apart.kernel.close();
    }
  });

  const RUN = { attempt: 1, jobId: 'job_of_test' };
  const job = (name: string) => {
    const found = derivativeJobs.find((each) => each.name === name);
    assert.ok(found, name);
    return found;
  };
  const scan = (evidenceId: string, ctx = world.ctx) => job('scan-evidence').handle(ctx, { evidenceId }, RUN);
  const states = (...ids: string[]) =>
    Promise.all(
      ids.map(async (id) => {
        const { scan: state, scanTrouble } = await shown(id);
        return `${state} ${scanTrouble}`;
      }),
    );
});
