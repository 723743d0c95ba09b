import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { joinStore, startStore } from '../../src/embedded/index.js';
import type { Row } from './support.js';

const MAIN = new URL('../../src/embedded/main.ts', import.meta.url).pathname;

describe('embedded store: a folder that two processes use', function () {
  this.timeout(120_000);
  let dataDir: string;
  let client: mongo.MongoClient | undefined;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'store-'));
  });
  afterEach(async () => {
    await client?.close();
    if (child?.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    await rm(dataDir, { recursive: true, force: true });
  });

  const rowsAt = (uri: string) => {
    client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: 60_000 });
    return client.db('test').collection<Row>('rows');
  };

  async function startElsewhere(): Promise<void> {
    const args = ['--import', 'tsx', MAIN, '--socket', join(dataDir, 'store.sock'), '--data', dataDir];
    child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(createInterface({ input: child.stdout! }), 'line');
  }

  it('is opened by whoever comes first', async () => {
    const store = await joinStore({ dataDir });
    await rowsAt(store.uri).insertOne({ _id: 1 });
    await client?.close();
    await store.close();
    await (await startStore({ dataDir })).close();
  });

  it('is taken over when the one that opened it closes', async () => {
    const first = await startStore({ dataDir });
    const second = await joinStore({ dataDir });
    assert.equal(second.uri, first.uri);
    const rows = rowsAt(second.uri);
    await rows.insertOne({ _id: 1 });
    await first.close();
    await listening(join(dataDir, 'store.sock'));
    await rows.insertOne({ _id: 2 });
    assert.deepEqual(await rows.find().toArray(), [{ _id: 1 }, { _id: 2 }]);
    await client?.close();
    await second.close();
    await (await startStore({ dataDir })).close();
  });

  for (const signal of ['SIGKILL', 'SIGTERM'] as const)
    it(`is taken over by one of two when ${signal} ends the one that opened it`, async () => {
      await startElsewhere();
      const joined = await Promise.all([joinStore({ dataDir }), joinStore({ dataDir })]);
      const rows = rowsAt(joined[0].uri);
      await rows.insertOne({ _id: 1 });
      const gone = once(child!, 'exit');
      child?.kill(signal);
      await gone;
      await listening(join(dataDir, 'store.sock'));
      await rows.insertOne({ _id: 2 });
      assert.deepEqual(await rows.find().toArray(), [{ _id: 1 }, { _id: 2 }]);
      await client?.close();
      for (const each of joined) await each.close();
      await (await startStore({ dataDir })).close();
    });

  it('is left when its owner goes on', async () => {
    await startElsewhere();
    const joined = await joinStore({ dataDir });
    await joined.close();
    await joined.close();
    assert.equal(child?.exitCode, null);
    await rowsAt(joined.uri).insertOne({ _id: 1 });
  });
});

/** Resolves once somebody listens at the path. */
async function listening(path: string): Promise<void> {
  for (;;) {
    const socket = connect(path);
    const reached = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (reached) return;
    await setImmediate();
  }
}
