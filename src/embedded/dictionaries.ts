import { type Catalogue, fenceKey, keyIn, OWN, wholeKeyspace } from './catalogue.js';
import { grown } from './dictionary.js';
import { scan } from './ranges.js';
import type { Storage } from './storage.js';

/** Documents written to a collection, since the folder was opened, before its dictionary is looked at; then eight times as many. */
const FIRST_LOOK = 64;
const SAMPLES = 64;
const MAX_SAMPLED_BYTES = 96 * 1024;
/** A transaction may still read what a dropped collection held; none lasts longer. */
const FORGET_AFTER_MS = 120_000;

export function dictionaryKey(keyspace: number): Buffer {
  return keyIn(OWN.dictionaries, fenceKey(keyspace));
}

/** The dictionary of each collection: made from its latest documents, grown when documents of other forms come. */
export class Dictionaries {
  readonly #storage: Storage;
  readonly #known = new Map<number, Buffer>();
  readonly #nextLook = new Map<number, number>();

  constructor(storage: Storage) {
    this.#storage = storage;
    for (const [key, record] of scan(storage, wholeKeyspace(OWN.dictionaries))) {
      this.#known.set(key.readUInt32BE(4), record);
      storage.useDictionary(key.readUInt32BE(4), record);
    }
  }

  /** Looks at collections that were written to; to be called while nothing else writes. */
  async learn(catalogue: Catalogue): Promise<void> {
    for (const [keyspace, count] of this.#storage.written) {
      if (count < (this.#nextLook.get(keyspace) ?? FIRST_LOOK)) continue;
      this.#nextLook.set(keyspace, count * 8);
      if (!catalogue.holdsDocuments(keyspace)) continue;
      const dictionary = grown(this.#known.get(keyspace), this.#latest(keyspace));
      if (!dictionary) continue;
      await this.#storage.write((access) => access.put(dictionaryKey(keyspace), dictionary));
      this.#known.set(keyspace, dictionary);
      this.#storage.useDictionary(keyspace, dictionary);
    }
  }

  #latest(keyspace: number): Buffer[] {
    const range = { ...wholeKeyspace(keyspace), reverse: true };
    const samples: Buffer[] = [];
    let room = MAX_SAMPLED_BYTES;
    let last: Buffer | undefined;
    for (let i = 0; i < SAMPLES; i++) {
      const [entry] = this.#storage.chunk(range, 1, last);
      if (!entry) break;
      last = entry[0];
      if (entry[1].length > room) continue;
      room -= entry[1].length;
      samples.push(entry[1]);
    }
    return samples;
  }

  forget(keyspace: number): void {
    this.#nextLook.delete(keyspace);
    this.#storage.written.delete(keyspace);
    if (!this.#known.delete(keyspace)) return;
    setTimeout(() => this.#storage.useDictionary(keyspace, undefined), FORGET_AFTER_MS).unref();
  }
}
