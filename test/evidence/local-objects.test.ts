import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { openLocalObjects } from '../../src/evidence/local-objects.js';
import { type HeldObject, ObjectMissing, type ObjectStore } from '../../src/evidence/object-store.js';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const ignore = (): void => undefined;
const FUTURE = new Date(Date.now() + 86_400_000);

describe('objects in a local folder', () => {
  let folder: string;
  let store: ObjectStore;
  let records: Set<string>;
  const isReferenced = async (hash: string) => records.has(hash);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-objects-'));
    store = await openLocalObjects(folder);
    records = new Set();
  });
  afterEach(() => rm(folder, { recursive: true }));

  const hold = (bytes: Buffer): Promise<HeldObject> => store.hold(Readable.from([bytes]), ignore);
  const incoming = () => readdir(join(folder, 'incoming'));
  const read = async (hash: string): Promise<Buffer> => {
    const { bytes } = await store.open(hash);
    return Buffer.concat(await bytes.toArray());
  };
  const present = (hash: string): Promise<boolean> =>
    read(hash).then(
      () => true,
      () => false,
    );

  it('counts and hashes what it writes, and gives it back', async () => {
    const bytes = randomBytes(200_000);
    const held = await store.hold(Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]), ignore);
    assert.deepEqual([held.sha256, held.size], [sha256(bytes), bytes.length]);
    await store.place(held);
    records.add(held.sha256);
    await store.settle(held);
    assert.deepEqual(await read(held.sha256), bytes);
    assert.deepEqual(await incoming(), []);
  });

  it('opens nothing by a name that is not a hash', async () => {
    for (const name of ['../../etc/passwd', 'ABC', `${'a'.repeat(63)}/`, ''])
      await assert.rejects(store.open(name), ObjectMissing);
  });

  it('leaves nothing of a source that breaks', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('half');
        throw new Error('cut');
      })(),
    );
    await assert.rejects(store.hold(broken, ignore), /cut/);
    assert.deepEqual(await incoming(), []);
  });

  it('keeps an object that another upload committed, whichever of the two fails', async () => {
    const bytes = Buffer.from('the same bytes, twice');
    const [first, second] = [await hold(bytes), await hold(bytes)];
    await store.place(first);
    await store.place(second);
    records.add(second.sha256);
    await store.settle(second);
    await store.discard(first, isReferenced);
    assert.equal(await present(sha256(bytes)), true);
    assert.deepEqual(await incoming(), []);
  });

  it('restores an object that was removed between another upload placing it and settling it', async () => {
    const bytes = Buffer.from('removed meanwhile');
    const [failing, committing] = [await hold(bytes), await hold(bytes)];
    await store.place(failing);
    await store.place(committing);
    await store.discard(failing, isReferenced); // nothing is committed yet, so the object goes
    assert.equal(await present(sha256(bytes)), false);
    records.add(committing.sha256);
    await store.settle(committing);
    assert.equal(await present(sha256(bytes)), true);
  });

  it('never loses a committed object in any order of two uploads of the same bytes', async () => {
    for (let round = 0; round < 40; round += 1) {
      records = new Set();
      const bytes = randomBytes(64);
      const run = async (commits: boolean) => {
        const held = await hold(bytes);
        await store.place(held);
        if (!commits) return store.discard(held, isReferenced);
        records.add(held.sha256);
        return store.settle(held);
      };
      await Promise.all([run(true), run(false), run(false), run(true)]);
      assert.equal(await present(sha256(bytes)), true);
      assert.deepEqual(await incoming(), []);
    }
  });

  it('keeps everything when it cannot know whether a record stands on an object', async () => {
    const bytes = Buffer.from('who knows');
    const held = await hold(bytes);
    await store.place(held);
    const away = () => Promise.reject(new Error('the store is away'));
    await assert.rejects(store.discard(held, away));
    assert.equal(await present(held.sha256), true);
    records.add(held.sha256);
    assert.equal(await store.sweep(FUTURE, isReferenced), 1);
    assert.equal(await present(held.sha256), true);
  });

  describe('after kill -9', () => {
    it('removes a file that was only half here', async () => {
      await writeFile(join(folder, 'incoming', `${'a'.repeat(32)}.part`), 'half');
      assert.equal(await store.sweep(FUTURE, isReferenced), 1);
      assert.deepEqual(await incoming(), []);
    });

    it('removes an object whose record was never committed', async () => {
      const held = await hold(Buffer.from('never committed'));
      await store.place(held);
      await store.sweep(FUTURE, isReferenced);
      assert.equal(await present(held.sha256), false);
      assert.deepEqual(await incoming(), []);
    });

    it('keeps an object whose record was committed, and restores it when it is gone', async () => {
      const bytes = Buffer.from('committed, then killed');
      const held = await hold(bytes);
      records.add(held.sha256); // killed after the commit; another upload's failure removed the object before it
      await store.sweep(FUTURE, isReferenced);
      assert.deepEqual(await read(held.sha256), bytes);
      assert.deepEqual(await incoming(), []);
    });

    it('touches nothing that is younger than the grace, nor what is not its own', async () => {
      await hold(Buffer.from('still under way'));
      await writeFile(join(folder, 'incoming', 'README'), 'not an upload');
      await utimes(join(folder, 'incoming', 'README'), new Date(0), new Date(0));
      assert.equal(await store.sweep(new Date(Date.now() - 60_000), isReferenced), 0);
      assert.equal((await incoming()).length, 2);
      assert.equal(await readFile(join(folder, 'incoming', 'README'), 'utf8'), 'not an upload');
    });
  });
});
