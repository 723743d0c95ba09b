import { createHash, randomBytes } from 'node:crypto';
import type { Actor } from '../kernel/actor.js';
import { filePasses } from '../kernel/frugal.js';
import { newId } from '../kernel/ids.js';
import { InFlight } from '../kernel/lifecycle.js';
import type { Transact, Tx } from '../kernel/transact.js';
import { objectRemoved } from './events.js';
import { type MasterKeys, WrappingBroken } from './master-keys.js';

import type { ObjectStore } from './object-store.js';
import { buryObject, findKept, insertObject } from './objects.js';
import { sealed, Undecipherable, unsealed } from './sealed-bytes.js';
import { Spare } from './spare.js';
import type { ObjectDoc } from './words.js';

/** Bytes that arrived whole and lie encrypted and durable in the store, but belong to nothing yet. */
export interface HeldObject {
  readonly objectId: string;
  /** Of the bytes as they came, lower-case hex. */
  readonly sha256: string;
  /** Bytes as they came. */
  readonly size: number;
  /** Bytes as they lie. */
  readonly storedSize: number;
}

/** Bytes that leave together: nothing at all comes of what fits in, before all of it is known to be what was received. */
export const PIECE_BYTES = 512 * 1024;

/** Plain bytes on their way out. */
export interface OpenedObject {
  readonly size: number;
  /**
   * Decrypted and re-hashed on the way, in pieces of `PIECE_BYTES`: the last one comes only when the whole is what was received, else
   * it throws `ObjectDamaged`.
   */
  readonly bytes: AsyncGenerator<Buffer>;
  /** For a piece that nothing reads any more, so that its memory is used again; who keeps pieces does not call it. */
  giveBack(piece: Buffer): void;
  /** For whoever does not begin to read; does nothing after the end. */
  close(): void;
}

/** What lies there is not what was received. */
export class ObjectDamaged extends Error {
  override readonly name = 'ObjectDamaged';
  /** SHA-256 of what came out; undefined when nothing could be deciphered. */
  readonly found: string | undefined;

  constructor(found: string | undefined, cause?: unknown) {
    super('the object is not what was received', { cause });
    this.found = found;
  }
}

/** The data key was deleted: nobody can read the bytes again. */
export class ObjectErased extends Error {
  override readonly name = 'ObjectErased';
}

const DATA_KEY_BYTES = 32;

/**
 * Every byte of evidence, in and out.
 *
 * In: `hold` → `keep` in the transaction of its record → `settle`; or `discard` from any point on. An object's id is its own
 * and used once, so removing one upload can never touch another, and its row decides between them: whoever inserts the row
 * first, as kept or as removed, wins. Out: `open`.
 */
export class Vault {
  readonly store: ObjectStore;
  readonly keys: MasterKeys;
  readonly #transact: Transact;
  readonly #underWay = new InFlight();
  readonly #dataKeys = new WeakMap<HeldObject, Uint8Array>();
  readonly #kept = new WeakMap<HeldObject, 'kept' | 'joined'>();
  /** Objects of each transaction, by the hash of their bytes. */
  readonly #keptIn = new WeakMap<Tx, Map<string, string>>();

  constructor({ store, keys, transact }: { store: ObjectStore; keys: MasterKeys; transact: Transact }) {
    this.store = store;
    this.keys = keys;
    this.#transact = transact;
  }

  /** Takes bytes in, in one pass; `watch` sees every chunk. Leaves nothing when it throws. */
  hold(source: AsyncIterable<Uint8Array>, watch: (chunk: Uint8Array) => void = () => undefined): Promise<HeldObject> {
    return this.#underWay.track(this.#hold(source, watch));
  }

  async #hold(source: AsyncIterable<Uint8Array>, watch: (chunk: Uint8Array) => void): Promise<HeldObject> {
    const objectId = newId('object');
    const dataKey = new Uint8Array(randomBytes(DATA_KEY_BYTES));
    const hash = createHash('sha256');
    let size = 0;
    async function* watched(): AsyncGenerator<Uint8Array> {
      for await (const chunk of source) {
        hash.update(chunk);
        watch(chunk);
        size += chunk.length;
        yield chunk;
      }
    }
    const passed = filePasses();
    const { size: storedSize } = await this.store.write(objectId, sealed(watched(), objectId, dataKey)).finally(passed);
    const held = { objectId, sha256: hash.digest('hex'), size, storedSize };
    this.#dataKeys.set(held, dataKey);
    return held;
  }

  /**
   * Gives a held object to a case. The same bytes a second time stay one object: then the one that is there is meant.
   *
   * @returns the id of the object that holds the bytes
   * The caller records the audit event of what the object belongs to.
   */
  async keep(tx: Tx, caseId: string, held: HeldObject, kind: ObjectDoc['kind'] = 'original'): Promise<string> {
    const there = kind === 'original' ? await this.#sameBytes(tx, caseId, held) : undefined;
    this.#kept.set(held, there ? 'joined' : 'kept');
    if (there) return there;
    const dataKey = this.#dataKeys.get(held);
    if (!dataKey) throw new Error('held by another process');
    const about = { _id: held.objectId, caseId, sha256: held.sha256 };
    insertObject(tx, {
      ...about,
      kind,
      state: 'kept',
      size: held.size,
      storedSize: held.storedSize,
      key: await this.keys.wrap(dataKey, wrappingContext(about)),
      ...(kind === 'original' ? { joinable: true as const } : {}),
      addedAt: tx.now,
      checkedAt: tx.now,
    });
    return held.objectId;
  }

  /**
   * The object of the case that has these bytes, or gets them in this transaction. Almost none has, so whether it must be known as
   * the transaction sees it is asked beside it at first: who takes the bytes' place meanwhile makes the transaction run again.
   */
  async #sameBytes(tx: Tx, caseId: string, { sha256, objectId }: HeldObject): Promise<string | undefined> {
    const earlier = this.#keptIn.get(tx) ?? new Map<string, string>();
    this.#keptIn.set(tx, earlier);
    const bytes = `${caseId} ${sha256}`;
    const maybe = tx.again || (await findKept({ connection: tx.connection }, caseId, sha256)) !== null;
    const there = earlier.get(bytes) ?? (maybe ? (await findKept(tx, caseId, sha256))?._id : undefined);
    if (!there) earlier.set(bytes, objectId);
    return there;
  }

  /** After the commit: lets go of the copy when the case had the bytes already. */
  settle(held: HeldObject): Promise<void> {
    if (this.#kept.get(held) !== 'joined') return Promise.resolve();
    return this.#underWay.track(this.store.remove(held.objectId));
  }

  /** Lets go of an object whose record was not committed; leaves it when the record was, after all. */
  discard(held: HeldObject, actor: Actor): Promise<void> {
    return this.#underWay.track(
      this.#kept.get(held) === 'kept'
        ? this.removeUnlessKept(held.objectId, actor, 'upload failed').then(() => undefined)
        : this.store.remove(held.objectId),
    );
  }

  /**
   * Removes an object that no record stands on, and sees to it that none ever will.
   * @returns whether it was removed
   * Audited as `evidence.object-removed`.
   */
  async removeUnlessKept(objectId: string, actor: Actor, because: string): Promise<boolean> {
    const buried = await this.#transact(actor, async (tx) => {
      const gone = await buryObject(tx, objectId);
      tx.record(objectRemoved(objectId, because, gone));
      return gone;
    });
    if (buried) await this.store.remove(objectId);
    return buried;
  }

  /** @throws ObjectMissing · ObjectErased · KeyLost · ObjectDamaged; what KMS or the store throws when it is away */
  async open(object: ObjectDoc): Promise<OpenedObject> {
    const { _id, key, sha256, size, storedSize, state } = object;
    if (state !== 'kept' || key === undefined) throw new ObjectErased();
    const dataKey = await this.keys.unwrap(key, wrappingContext(object)).catch((error: unknown) => {
      throw error instanceof WrappingBroken ? new ObjectDamaged(undefined, error) : error;
    });
    const memory = memoryFor(storedSize);
    const lies = await this.store.read(_id, memory);
    if (lies.size !== storedSize) {
      lies.close();
      throw new ObjectDamaged(undefined);
    }
    const over = () => {
      lies.close();
      pieces.giveBack(memory);
    };
    return {
      size,
      bytes: verified(unsealed(lies.bytes, _id, dataKey), { sha256, storedSize }, over),
      giveBack: (piece) => pieces.giveBack(piece),
      close: lies.close,
    };
  }

  /** Resolves when nothing that was begun is still under way. */
  idle(): Promise<void> {
    return this.#underWay.settled();
  }
}

/** Binds a data key to its object, its bytes and its case: in another row it does not open. */
export const wrappingContext = ({ _id, caseId, sha256 }: Pick<ObjectDoc, '_id' | 'caseId' | 'sha256'>) => ({
  case: caseId,
  object: _id,
  sha256,
});

/** Of all readers together. */
const pieces = new Spare(PIECE_BYTES, 8);

const memoryFor = (bytes: number): Buffer =>
  (bytes < PIECE_BYTES ? undefined : pieces.take()) ?? Buffer.allocUnsafeSlow(Math.min(bytes, PIECE_BYTES));

/** What is held while a reader takes its time is memory that is used again: nothing of it is left for the garbage collector. */
async function* verified(
  plain: AsyncGenerator<Buffer>,
  { sha256, storedSize }: Pick<ObjectDoc, 'sha256' | 'storedSize'>,
  over: () => void,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  const passed = filePasses();
  let piece = memoryFor(storedSize);
  let filled = 0;
  try {
    for await (const chunk of plain) {
      hash.update(chunk);
      const copied = chunk.copy(piece, filled);
      filled += copied;
      if (copied === chunk.length) continue;
      const full = piece; // and it is not the last one
      piece = memoryFor(storedSize);
      filled = chunk.copy(piece, 0, copied);
      yield full;
    }
  } catch (error) {
    throw error instanceof Undecipherable ? new ObjectDamaged(undefined, error) : error;
  } finally {
    passed();
    over();
  }
  const found = hash.digest('hex');
  if (found !== sha256) throw new ObjectDamaged(found);
  if (filled > 0) yield piece.subarray(0, filled);
}
