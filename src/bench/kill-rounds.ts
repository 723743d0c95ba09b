import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { mongo } from 'mongoose';
import { runProcess, type Started, startProcess } from '../demo/start-process.js';
import { temporaryFolder } from './measure.js';

const WRITERS = 16;
/** Money moves between so few accounts that transactions conflict now and then. */
const ACCOUNTS = 48;
const BALANCE = 1_000;
/** Between the first acknowledged transaction of a round and the kill, in ms. */
const KILL_WITHIN_MS = 400;
const CHECK_EVERY = 20;

interface Row {
  _id: string | number;
  [field: string]: unknown;
}

export interface KillResult {
  readonly rounds: number;
  readonly acknowledged: number;
  /** Committed, but killed before the answer was sent. */
  readonly unanswered: number;
  /** What was lost, torn or counted wrong, a line each; empty when all is well. */
  readonly faults: readonly string[];
}

/**
 * Kills the embedded store with SIGKILL under sixteen concurrent writers, again and again on one folder. Each transaction
 * writes three documents in two collections and moves money between two accounts; after each kill every acknowledged one must
 * be there whole, any other whole or not at all, no money made or lost, and `--check` clean.
 */
export async function killRounds(rounds: number, log: (line: string) => void = () => {}): Promise<KillResult> {
  const folder = await temporaryFolder();
  const faults: string[] = [];
  let acknowledged = 0;
  let unanswered = 0;
  try {
    for (let round = 0; round < rounds; round += 1) {
      const answered = await writeAndKill(folder, round);
      const found = await verify(folder, round, answered, faults);
      acknowledged += answered.size;
      unanswered += found - answered.size;
      if ((round + 1) % CHECK_EVERY === 0 || round + 1 === rounds) await check(folder, faults);
      log(
        `round ${round + 1}: ${answered.size} acknowledged, ${found - answered.size} more committed, ${faults.length} faults`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { rounds, acknowledged, unanswered, faults };
}

const serve = (folder: string): Promise<Started> =>
  startProcess('embedded/main.js', /^(mongodb:\S+)/, { args: ['--port', '0', '--data', folder] });

async function connected<T>(store: Started, work: (db: mongo.Db, client: mongo.MongoClient) => Promise<T>): Promise<T> {
  const client = new mongo.MongoClient(store.match[1] as string, { serverSelectionTimeoutMS: 1_000 });
  try {
    return await work(client.db('killed'), client);
  } finally {
    await client.close(true);
  }
}

/** @returns the ids of the transactions whose commit was acknowledged */
async function writeAndKill(folder: string, round: number): Promise<Set<string>> {
  const store = await serve(folder);
  const answered = new Set<string>();
  await connected(store, async (db, client) => {
    if (round === 0) await prepare(db);
    const write = async (writer: number) => {
      for (let n = 0; ; n += 1) {
        const _id = `${round}-${writer}-${n}`;
        const outcome = await transact(client, db, _id, writer);
        if (outcome === 'gone') return;
        if (outcome === 'conflict') continue;
        if (answered.size === 0) setTimeout(() => void store.stop('SIGKILL'), Math.random() * KILL_WITHIN_MS);
        answered.add(_id);
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    await store.exited;
  });
  return answered;
}

async function prepare(db: mongo.Db): Promise<void> {
  await db.collection<Row>('left').createIndex({ round: 1, writer: 1 });
  await db.collection<Row>('right').createIndex({ of: 1 });
  const accounts = Array.from({ length: ACCOUNTS }, (_, _id) => ({ _id, balance: BALANCE }));
  await db.collection<Row>('accounts').insertMany(accounts, { writeConcern: { w: 'majority', journal: true } });
}

async function transact(
  client: mongo.MongoClient,
  db: mongo.Db,
  _id: string,
  writer: number,
): Promise<'committed' | 'conflict' | 'gone'> {
  const session = client.startSession();
  try {
    session.startTransaction({ writeConcern: { w: 'majority', journal: true } });
    await db.collection<Row>('left').insertOne({ _id, round: Number(_id.split('-')[0]), writer }, { session });
    const rows = [1, 2].map((part) => ({ _id: `${_id}/${part}`, of: _id, filler: 'x'.repeat(part * 1_500) }));
    await db.collection<Row>('right').insertMany(rows, { session });
    const [from, to] = [writer % ACCOUNTS, (writer + 1 + (writer % 3)) % ACCOUNTS];
    const move = (account: number, by: number) =>
      db.collection<Row>('accounts').updateOne({ _id: account }, { $inc: { balance: by as never } }, { session });
    await move(from, -1);
    await move(to, 1);
    await session.commitTransaction();
    return 'committed';
  } catch (error) {
    return error instanceof mongo.MongoServerError && error.code === 112 ? 'conflict' : 'gone';
  } finally {
    await session.endSession().catch(() => undefined);
  }
}

/** @returns how many transactions of the round are there */
async function verify(folder: string, round: number, answered: ReadonlySet<string>, faults: string[]): Promise<number> {
  const store = await serve(folder);
  try {
    return await connected(store, async (db) => {
      const left = await db.collection<Row>('left').find({ round }).toArray();
      const right = await db
        .collection<Row>('right')
        .find({ _id: { $gte: `${round}-`, $lt: `${round}.` } })
        .toArray();
      const ids = new Set(left.map((row) => String(row._id)));
      const parts = new Set(right.map((row) => String(row._id)));
      for (const id of answered) if (!ids.has(id)) faults.push(`${id} was acknowledged and is gone`);
      for (const id of ids) if (!parts.has(`${id}/1`) || !parts.has(`${id}/2`)) faults.push(`${id} is there in part`);
      if (parts.size !== 2 * ids.size) faults.push(`round ${round}: ${parts.size} parts of ${ids.size} transactions`);
      const accounts = await db.collection<Row>('accounts').find().toArray();
      const sum = accounts.reduce((total, account) => total + Number(account['balance']), 0);
      if (sum !== ACCOUNTS * BALANCE) faults.push(`round ${round}: the accounts hold ${sum}`);
      return ids.size;
    });
  } finally {
    await store.stop();
  }
}

async function check(folder: string, faults: string[]): Promise<void> {
  const said = await runProcess('embedded/main.js', ['--check', '--data', folder], {}).catch((error) => String(error));
  if (!said.includes('"ok":true')) faults.push(`--check: ${said.trim()}`);
}

/** No round would find no fault. */
function atLeastOne(text: string): number {
  const rounds = Number(text);
  if (!Number.isInteger(rounds) || rounds < 1) throw new InvalidArgumentError('a whole number from 1 on');
  return rounds;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { rounds, json } = new Command('kill-rounds')
    .description('Kills the embedded store under load, again and again, and looks for what was acknowledged.')
    .option('--rounds <n>', 'how many kills', atLeastOne, 200)
    .option('--json', 'no line a round')
    .parse()
    .opts<{ rounds: number; json?: true }>();
  const result = await killRounds(rounds, json ? undefined : console.log);
  console.log(JSON.stringify(result));
  if (result.faults.length > 0) process.exitCode = 1;
}
