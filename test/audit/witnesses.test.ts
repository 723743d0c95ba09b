import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditLogs } from '../../src/audit/log-store.js';
import { fileDrop } from '../../src/audit/outlets/file-drop.js';
import { objectLock } from '../../src/audit/outlets/object-lock.js';
import { type Outlet, OutletRefused } from '../../src/audit/outlets/outlet.js';
import { tlogWitness } from '../../src/audit/outlets/tlog-witness.js';
import { webhook } from '../../src/audit/outlets/webhook.js';
import { AuditPublications } from '../../src/audit/publish-checkpoints.js';
import { formatKey, parseKey, verifyCheckpoint } from '../../src/proof/index.js';
import { nodePrimitives } from '../../src/proof/node.js';
import { SIZE_TYPE, startWitness, type Witness } from '../../src/witness/index.js';
import { type LogFixture, logFixture } from './log-fixture.js';

describe('witnesses outside', () => {
  let fixture: LogFixture;
  let folder: string;
  let witness: Witness;
  const closing: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-witness-'));
    fixture = await logFixture();
    const logs = (await fixture.log.keys()).all.map(formatKey);
    witness = await startWitness({ folder, name: 'witness.example/w1', logs, host: '127.0.0.1', port: 0 });
  });
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
    await witness.close();
    await fixture.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A log with one outlet, and what it was told when the outlet refused it. */
  async function logWith(outlet: Outlet) {
    const refusals: string[] = [];
    await fixture.log.stop();
    const log = await fixture.another({
      leaseMs: 0,
      outlets: [outlet],
      publishEveryMs: 1,
      onRefused: async (_id, why) => void refusals.push(why),
    });
    return { log, refusals };
  }

  /** The store as a backup has it: everything behind `size` was never there. */
  async function rollBack(size: number): Promise<void> {
    const { db } = fixture.kernel.ctx;
    for (const name of ['auditEvents', 'auditEntries', 'auditCheckpoints', 'auditTiles', 'auditPending'])
      await db.connection.collection(name).deleteMany({});
    await AuditLogs(db).collection.updateOne({ _id: 'log' as never }, { $set: { size: 0, signed: -1, holder: null } });
    await fixture.log.stop();
    const fresh = await fixture.another({ leaseMs: 0 });
    if (size > 0) {
      await fixture.act(size);
      await fresh.tick();
    }
    await fresh.stop();
  }

  const ask = async (body: string) => {
    const answer = await fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body });
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
  };

  it('sign what continues the last, and the signature stands under the checkpoint', async () => {
    const { log } = await logWith(tlogWitness(witness.key, witness.url));
    for (const events of [3, 1, 300]) {
      await fixture.act(events);
      await log.tick();
      await log.publish();
    }
    const newest = (await fixture.checkpoints()).at(-1);
    assert.equal(newest?._id, 304);
    const key = await parseKey(nodePrimitives, witness.key);
    const note = `${newest.note}${newest.cosignatures.join('')}`;
    const { signers } = await verifyCheckpoint(nodePrimitives, note, (await log.keys()).all, [key]);
    const cosigned = signers.find((signer) => signer.key.name === 'witness.example/w1');
    assert.ok(Math.abs((cosigned?.at?.getTime() ?? 0) - Date.now()) < 60_000);
  });

  it('get what was signed before anybody asked them, though nothing happens since', async () => {
    await fixture.act(2);
    await fixture.log.tick();
    const { log } = await logWith(tlogWitness(witness.key, witness.url));
    await log.tick();
    await log.settled();
    assert.equal((await fixture.checkpoints()).at(-1)?.cosignatures.length, 1);
    await log.stop();
  });

  it('do not refuse whom another process of ours has overtaken on the way to them', async () => {
    const { db } = fixture.kernel.ctx;
    await fixture.act(2);
    await fixture.log.tick();
    const { log, refusals } = await logWith({
      id: 'slow',
      publish: async ({ size, at }) => {
        if (size > 2) return [];
        await fixture.act(1);
        await other.tick();
        const row = { size: 3, at, failures: 0, refused: null };
        await AuditPublications(db).collection.replaceOne({ _id: 'slow' as never }, row as never, { upsert: true });
        throw new OutletRefused('it has signed 3 events, the log has 2');
      },
    });
    const other = await fixture.another({ leaseMs: 0 });
    await log.publish();
    assert.deepEqual(refusals, []);
    const row = await AuditPublications(db).findById('slow').lean();
    assert.deepEqual([row?.size, row?.refused], [3, null]);
    await other.stop();
    await log.stop();
  });

  it('refuse a log that was cut back and has grown another way, and staff hear of it once', async () => {
    const { log } = await logWith(tlogWitness(witness.key, witness.url));
    await fixture.act(5);
    await log.tick();
    await log.publish();
    await log.stop();
    await rollBack(7);
    const again = await logWith(tlogWitness(witness.key, witness.url));
    await fixture.act(1);
    await again.log.tick();
    await again.log.publish();
    await again.log.publish();
    assert.equal(again.refusals.length, 1);
    assert.ok(
      (await readdir(folder)).some((name) => name.includes('.fork-')),
      'what proves the fork is kept',
    );
    const row = await AuditPublications(fixture.kernel.ctx.db).findById('witness witness.example/w1').lean();
    assert.ok(row?.refused);
  });

  it('refuse a log that is shorter than what they signed', async () => {
    const { log } = await logWith(tlogWitness(witness.key, witness.url));
    await fixture.act(5);
    await log.tick();
    await log.publish();
    await log.stop();
    await rollBack(2);
    const again = await logWith(tlogWitness(witness.key, witness.url));
    await fixture.act(1);
    await again.log.tick();
    await again.log.publish();
    assert.match(again.refusals.join(), /it has signed 5 events, the log has 3/);
  });

  it('remember after a restart, and keep their key', async () => {
    const { log } = await logWith(tlogWitness(witness.key, witness.url));
    await fixture.act(5);
    await log.tick();
    await log.publish();
    const { key } = witness;
    const note = (await fixture.checkpoints()).at(-1)?.note ?? '';
    await witness.close();
    const logs = (await log.keys()).all.map(formatKey);
    witness = await startWitness({ folder, name: 'witness.example/w1', logs, host: '127.0.0.1', port: 0 });
    assert.equal(witness.key, key);
    assert.deepEqual(await ask(`old 0\n\n${note}`), { status: 409, type: SIZE_TYPE, text: '5\n' });
    assert.equal((await ask(`old 5\n\n${note}`)).status, 200);
  });

  it('answer as c2sp.org/tlog-witness says', async () => {
    await fixture.act(4);
    await fixture.log.tick();
    const note = (await fixture.checkpoints()).at(-1)?.note ?? '';
    const other = await logFixture({ origin: 'other.example/audit' });
    closing.push(() => other.close());
    await other.act(1);
    await other.log.tick();
    const stranger = (await other.checkpoints()).at(-1)?.note ?? '';
    assert.equal((await ask('')).status, 400);
    assert.equal((await ask(`old 01\n\n${note}`)).status, 400);
    assert.equal((await ask(`old 5\n\n${note}`)).status, 400, 'older than it is');
    assert.equal((await ask(`old 0\n\n${stranger}`)).status, 404);
    assert.equal((await ask(`old 0\n\n${stranger.replaceAll('other.example', 'log.example')}`)).status, 403);
    assert.equal((await ask(`old 0\n${'A'.repeat(43)}=\n\n${note}`)).status, 422, 'a proof from nothing is empty');
    assert.equal((await ask(`old 0\n\n${note}`)).status, 200);
    assert.equal((await ask(`old 4\n\n${note}`)).status, 200, 'the same again');
    await fixture.act(1);
    await fixture.log.tick();
    const longer = (await fixture.checkpoints()).at(-1)?.note ?? '';
    assert.equal((await ask(`old 4\n\n${longer}`)).status, 422, 'without a proof');
    assert.equal((await ask('x'.repeat(70_000))).status, 413);
    assert.equal((await fetch(`${witness.url}/add-checkpoint`)).status, 405);
  });

  it('answer one of two that come at once from the same size', async () => {
    await fixture.act(2);
    await fixture.log.tick();
    const note = (await fixture.checkpoints()).at(-1)?.note ?? '';
    const answers = await Promise.all([ask(`old 0\n\n${note}`), ask(`old 0\n\n${note}`)]);
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409]);
  });

  it('keep files in a folder, each once, and no log that does not continue them', async () => {
    const drop = join(folder, 'drop');
    const { log } = await logWith(fileDrop(drop));
    for (let n = 0; n < 2; n += 1) {
      await fixture.act(2);
      await log.tick();
      await log.publish();
      await log.publish();
    }
    assert.deepEqual(await readdir(drop), ['0000000000000002.checkpoint', '0000000000000004.checkpoint']);
    const note = await readFile(join(drop, '0000000000000004.checkpoint'), 'utf8');
    assert.equal((await verifyCheckpoint(nodePrimitives, note, (await log.keys()).all)).size, 4);
    await log.stop();
    await rollBack(5);
    const again = await logWith(fileDrop(drop));
    await fixture.act(1);
    await again.log.tick();
    await again.log.publish();
    assert.match(again.refusals.join(), /does not continue/);
    assert.equal((await readdir(drop)).length, 2);
  });

  async function listen(answer: (request: IncomingMessage, body: string) => { status: number; body?: string }) {
    const server: Server = createServer(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
      const { status, body = '' } = answer(request, Buffer.concat(pieces).toString());
      response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('get each checkpoint by webhook, again after it was away, and are heard when they refuse', async () => {
    const got: string[] = [];
    const statuses = [500, 200, 409];
    const url = await listen((_request, body) => {
      got.push(body);
      return { status: statuses.shift() ?? 200 };
    });
    const { log, refusals } = await logWith(webhook(`${url}/hook?token=secret`));
    await fixture.act(1);
    await log.tick();
    await log.publish();
    await log.publish();
    const [row] = await AuditPublications(fixture.kernel.ctx.db).find().lean();
    assert.ok(!JSON.stringify(row).includes('secret'));
    assert.equal(row?.size, 1);
    assert.equal(got.at(-1), (await fixture.checkpoints()).at(-1)?.note);
    await fixture.act(1);
    await log.tick();
    await log.publish();
    assert.equal(refusals.length, 1);
  });

  it('lock each checkpoint in a bucket, and refuse a log that is shorter than what it keeps', async () => {
    const objects = new Map<string, { body: string; headers: IncomingMessage['headers'] }>();
    // The part of S3's protocol that is used: PUT with conditions, GET, and the listing of what comes after a key.
    const url = await listen((request, body) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://s3');
      if (request.method === 'PUT') {
        if (objects.has(pathname)) return { status: 412, body: '<Error><Code>PreconditionFailed</Code></Error>' };
        objects.set(pathname, { body, headers: request.headers });
        return { status: 200 };
      }
      if (searchParams.get('list-type') !== '2') return { status: 200, body: objects.get(pathname)?.body ?? '' };
      const after = `/checkpoints/${searchParams.get('start-after')}`;
      const [key] = [...objects.keys()].filter((one) => one > after).toSorted();
      const contents = key ? `<Contents><Key>${key}</Key></Contents>` : '';
      return { status: 200, body: `<?xml version="1.0"?><ListBucketResult>${contents}</ListBucketResult>` };
    });
    const outlet = () =>
      objectLock({
        url: `s3://checkpoints/firebreak?region=eu-central-1&endpoint=${encodeURIComponent(url)}&pathStyle=true`,
        days: 30,
        credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
      });
    const { log, refusals } = await logWith(outlet());
    await fixture.act(3);
    await log.tick();
    await log.publish();
    await log.publish();
    const [[key, object]] = [...objects] as [[string, { body: string; headers: IncomingMessage['headers'] }]];
    assert.equal(key, '/checkpoints/firebreak/0000000000000003.checkpoint');
    assert.ok(object.body.includes((await fixture.checkpoints()).at(-1)?.note ?? '-'));
    assert.equal(object.headers['x-amz-object-lock-mode'], 'COMPLIANCE');
    assert.match(String(object.headers['authorization']), /^AWS4-HMAC-SHA256 /);
    const until = Date.parse(String(object.headers['x-amz-object-lock-retain-until-date']));
    assert.ok(Math.abs(until - Date.now() - 30 * 86_400_000) < 600_000);
    assert.deepEqual(refusals, []);
    await log.stop();
    await rollBack(1);
    const again = await logWith(outlet());
    await again.log.tick();
    await fixture.act(1);
    await again.log.tick();
    await again.log.publish();
    assert.match(again.refusals.join(), /0000000000000003/);
  });

  it('that hang hold up nobody else', async () => {
    const hanging: Outlet = { id: 'hangs', publish: () => new Promise(() => {}) };
    const drop = join(folder, 'drop');
    await fixture.log.stop();
    const log = await fixture.another({ leaseMs: 0, outlets: [hanging, fileDrop(drop)], publishEveryMs: 1 });
    await fixture.act(1);
    assert.equal((await log.tick()).sequenced, 1);
    for (let files: string[] = []; files.length === 0; ) files = await readdir(drop).catch(() => []);
    await fixture.act(1);
    assert.equal((await log.tick()).sequenced, 1);
  });
});
