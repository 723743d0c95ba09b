import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { FRAME_BYTES } from '../../src/evidence/encryption.js';
import { openLocalObjects } from '../../src/evidence/local-objects.js';
import { ObjectMissing } from '../../src/evidence/object-store.js';
import { readObject } from '../../src/evidence/objects.js';
import { makeVault } from '../../src/evidence/open-vault.js';
import { type HeldObject, ObjectDamaged, ObjectErased, PIECE_BYTES, type Vault } from '../../src/evidence/vault.js';
import type { ObjectDoc } from '../../src/evidence/words.js';
import { type TestKernel, testActor, testKernel } from '../support/kernel.js';
import { CASE, OTHER_CASE } from './support.js';

const ACTOR = testActor();

describe('the vault', () => {
  let kernel: TestKernel;
  let vault: Vault;
  let folder: string;

  before(async () => {
    kernel = await testKernel();
    folder = join(kernel.folder, 'vault');
    vault = makeVault(await openLocalObjects(folder), kernel.ctx);
  });
  after(() => kernel.close());

  const hold = (bytes: Buffer): Promise<HeldObject> => vault.hold(Readable.from([bytes]));
  const keep = (held: HeldObject, caseId = CASE): Promise<string> =>
    kernel.ctx.transact(ACTOR, async (tx) => {
      tx.record({ action: 'test.kept' });
      return vault.keep(tx, caseId, held);
    });
  const kept = async (bytes: Buffer, caseId = CASE): Promise<ObjectDoc> => {
    const held = await hold(bytes);
    const id = await keep(held, caseId);
    await vault.settle(held);
    return (await readObject(kernel.ctx.db, id)) as ObjectDoc;
  };
  const read = async (object: ObjectDoc): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    for await (const chunk of (await vault.open(object)).bytes) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const pathOf = ({ _id }: { _id: string }) => join(folder, 'objects', _id.slice(-2), _id);
  const lying = async () => {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    return found.filter((entry) => entry.isFile()).map(({ name }) => name);
  };

  it('counts and hashes what it takes in, and gives it back; what lies there is something else', async () => {
    for (const size of [1, 1000, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 2 * FRAME_BYTES + 17]) {
      const bytes = randomBytes(size);
      const object = await kept(bytes);
      assert.equal(object.sha256, createHash('sha256').update(bytes).digest('hex'));
      assert.equal(object.size, size);
      assert.deepEqual(await read(object), bytes);
      const lies = await readFile(pathOf(object));
      assert.equal(lies.length, object.storedSize);
      if (size > 30) assert.ok(!lies.includes(bytes.subarray(0, 30)));
    }
  });

  it('keeps equal bytes of one case once, and those of two cases apart, under keys of their own', async () => {
    const bytes = randomBytes(5_000);
    const before = (await lying()).length;
    const [first, second, other] = [await kept(bytes), await kept(bytes), await kept(bytes, OTHER_CASE)];
    assert.equal(first._id, second._id);
    assert.notEqual(first._id, other._id);
    assert.equal((await lying()).length, before + 2);
    assert.notDeepEqual(await readFile(pathOf(first)), await readFile(pathOf(other)));
  });

  it('leaves nothing when the transaction fails, and nothing that could come back', async () => {
    const before = await lying();
    const held = await hold(randomBytes(2_000));
    await assert.rejects(
      kernel.ctx.transact(ACTOR, async (tx) => {
        await vault.keep(tx, CASE, held);
        throw new Error('not committed');
      }),
    );
    await vault.discard(held, ACTOR);
    assert.deepEqual(await lying(), before);
    await assert.rejects(keep(held), 'a commit that comes late finds the place taken');
  });

  it('keeps an object whose commit happened, whoever believes that it failed', async () => {
    const bytes = randomBytes(2_000);
    const held = await hold(bytes);
    const id = await keep(held);
    await vault.discard(held, ACTOR);
    assert.deepEqual(await read((await readObject(kernel.ctx.db, id)) as ObjectDoc), bytes);
  });

  it('never loses a committed object in any order of uploads of the same bytes', async () => {
    for (let round = 0; round < 15; round += 1) {
      const bytes = randomBytes(64);
      const ids = await Promise.all(
        [true, false, false, true].map(async (commits) => {
          const held = await hold(bytes);
          if (!commits) return void (await vault.discard(held, ACTOR));
          const id = await keep(held);
          await vault.settle(held);
          return id;
        }),
      );
      assert.equal(ids[0], ids[3]);
      assert.deepEqual(await read((await readObject(kernel.ctx.db, ids[0] as string)) as ObjectDoc), bytes);
    }
  });

  describe('finds', () => {
    let object: ObjectDoc;
    let whole: Buffer;
    const bytes = randomBytes(2 * FRAME_BYTES + 500_000);
    before(async () => {
      object = await kept(bytes);
      whole = await readFile(pathOf(object));
    });
    afterEach(() => writeFile(pathOf(object), whole));

    /** Reads as far as it goes; what came out must be a part of what was received, and never all of it. */
    async function refuses(changed: Buffer): Promise<void> {
      await writeFile(pathOf(object), changed);
      const chunks: Buffer[] = [];
      await assert.rejects(async () => {
        for await (const chunk of (await vault.open(object)).bytes) chunks.push(chunk);
      }, ObjectDamaged);
      const got = Buffer.concat(chunks);
      assert.ok(got.length < bytes.length);
      assert.ok(bytes.subarray(0, got.length).equals(got));
    }

    it('a flipped bit, wherever it is', async () => {
      const header = Array.from({ length: 260 }, (_, at) => at);
      const frames = [300, 1000, FRAME_BYTES, FRAME_BYTES + 300, 2 * FRAME_BYTES, whole.length - 300_000];
      const tail = [40, 17, 16, 1].map((back) => whole.length - back);
      for (const at of [...header, ...frames, ...tail]) {
        const changed = Buffer.from(whole);
        changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
        await refuses(changed);
      }
    });

    it('missing and added bytes', async () => {
      for (const length of [0, 1, 100, 250, FRAME_BYTES, whole.length - 17, whole.length - 1])
        await refuses(whole.subarray(0, length));
      await refuses(Buffer.concat([whole, Buffer.from([0])]));
      await refuses(Buffer.concat([whole, whole]));
    });

    it('frames in another order, and one in place of another', async () => {
      const start = whole.indexOf(Buffer.from([0, 0, 0, 1]), 150); // the sequence number of the first frame
      const length = 4 + 12 + FRAME_BYTES + 16;
      const [first, second] = [start, start + length].map((at) => whole.subarray(at, at + length));
      const rest = whole.subarray(start + 2 * length);
      const head = whole.subarray(0, start);
      assert.ok(first && second && second.readUInt32BE() === 2);
      await refuses(Buffer.concat([head, second, first, rest]));
      await refuses(Buffer.concat([head, first, first, rest]));
      await refuses(Buffer.concat([head, second, second, rest]));
    });

    it('the object of somebody else, even one of the same size and under the same master key', async () => {
      const other = await kept(randomBytes(bytes.length));
      await refuses(await readFile(pathOf(other)));
    });

    it('a row whose key, case or hash belongs to another', async () => {
      const other = await kept(randomBytes(1_000));
      for (const change of [{ key: other.key }, { caseId: OTHER_CASE }, { sha256: other.sha256 }, { _id: other._id }])
        await assert.rejects(async () => read({ ...object, ...(change as Partial<ObjectDoc>) }), ObjectDamaged);
    });

    it('that the bytes are gone, or their key is', async () => {
      await assert.rejects(
        read({ ...object, _id: 'object_000000000000000000000000' }),
        (error) => error instanceof ObjectDamaged || error instanceof ObjectMissing,
      );
      const { key: _, ...erased } = object;
      await assert.rejects(read({ ...erased, state: 'erased' }), ObjectErased);
    });
  });

  it('gives several readers their own bytes, those who give the memory back and those who keep it', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => kept(randomBytes(3 * PIECE_BYTES + 77))));
    const hashes = await Promise.all(
      all.map(async (object, n) => {
        const { bytes, giveBack } = await vault.open(object);
        const hash = createHash('sha256');
        const pieces: Buffer[] = [];
        for await (const piece of bytes) {
          assert.ok(piece.length <= PIECE_BYTES);
          if (n % 2 === 0) {
            pieces.push(piece);
            continue;
          }
          hash.update(piece);
          giveBack(piece);
        }
        for (const piece of pieces) hash.update(piece);
        return hash.digest('hex');
      }),
    );
    assert.deepEqual(
      hashes,
      all.map(({ sha256 }) => sha256),
    );
  });

  it('lets go of a reader that leaves early', async () => {
    const object = await kept(randomBytes(3 * FRAME_BYTES));
    const open = async () => (await readdir('/proc/self/fd')).length;
    const before = await open();
    for (let n = 0; n < 5; n += 1) {
      const opened = await vault.open(object);
      for await (const _ of opened.bytes) break;
      (await vault.open(object)).close();
    }
    for (let tries = 0; (await open()) > before && tries < 1_000; tries += 1)
      await new Promise((resolve) => setImmediate(resolve));
    assert.ok((await open()) <= before);
  });
});
