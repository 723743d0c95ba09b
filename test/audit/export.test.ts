import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noteOf } from '../../src/audit/checkpoints.js';
import { exportLog } from '../../src/audit/export-log.js';
import { ledgerOf } from '../../src/audit/index.js';
import { AuditEntries, AuditTiles, newestCheckpoint } from '../../src/audit/log-store.js';
import { tlogWitness } from '../../src/audit/outlets/tlog-witness.js';
import { proveEvent } from '../../src/audit/prove-event.js';
import { retireLogKey, rotateLogKey } from '../../src/audit/rotate-keys.js';
import { AuditEvents, AuditOpenings } from '../../src/audit/store.js';
import { makeTransact } from '../../src/kernel/transact.js';
import {
  type Fault,
  formatKey,
  type Known,
  type Proven,
  parseKey,
  parseProof,
  type VerifierKey,
  verifyBundle,
  verifyCheckpoint,
  verifyProof,
} from '../../src/proof/index.js';
import { nodePrimitives } from '../../src/proof/node.js';
import { verifyPath } from '../../src/proof/open-path.js';
import { startWitness } from '../../src/witness/index.js';
import { testActor } from '../support/kernel.js';
import { type LogFixture, logFixture } from './log-fixture.js';

const CASE = `case_${'0123456789ab'.repeat(2)}`;

describe('an export of the audit log', () => {
  let fixture: LogFixture;
  let folder: string;
  let exports = 0;
  beforeEach(async () => {
    fixture = await logFixture({ leaseMs: 0 });
    folder = await mkdtemp(join(tmpdir(), 'firebreak-export-'));
    await fixture.act(3, { caseId: CASE, personal: { contact: 'lin@example.test' } });
    fixture.kernel.ctx.clock.advance(60_000);
    await fixture.act(2, { facts: { note: '=HYPERLINK("http://evil.example")', 'ключ"': '\u2028\n' } });
    await fixture.log.tick();
  });
  afterEach(async () => {
    await fixture.close();
    await rm(folder, { recursive: true, force: true });
  });

  const ctx = () => ({
    ...fixture.kernel.ctx,
    secrets: { ...fixture.kernel.ctx.secrets, auditKey: fixture.sealKey },
    auditLog: fixture.log,
  });
  const take = async (selection: Partial<Parameters<typeof exportLog>[1]> = {}) => {
    exports += 1;
    const out = join(folder, String(exports));
    const done = await exportLog(ctx(), { out, openings: true, ...selection });
    return { out, done };
  };
  const verify = async (path: string, known: Known = {}) => (await verifyPath(path, known)) as Proven;
  const refused = async (path: string, code: Fault['code'] | RegExp, known: Known = {}) =>
    assert.rejects(verifyPath(path, known), (error: Fault) => {
      assert.equal(error.name, 'Fault', String(error.stack));
      if (code instanceof RegExp) assert.match(`${error.code} ${error.message}`, code);
      else assert.equal(error.code, code, error.message);
      return true;
    });
  const keys = async () => (await fixture.log.keys()).all;
  /** Changes the store behind our back, then exports what it holds, up to the checkpoint that was signed. */
  const afterwards = async (change: () => Promise<unknown>, selection = {}) => {
    await change();
    return (await take({ asItIs: true, ...selection })).out;
  };

  it('is proven whole: every event, its personal data, the table, and its own record as the last', async () => {
    const { out, done } = await take();
    assert.deepEqual(await readdir(out), ['audit.csv', 'audit.ndjson', 'checkpoint.txt', 'log-keys.txt']);
    const proven = await verify(out, { keys: await keys() });
    assert.equal(proven.events, 6);
    assert.equal(proven.openings, 3 * 2 + 2);
    assert.equal(proven.trusted, true);
    assert.equal(done.size, 6);
    const lines = (await readFile(join(out, 'audit.ndjson'), 'utf8')).trimEnd().split('\n');
    assert.equal(JSON.parse(lines.at(-2) ?? '').event.action, 'audit.exported');
  });

  it('of a case holds its events and nothing else, each with a proof', async () => {
    const { out } = await take({ caseId: CASE });
    const proven = await verify(out);
    assert.equal(proven.events, 4, 'its three, and the export');
    assert.deepEqual(proven.scope, { kind: 'case', caseId: CASE });
    assert.equal(proven.trusted, false);
  });

  it('of a time holds what was done in it', async () => {
    const { at } = (await fixture.events())[3] as { at: Date };
    assert.equal((await verify((await take({ to: at })).out)).events, 3);
    assert.equal((await verify((await take({ from: at, to: new Date(at.getTime() + 1) })).out)).events, 2);
  });

  it('leaves personal data out when asked to', async () => {
    const { out } = await take({ openings: false });
    assert.equal((await verify(out)).openings, 0);
    for (const name of await readdir(out))
      assert.ok(!(await readFile(join(out, name), 'utf8')).includes('lin@example.test'), name);
  });

  it('puts no formula into a spreadsheet, and each event on its line', async () => {
    await fixture.act(1, { action: '=cmd|calc', target: { kind: '+1', id: '@SUM(A1)\r\n=1+1' } });
    const { out } = await take();
    await verify(out);
    const table = (await readFile(join(out, 'audit.csv'), 'utf8')).slice(1).trimEnd().split('\r\n');
    assert.equal(table.length, 8);
    for (const row of table)
      for (const [, cell = ''] of row.matchAll(/"((?:[^"]|"")*)"/g)) assert.doesNotMatch(cell, /^\s*[=+\-@\t\r]/, row);
  });

  it('without ROOT_KEY holds what was signed before, and leaves no event that nobody would take in', async () => {
    const without = await fixture.another({ sealKey: new Uint8Array(32) });
    const before = (await fixture.events()).length;
    const done = await exportLog({ ...ctx(), auditLog: without }, { out: join(folder, 'without'), openings: true });
    assert.deepEqual([done.recorded, done.events, (await fixture.events()).length], [false, before, before]);
    await verify(join(folder, 'without'), { keys: await keys() });
  });

  it('bears the signatures of witnesses, who are asked at once', async () => {
    const logs = (await keys()).map(formatKey);
    const name = 'witness.example/w1';
    const witness = await startWitness({ folder: join(folder, 'witness'), name, logs, host: '127.0.0.1', port: 0 });
    try {
      const known = { key: witness.key, url: witness.url };
      const log = await fixture.another({ leaseMs: 0, outlets: [tlogWitness(known.key, known.url)] });
      const config = { ...ctx().config, audit: { ...ctx().config.audit, witnesses: [known] } };
      await exportLog({ ...ctx(), config, auditLog: log }, { out: join(folder, 'witnessed'), openings: true });
      const witnesses = [await parseKey(nodePrimitives, witness.key)];
      await verify(join(folder, 'witnessed'), { keys: await keys(), witnesses });
      await log.stop();
    } finally {
      await witness.close();
    }
  });

  it('still verifies when openings were erased', async () => {
    const [first] = await fixture.events();
    const out = await afterwards(() =>
      AuditOpenings(fixture.kernel.ctx.db).collection.deleteOne({ _id: first?._id as never }),
    );
    const proven = await verify(out);
    assert.equal(proven.openings, 2 * 2 + 2);
  });

  const inMemory = (bundle: Uint8Array, table: Uint8Array) => {
    const one = async function* (bytes: Uint8Array) {
      yield bytes;
    };
    return verifyBundle(nodePrimitives, one(bundle), { table: one(table) });
  };
  const flip = (bytes: Uint8Array, bit: number) => {
    const bad = Buffer.from(bytes);
    bad[bit >> 3] = (bad[bit >> 3] as number) ^ (1 << (bit & 7));
    return bad;
  };

  it('is refused with any bit of any of its files flipped', async function () {
    this.timeout(300_000);
    const { out } = await take({ caseId: CASE });
    const [table, bundle, note, key] = await Promise.all(
      ['audit.csv', 'audit.ndjson', 'checkpoint.txt', 'log-keys.txt'].map((name) => readFile(join(out, name))),
    );
    assert.ok(table && bundle && note && key);
    await inMemory(bundle, table);
    const ALL = Number(process.env['EVERY_BIT'] ? 1 : 11); // a byte each time, and a bit that moves
    for (let bit = 0; bit < bundle.length * 8; bit += ALL)
      await assert.rejects(inMemory(flip(bundle, bit), table), { name: 'Fault' }, `bit ${bit} of the bundle`);
    for (let bit = 0; bit < table.length * 8; bit += ALL)
      await assert.rejects(inMemory(bundle, flip(table, bit)), { name: 'Fault' }, `bit ${bit} of the table`);
    for (const [name, bytes] of [
      ['checkpoint.txt', note],
      ['log-keys.txt', key],
    ] as const) {
      for (let bit = 0; bit < bytes.length * 8; bit += ALL) {
        await writeFile(join(out, name), flip(bytes, bit));
        await refused(out, 'digest');
      }
      await writeFile(join(out, name), bytes);
    }
    await verify(out);
  });

  it('has a checkpoint that is refused with any bit flipped', async function () {
    this.timeout(300_000);
    const note = Buffer.from((await newestCheckpoint(fixture.kernel.ctx.db))?.note ?? '');
    const known = await keys();
    await verifyCheckpoint(nodePrimitives, note, known);
    for (let bit = 0; bit < note.length * 8; bit += 1)
      await assert.rejects(verifyCheckpoint(nodePrimitives, flip(note, bit), known), { name: 'Fault' }, `bit ${bit}`);
  });

  it('is refused when cut off anywhere, or lengthened', async function () {
    this.timeout(300_000);
    const { out } = await take();
    const [bundle, table] = [await readFile(join(out, 'audit.ndjson')), await readFile(join(out, 'audit.csv'))];
    for (let end = 0; end < bundle.length; end += 13)
      await assert.rejects(inMemory(bundle.subarray(0, end), table), { name: 'Fault' });
    for (const more of ['\n', ' ', '{}\n', bundle.subarray(-90).toString()])
      await assert.rejects(inMemory(Buffer.concat([bundle, Buffer.from(more)]), table), { name: 'Fault' });
  });

  const behindOurBack: Record<string, [(f: LogFixture) => Promise<unknown>, Fault['code'] | 'lost']> = {
    'an event edited, its hash made to fit': [
      async ({ kernel, events }) => {
        const row = (await events())[1];
        const bytes = Buffer.from(
          Buffer.from(row?.bytes ?? [])
            .toString()
            .replace('"n":1', '"n":7'),
        );
        const { leafHash } = await import('../../src/audit/leaf-hash.js');
        return AuditEvents(kernel.ctx.db).collection.updateOne(
          { _id: row?._id as never },
          { $set: { bytes, leafHash: leafHash(bytes) } },
        );
      },
      'root',
    ],
    'an event back-dated': [
      async ({ kernel, events }) => {
        const row = (await events())[2];
        const bytes = Buffer.from(
          Buffer.from(row?.bytes ?? [])
            .toString()
            .replace(/"at":"20\d\d/, '"at":"2019'),
        );
        return AuditEvents(kernel.ctx.db).collection.updateOne({ _id: row?._id as never }, { $set: { bytes } });
      },
      'root',
    ],
    'two events exchanged': [
      async ({ kernel, entries }) => {
        const [one, two] = await entries();
        const collection = AuditEntries(kernel.ctx.db).collection;
        await collection.deleteMany({ _id: { $in: [0, 1] as never[] } });
        return collection.insertMany([
          { _id: 0, event: two?.event },
          { _id: 1, event: one?.event },
        ] as never[]);
      },
      'root',
    ],
    'an event dropped': [
      async ({ kernel, events }) =>
        AuditEvents(kernel.ctx.db).collection.deleteOne({ _id: (await events())[1]?._id as never }),
      'order',
    ],
    'an event put in the place of another': [
      async ({ kernel, events }) => {
        const row = (await events())[1];
        const bytes = Buffer.from(
          Buffer.from(row?.bytes ?? [])
            .toString()
            .replace(String(row?._id), `event_${'0'.repeat(24)}`),
        );
        await AuditEvents(kernel.ctx.db).collection.insertOne({
          ...row,
          _id: `event_${'0'.repeat(24)}`,
          bytes,
        } as never);
        return AuditEntries(kernel.ctx.db).collection.updateOne(
          { _id: 1 as never },
          { $set: { event: `event_${'0'.repeat(24)}` } },
        );
      },
      'root',
    ],
    'personal data exchanged': [
      async ({ kernel }) =>
        AuditOpenings(kernel.ctx.db).collection.updateOne({}, { $set: { 'openings.0.value': 'mallory@example.test' } }),
      'opening',
    ],
  };
  for (const [what, [change, code]] of Object.entries(behindOurBack))
    it(`is refused after ${what} in the database`, async () => {
      const out = await afterwards(() => change(fixture));
      await refused(out, code as Fault['code']);
    });

  it('of a part is refused when a tile was altered, or the event', async () => {
    const { db } = fixture.kernel.ctx;
    const whole = await AuditTiles(db).collection.findOne({ _id: '0/0' as never }, { promoteBuffers: true });
    const hashes = Buffer.from(whole?.['hashes'] as Uint8Array);
    hashes[40] = (hashes[40] as number) ^ 4;
    const out = await afterwards(
      () => AuditTiles(db).collection.updateOne({ _id: '0/0' as never }, { $set: { hashes } }),
      { caseId: CASE },
    );
    await refused(out, 'inclusion');
  });

  it('is held to older checkpoints, which a log that was cut back or rewritten does not contain', async () => {
    const older = noteOf((await newestCheckpoint(fixture.kernel.ctx.db))!);
    await fixture.act(4);
    await fixture.log.tick();
    const later = noteOf((await newestCheckpoint(fixture.kernel.ctx.db))!);
    const { out } = await take();
    assert.equal((await verify(out, { olderCheckpoints: [older, later] })).olderCheckpoints, 2);
    // Another log with the same keys, as one would have who restored a backup and went on.
    const { db } = fixture.kernel.ctx;
    for (const name of ['auditEvents', 'auditEntries', 'auditCheckpoints', 'auditTiles', 'auditPending', 'auditLog'])
      await db.connection.collection(name).deleteMany({});
    await fixture.log.stop();
    const again = await fixture.another();
    const forked = { ...fixture.kernel.ctx, auditLog: again };
    await fixture.act(5);
    await exportLog(forked, { out: join(folder, 'forked'), openings: false });
    await verify(join(folder, 'forked'));
    await refused(join(folder, 'forked'), 'consistency', { olderCheckpoints: [older] });
    await refused(join(folder, 'forked'), 'consistency', { olderCheckpoints: [later] });
    await again.stop();
  });

  it('holds what a receipt promised; a log without it is refused', async () => {
    const { db, clock } = fixture.kernel.ctx;
    const { receipt } = fixture.log;
    const transact = makeTransact({
      db,
      clock,
      ledger: ledgerOf(fixture.sealKey),
      receipt,
      outbox: { append: async () => [], ring: () => undefined },
    });
    const { receiptsOf } = await import('../../src/kernel/transact.js');
    const actor = testActor({ kind: 'person', id: 'person_1' });
    await transact(actor, async (tx) => tx.record({ action: 'case.opened' }));
    const receipts = [...receiptsOf(actor)];
    assert.equal(receipts.length, 1);
    assert.equal((await verify((await take()).out, { receipts })).receipts, 1);
    await refused((await take({ caseId: CASE })).out, 'receipt', { receipts });
  });

  it('follows the keys of the log from one that was known long ago; those of another log it does not', async () => {
    const [known] = (await keys()) as [VerifierKey];
    const second = await rotateLogKey(ctx());
    await fixture.act(1);
    await fixture.log.tick();
    const both = (await newestCheckpoint(fixture.kernel.ctx.db))?.note ?? '';
    assert.equal(both.split('\n— ').length, 3, 'both keys sign until the older one is retired');
    await retireLogKey(ctx(), formatKey(known).split('+')[1] ?? '');
    const third = await rotateLogKey(ctx());
    const { out } = await take();
    assert.equal((await verify(out, { keys: [known] })).trusted, true);
    assert.equal((await verify(out, { keys: [await parseKey(nodePrimitives, second)] })).trusted, true);
    assert.equal((await verify(out, { keys: [await parseKey(nodePrimitives, third)] })).trusted, true);
    const other = await logFixture();
    try {
      await refused(out, 'unknown_key', { keys: (await other.log.keys()).all });
    } finally {
      await other.close();
    }
    await assert.rejects(retireLogKey(ctx(), third.split('+')[1] ?? ''), /rotate first/);
  });

  it('does not write into a folder that is in use, and needs a witness when one is asked for', async () => {
    const { out } = await take();
    await assert.rejects(exportLog(ctx(), { out, openings: false }), /not empty/);
    const other = await logFixture({ origin: 'witness.example/w1' });
    try {
      await refused(out, 'unknown_key', { witnesses: (await other.log.keys()).all });
    } finally {
      await other.close();
    }
  });

  it('of one event is a file that proves it, and refused with any bit flipped', async function () {
    this.timeout(300_000);
    const row = (await fixture.events())[1];
    const path = join(folder, 'one.tlog-proof');
    const text = await proveEvent(fixture.kernel.ctx.db, String(row?._id), row?.bytes);
    await writeFile(path, text);
    const found = await verifyPath(path, { keys: await keys() });
    assert.ok('event' in found && found.event === Buffer.from(row?.bytes ?? []).toString());
    await refused(path, 'unknown_key');
    const bytes = Buffer.from(text);
    const known = await keys();
    for (let bit = 0; bit < bytes.length * 8; bit += 1)
      await assert.rejects(
        async () => verifyProof(nodePrimitives, parseProof(flip(bytes, bit)), known),
        { name: 'Fault' },
        `bit ${bit}`,
      );
  });
});
