import { rm } from 'node:fs/promises';
import { mongo } from 'mongoose';
import { type Started, startProcess } from '../demo/start-process.js';
import { median, percentile, residentMegabytes, temporaryFolder } from './measure.js';

const ENGINE = 'mongodb://127.0.0.1:27117/?replicaSet=rs0';
const CLIENTS = [1, 16] as const;
const ROUNDS = 15; // of both, in turn, and one before them that does not count: our own code is compiled while it runs
const ROUND_MS = 600;
const DOCUMENTS = 10_000;
const MANY_DOCUMENTS = 1_000_000;
const PAGE = 20;
const STARTS = 5;
/** Point reads and pages timed at each size. */
const TIMED = 2_000;

interface Row {
  _id: number | mongo.ObjectId;
  [field: string]: unknown;
}
type Rows = mongo.Collection<Row>;

interface Target {
  readonly client: mongo.MongoClient;
  readonly rows: Rows;
}

const WORDS = 'the quick brown fox jumps over the lazy dog '.repeat(6);

/** About 500 bytes, with two secondary indexes. */
const row = (_id: Row['_id'], n: number): Row => ({
  _id,
  group: n % 100,
  at: new Date(1_700_000_000_000 + n * 1_000),
  owner: `customer-${n % 997}`,
  state: n % 3 === 0 ? 'open' : 'closed',
  amount: { value: n / 8, currency: 'EUR' },
  text: WORDS.slice(n % 40, 240),
  tags: ['one', `two-${n % 7}`],
});

const anyOf = (count: number) => Math.floor(Math.random() * count);

/** One operation each; the same code drives both stores. */
const WORK: Readonly<Record<string, (target: Target) => Promise<unknown>>> = {
  inserts: ({ rows }) => rows.insertOne(row(new mongo.ObjectId(), anyOf(DOCUMENTS))),
  pointReads: ({ rows }) => rows.findOne({ _id: anyOf(DOCUMENTS) }),
  indexedRanges: ({ rows }) => pageOf(rows, DOCUMENTS),
  updates: ({ rows }) =>
    rows.updateOne({ _id: anyOf(DOCUMENTS) }, { $inc: { 'amount.value': 1 as never }, $set: { state: 'open' } }),
  transactions: ({ client, rows }) =>
    client.withSession((session) =>
      session.withTransaction(async () => {
        const _id = new mongo.ObjectId();
        await rows.insertOne(row(_id, anyOf(DOCUMENTS)), { session });
        await rows.updateOne({ _id }, { $set: { state: 'closed' } }, { session });
      }),
    ),
};

/** A page of one group, newest first, from a random place. */
function pageOf(rows: Rows, documents: number): Promise<Row[]> {
  const n = anyOf(documents);
  const before = new Date(1_700_000_000_000 + n * 1_000);
  return rows.find({ group: n % 100, at: { $lte: before } }, { sort: { at: -1 }, limit: PAGE }).toArray();
}

/**
 * The embedded store, at its Unix socket, against the engine that MONGODB_URI or port 27117 of this machine has: the same driver does
 * the same to both, in turn, every write majority and journaled. Then the embedded one alone, at ten thousand and at a million
 * documents: speed, time from its process's start to the first answered ping, memory.
 */
export async function benchStore() {
  const folder = await temporaryFolder();
  const store = await serve(folder);
  const engineClient = await connectEngine();
  try {
    const embedded = await prepare(new mongo.MongoClient(store.match[1] as string, OPTIONS));
    const engine = engineClient && (await prepare(engineClient));
    const against = await compare(embedded, engine);
    await embedded.client.close();
    return { engine: engine ? 'measured' : 'none found: the embedded store alone', ...against, ...(await atScale()) };
  } finally {
    await engineClient?.db(NAME).dropDatabase();
    await engineClient?.close();
    await store.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const NAME = `bench_store_${process.pid}`;
const OPTIONS: mongo.MongoClientOptions = {
  writeConcern: { w: 'majority', journal: true },
  maxPoolSize: 32,
  serverSelectionTimeoutMS: 3_000,
};

const serve = (folder: string): Promise<Started> =>
  startProcess('embedded/main.js', /^(mongodb:\S+)/, { args: ['--data', folder] });

async function connectEngine(): Promise<mongo.MongoClient | undefined> {
  const client = new mongo.MongoClient(process.env['MONGODB_URI'] ?? ENGINE, OPTIONS);
  try {
    await client.db('admin').command({ ping: 1 });
    return client;
  } catch {
    await client.close();
    return undefined;
  }
}

async function prepare(client: mongo.MongoClient): Promise<Target> {
  const rows = client.db(NAME).collection<Row>('rows');
  await fill(rows, DOCUMENTS);
  return { client, rows };
}

async function fill(rows: Rows, documents: number): Promise<void> {
  await rows.createIndexes([{ key: { group: 1, at: 1 } }, { key: { owner: 1 } }]);
  const batch = 1_000;
  for (let from = 0; from < documents; from += batch)
    await rows.insertMany(Array.from({ length: batch }, (_, i) => row(from + i, from + i)));
}

async function compare(embedded: Target, engine: Target | undefined) {
  const results: Record<string, Record<string, number>> = {};
  for (const [name, work] of Object.entries(WORK))
    for (const clients of CLIENTS) {
      const rates: { ours: number; theirs: number }[] = [];
      for (let round = 0; round <= ROUNDS; round += 1) {
        const ours = await rateOf(work, embedded, clients, ROUND_MS);
        rates.push({ ours, theirs: engine ? await rateOf(work, engine, clients, ROUND_MS) : Number.NaN });
      }
      const counted = rates.slice(1);
      const middle = (of: (round: (typeof rates)[number]) => number) => median(counted.map(of));
      results[`${name}With${clients}`] = {
        embeddedPerSecond: Math.round(middle(({ ours }) => ours)),
        ...(engine
          ? {
              enginePerSecond: Math.round(middle(({ theirs }) => theirs)),
              ratio: Number(middle(({ ours, theirs }) => ours / theirs).toFixed(2)),
              atLeast: 1,
            }
          : {}),
      };
    }
  return results;
}

async function rateOf(
  work: (target: Target) => Promise<unknown>,
  target: Target,
  clients: number,
  forMs: number,
): Promise<number> {
  const began = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() - began < forMs) {
        await work(target);
        done += 1;
      }
    }),
  );
  return (done * 1_000) / (performance.now() - began);
}

async function atScale() {
  const small = await sized(DOCUMENTS);
  const large = await sized(MANY_DOCUMENTS);
  return {
    atTenThousand: small,
    atAMillion: large,
    pointReadRatio: Number((large.pointReadMs / small.pointReadMs).toFixed(2)),
    indexedPageRatio: Number((large.indexedPageMs / small.indexedPageMs).toFixed(2)),
    ratiosAtMost: 1.5,
    readyAtMostMs: 200,
    residentAtMostMegabytes: 300,
  };
}

/** A folder of so many documents, filled by one process, then opened and read by others. */
async function sized(documents: number) {
  const folder = await temporaryFolder();
  try {
    await inProcess(folder, (rows) => fill(rows, documents));
    const ready: number[] = [];
    for (let n = 0; n < STARTS; n += 1)
      ready.push((await inProcess(folder, (rows) => rows.db.command({ ping: 1 }))).ms);
    const times = { point: [] as number[], page: [] as number[] };
    const { opened, megabytes } = await inProcess(folder, async (rows) => {
      for (let n = 0; n < TIMED; n += 1) {
        times.point.push(await timed(() => rows.findOne({ _id: anyOf(documents) })));
        times.page.push(await timed(() => pageOf(rows, documents)));
      }
    });
    return {
      documents,
      readyMs: Math.round(median(ready)),
      pointReadMs: Number(percentile(times.point, 50).toFixed(3)),
      indexedPageMs: Number(percentile(times.page, 50).toFixed(3)),
      residentMegabytesOpened: opened,
      residentMegabytesAfterReads: megabytes,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** `ms`: from the start of the store's process until `work` is done, with a first connection in between. */
async function inProcess(folder: string, work: (rows: Rows) => Promise<unknown>) {
  const began = performance.now();
  const store = await serve(folder);
  const client = new mongo.MongoClient(store.match[1] as string, OPTIONS);
  try {
    await client.db('admin').command({ ping: 1 });
    const opened = await residentMegabytes(store.pid);
    await work(client.db(NAME).collection<Row>('rows'));
    return { ms: performance.now() - began, opened, megabytes: await residentMegabytes(store.pid) };
  } finally {
    await client.close();
    await store.stop();
  }
}
