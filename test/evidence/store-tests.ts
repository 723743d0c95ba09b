import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { it } from 'mocha';
import { ObjectMissing, type ObjectStore } from '../../src/evidence/object-store.js';
import { newId } from '../../src/kernel/ids.js';

export interface StoreUnderTest {
  store(): ObjectStore;
  /** What interrupted writes left, by name. */
  leftovers(): Promise<readonly string[]>;
  /** Changes an object behind the store's back. */
  change(id: string, how: (bytes: Buffer) => Buffer): Promise<void>;
}

/** What every store of objects must do; each backend runs them. */
export function testsOfAStore({ store, leftovers }: StoreUnderTest): void {
  async function* chunks(...all: Uint8Array[]): AsyncGenerator<Uint8Array> {
    yield* all;
  }
  const read = async (id: string): Promise<Buffer> => buffer((await store().read(id)).bytes);
  const everything = async (): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { id } of store().list()) ids.push(id);
    return ids.toSorted();
  };

  it('gives back what it was given, and counts it', async () => {
    const id = newId('object');
    const bytes = randomBytes(700_000);
    const { size } = await store().write(id, chunks(bytes.subarray(0, 70_000), bytes.subarray(70_000)));
    assert.equal(size, bytes.length);
    assert.deepEqual(await read(id), bytes);
    const stat = await store().stat(id);
    assert.equal(stat?.size, bytes.length);
    assert.ok(Math.abs(Date.now() - Number(stat?.at)) < 60_000);
    assert.deepEqual(await leftovers(), []);
  });

  it('keeps an empty object', async () => {
    const id = newId('object');
    await store().write(id, chunks());
    assert.equal((await read(id)).length, 0);
  });

  it('opens nothing by a name that is no id', async () => {
    for (const name of ['../../etc/passwd', 'ABC', 'object_', `object_${'a'.repeat(23)}/`, ''])
      await assert.rejects(store().read(name), ObjectMissing);
    await assert.rejects(store().write('../evil', chunks(Buffer.from('x'))));
  });

  it('says that an object is not there', async () => {
    const id = newId('object');
    await assert.rejects(store().read(id), ObjectMissing);
    assert.equal(await store().stat(id), null);
    await store().remove(id);
  });

  it('leaves nothing of a source that breaks', async () => {
    const id = newId('object');
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield randomBytes(600_000);
      throw new Error('cut');
    }
    await assert.rejects(store().write(id, broken()), /cut/);
    assert.deepEqual(await leftovers(), []);
    assert.deepEqual(await everything(), []);
  });

  it('lists what there is, and removes it', async () => {
    const ids = [newId('object'), newId('object'), newId('object')];
    for (const id of ids) await store().write(id, chunks(Buffer.from(id)));
    assert.deepEqual(await everything(), ids.toSorted());
    await store().remove(ids[1] as string);
    await store().remove(ids[1] as string);
    assert.deepEqual(await everything(), [ids[0], ids[2]].toSorted());
  });
}
