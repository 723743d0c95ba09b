import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectStore } from '../../src/evidence/object-store.js';
import { openObjects } from '../../src/evidence/open-vault.js';
import { readConfig } from '../../src/kernel/config.js';
import { newId } from '../../src/kernel/ids.js';
import { readSecrets } from '../../src/kernel/secrets.js';
import { type S3Server, startS3 } from '../support/s3.js';
import { testsOfAStore } from './store-tests.js';

describe('objects in S3', () => {
  let s3: S3Server;
  let folder: string;
  let store: ObjectStore;
  before(async () => {
    s3 = await startS3();
    folder = await mkdtemp(join(tmpdir(), 'firebreak-spool-'));
    const env = { DATA_DIR: folder, EVIDENCE_URL: s3.url, EVIDENCE_STORE_KEY: s3.key };
    const config = readConfig(env);
    store = await openObjects(config, readSecrets(config, env));
  });
  after(async () => {
    await s3.close();
    await rm(folder, { recursive: true });
  });
  afterEach(async () => {
    for await (const { id } of store.list()) await store.remove(id);
  });

  const spooled = () => readdir(join(folder, 'uploads', 'incoming'));
  async function* bytes(size: number): AsyncGenerator<Uint8Array> {
    const chunk = randomBytes(64 * 1024);
    for (let left = size; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length));
  }

  testsOfAStore({
    store: () => store,
    leftovers: spooled,
    change: async (id, how) => writeFile(s3.path(id), how(await readFile(s3.path(id)))),
  });

  it('sends large objects in parts, each with its checksum', async () => {
    const id = newId('object');
    const size = 20 * 1024 * 1024 + 7;
    await store.write(id, bytes(size));
    const parts = s3.seen.filter((line) => line.includes('partNumber='));
    assert.equal(parts.length, 3);
    let read = 0;
    for await (const chunk of (await store.read(id)).bytes) read += chunk.length;
    assert.equal(read, size);
    assert.deepEqual(await spooled(), []);
  });

  it('does not take for stored what arrived changed', async () => {
    for (const size of [1_000, 20 * 1024 * 1024]) {
      const id = newId('object');
      s3.harmNext();
      await assert.rejects(store.write(id, bytes(size)), { name: 'BadDigest' });
      assert.equal(await store.stat(id), null);
    }
    assert.deepEqual(await spooled(), []);
  });

  it('ends what interrupted writes left in its spool', async () => {
    await writeFile(join(folder, 'uploads', 'incoming', `${newId('object')}.${'a'.repeat(16)}.spool`), 'half');
    await writeFile(join(folder, 'uploads', 'incoming', 'README'), 'not ours');
    assert.equal(await store.sweep(new Date(0)), 0);
    assert.equal(await store.sweep(new Date(Date.now() + 60_000)), 1);
    assert.deepEqual(await spooled(), ['README']);
    await rm(join(folder, 'uploads', 'incoming', 'README'));
  });
});
