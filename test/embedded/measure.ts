import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import type * as Embedded from '../../src/embedded/index.js';

/**
 * What a transaction costs, in a shape that applications have: seven documents of about 600 bytes into five collections
 * with sixteen index entries, in one `bulkWrite` and one commit; then the same with two finds before it.
 *
 * Prints µs of processor time in the store's own thread (Linux counts it per thread, so other load does not matter), in
 * all threads but that and the client's (commits, compiling, collecting garbage), and bytes of file for each transaction.
 *
 *   npm run build && npx tsx test/embedded/measure.ts [transactions]
 */
const TRANSACTIONS = Number(process.argv[2] ?? 3000);
const CLIENTS = 8;
const NS = ['cases', 'reports', 'events', 'openings', 'jobs'] as const;

const hash = () => randomBytes(32).toString('base64url');
const id = (kind: string) => `${kind}_${new mongo.ObjectId().toHexString()}`;

/** ns of processor time of each thread of this process. */
function threads(): Map<string, number> {
  const times = new Map<string, number>();
  for (const tid of readdirSync('/proc/self/task'))
    times.set(tid, Number(readFileSync(`/proc/self/task/${tid}/schedstat`, 'utf8').split(' ')[0]));
  return times;
}

function operations(): mongo.Document[] {
  const at = new Date();
  const [caseId, person] = [id('case'), hash()];
  const events = ['case.opened', 'report.received'].map((action) => ({
    document: {
      _id: id('event'),
      at,
      actor: 'anonymous',
      action,
      caseId,
      result: 'done',
      bytes: randomBytes(620),
      leafHash: randomBytes(32),
    },
  }));
  const openings = events.map(({ document }) => ({
    document: {
      _id: document._id,
      openings: [
        { field: 'bodyHash', salt: randomBytes(32), value: hash() },
        { field: 'source', value: hash() },
      ],
    },
  }));
  const report = {
    document: {
      _id: id('report'),
      kind: 'loss',
      text: 'Somebody withdrew all of my coins while I was asleep.'.repeat(6),
      contact: { email: `${hash()}@example.com` },
      caseId,
      likeness: [`tx ${hash()}`],
      reporterKeys: [person],
      source: 'one',
      receivedAt: at,
      joined: false,
    },
  };
  const opened = {
    document: {
      _id: caseId,
      number: hash().slice(0, 10),
      kind: 'loss',
      workflow: { id: 'loss', version: '1', sha256: hash() },
      state: 'received',
      openedAt: at,
      trackingHash: hash(),
      openKey: `loss contact ${person}`,
      history: [{ at, event: 'opened', by: { kind: 'anonymous', id: 'anonymous' } }],
      due: at,
    },
  };
  const job = {
    document: {
      _id: id('job'),
      name: 'send',
      payload: { to: 'x@example.com', link: hash(), params: { a: hash() } },
      state: 'due',
      runAt: at,
      createdAt: at,
    },
  };
  const into = (name: (typeof NS)[number], rows: mongo.Document[]) =>
    rows.map((row) => ({ insert: NS.indexOf(name), ...row }));
  return [
    ...into('cases', [opened]),
    ...into('reports', [report]),
    ...into('events', events),
    ...into('openings', openings),
    ...into('jobs', [job]),
  ];
}

async function prepare(db: mongo.Db): Promise<void> {
  const present = (field: string) => ({ partialFilterExpression: { [field]: { $exists: true } } });
  await db
    .collection('cases')
    .createIndexes([
      { key: { number: 1 }, unique: true },
      { key: { openKey: 1 }, unique: true, ...present('openKey') },
      { key: { trackingHash: 1 }, unique: true, ...present('trackingHash') },
      { key: { openedAt: 1, _id: 1 } },
      { key: { state: 1, openedAt: 1, _id: 1 } },
    ]);
  await db
    .collection('reports')
    .createIndexes([{ key: { caseId: 1, receivedAt: 1 } }, { key: { likeness: 1 }, ...present('likeness') }]);
  await db
    .collection('events')
    .createIndexes([
      { key: { at: 1, _id: 1 } },
      { key: { actor: 1, at: 1, _id: 1 } },
      { key: { action: 1, at: 1, _id: 1 } },
      { key: { caseId: 1, at: 1, _id: 1 }, ...present('caseId') },
    ]);
  await db.createCollection('openings');
  await db.collection('jobs').createIndex({ state: 1, runAt: 1 });
}

async function transact(client: mongo.MongoClient, db: mongo.Db, finds: boolean): Promise<void> {
  const ops = operations();
  const nsInfo = NS.map((name) => ({ ns: `${db.databaseName}.${name}` }));
  await client.withSession(async (session) => {
    session.startTransaction({ readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } });
    if (finds) {
      const report = ops.find(({ document }) => document['likeness'])?.['document'] as mongo.Document;
      const alike = { likeness: { $in: report['likeness'] }, reporterKeys: { $in: report['reporterKeys'] } };
      await db
        .collection('reports')
        .find(alike, { session, projection: { caseId: 1, receivedAt: 1 }, sort: { receivedAt: -1 }, limit: 20 })
        .toArray();
      await db.collection('cases').findOne({ openKey: `loss contact ${report['reporterKeys'][0]}` }, { session });
    }
    const reply = await client.db('admin').command({ bulkWrite: 1, ops, nsInfo, errorsOnly: true }, { session });
    if (reply['nErrors'] !== 0) throw new Error(JSON.stringify(reply));
    await session.commitTransaction();
  });
}

async function round(count: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (left-- > 0) await work();
    }),
  );
}

// What ships is measured, not what the test runner makes of the sources.
const built = new URL('../../dist/embedded/index.js', import.meta.url).href;
const { startStore } = (await import(built)) as typeof Embedded;
const dataDir = await mkdtemp(join(tmpdir(), 'store-'));
const foreign = new Set(threads().keys());
const store = await startStore({ dataDir });
const startUp = [...threads()].filter(([tid]) => !foreign.has(tid)).reduce((sum, [, ns]) => sum + ns, 0);
const client = new mongo.MongoClient(store.uri);
try {
  const db = client.db('measured');
  await prepare(db);
  await round(1000, () => transact(client, db, true));
  const own = [...threads()].filter(([tid]) => !foreign.has(tid)).sort(([, a], [, b]) => b - a)[0]?.[0];
  const file = async () => (await stat(join(dataDir, 'data.mdb'))).size;
  const measured: Record<string, unknown> = { startUpMs: Math.round(startUp / 1e6) };
  for (const finds of [false, true]) {
    const [before, bytes] = [threads(), await file()];
    await round(TRANSACTIONS, () => transact(client, db, finds));
    const after = threads();
    let others = 0;
    for (const [tid, ns] of after)
      if (tid !== own && tid !== String(process.pid)) others += ns - (before.get(tid) ?? 0);
    measured[finds ? 'withTwoFinds' : 'writesOnly'] = {
      ownThreadMicroseconds: Math.round(((after.get(own!) ?? 0) - (before.get(own!) ?? 0)) / TRANSACTIONS / 1000),
      otherThreadsMicroseconds: Math.round(others / TRANSACTIONS / 1000),
      fileBytes: Math.round(((await file()) - bytes) / TRANSACTIONS),
    };
  }
  console.log(JSON.stringify(measured));
} finally {
  await client.close();
  await store.close();
  await rm(dataDir, { recursive: true, force: true });
}
