import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { mongo } from 'mongoose';
import type { Row } from './support.js';

const MAIN = new URL('../../src/embedded/main.ts', import.meta.url).pathname;
const ROUNDS = 3;
const WRITERS = 8;
/** Acknowledged transactions of one round before the store is killed. */
const ENOUGH = 60;

describe('embedded store: durability', function () {
  this.timeout(60_000);
  let dataDir: string;
  let child: ChildProcess | undefined;

  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'store-'));
  });
  after(async () => {
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(): Promise<string> {
    child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--port', '0', '--data', dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
    return line;
  }

  async function kill(signal: NodeJS.Signals): Promise<void> {
    const gone = once(child!, 'exit');
    child!.kill(signal);
    await gone;
  }

  it('keeps every acknowledged transaction whole, and no other in part, over kill -9', async () => {
    const acknowledged = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      const client = new mongo.MongoClient(await start(), { serverSelectionTimeoutMS: 1000 });
      const db = client.db('test');
      const [left, right] = [db.collection<Row>('left'), db.collection<Row>('right')];
      await left.createIndex({ tag: 1 });
      let count = 0;
      const enough = new Promise<void>((resolve) => {
        const write = async (writer: number) => {
          for (let i = 0; ; i++) {
            const _id = `${round}-${writer}-${i}`;
            const session = client.startSession();
            try {
              session.startTransaction({ writeConcern: { w: 'majority', j: true } });
              await left.insertOne({ _id, tag: writer }, { session });
              await right.insertMany([{ _id: `${_id}/1` }, { _id: `${_id}/2`, filler: 'x'.repeat(5000) }], { session });
              await session.commitTransaction();
            } catch {
              return;
            } finally {
              await session.endSession().catch(() => undefined);
            }
            acknowledged.add(_id);
            if (++count === ENOUGH) resolve();
          }
        };
        for (let writer = 0; writer < WRITERS; writer++) void write(writer);
      });
      await enough;
      await kill('SIGKILL');
      await client.close(true);
    }

    const client = new mongo.MongoClient(await start());
    const db = client.db('test');
    const left = new Set((await db.collection<Row>('left').find().toArray()).map(({ _id }) => String(_id)));
    const right = new Set((await db.collection<Row>('right').find().toArray()).map(({ _id }) => String(_id)));
    for (const id of acknowledged) assert.ok(left.has(id), `${id} was acknowledged and is gone`);
    for (const id of left) assert.ok(right.has(`${id}/1`) && right.has(`${id}/2`), `${id} is there in part`);
    assert.equal(right.size, 2 * left.size);
    const byTag = await Promise.all(
      Array.from({ length: WRITERS }, (_, tag) => db.collection<Row>('left').countDocuments({ tag })),
    );
    assert.equal(
      byTag.reduce((sum, n) => sum + n, 0),
      left.size,
    );
    await client.close();
    await kill('SIGTERM');
    assert.equal(child!.exitCode, 0);
    child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--check', '--data', dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
    assert.deepEqual(JSON.parse(line), {
      ok: true,
      collections: 2,
      documents: 3 * left.size,
      entries: left.size,
      faults: 0,
    });
    if (child.exitCode === null) await once(child, 'exit');
  });
});
