import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalObjects } from '../../src/evidence/local-objects.js';
import type { ObjectStore } from '../../src/evidence/object-store.js';
import { newId } from '../../src/kernel/ids.js';
import { testsOfAStore } from './store-tests.js';

const FUTURE = new Date(Date.now() + 86_400_000);

describe('objects in a local folder', () => {
  let folder: string;
  let store: ObjectStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-objects-'));
    store = await openLocalObjects(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));

  testsOfAStore({
    store: () => store,
    leftovers: () => readdir(join(folder, 'incoming')),
    change: async (id, how) => {
      const path = join(folder, 'objects', id.slice(-2), id);
      await writeFile(path, how(await readFile(path)));
    },
  });

  it('removes a file that was only half here, and nothing younger, and nothing that is not its own', async () => {
    const half = `${newId('object')}.${'a'.repeat(16)}.part`;
    await writeFile(join(folder, 'incoming', half), 'half');
    await writeFile(join(folder, 'incoming', 'README'), 'not an upload');
    await utimes(join(folder, 'incoming', 'README'), new Date(0), new Date(0));
    assert.equal(await store.sweep(new Date(Date.now() - 60_000)), 0);
    assert.equal(await store.sweep(FUTURE), 1);
    assert.deepEqual(await readdir(join(folder, 'incoming')), ['README']);
  });
});
