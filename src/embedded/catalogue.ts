import { type Document, deserialize, UUID } from 'bson';
import { compileFilter, type Filter } from './filter.js';
import { after } from './keys.js';
import { numberOf } from './numeric.js';
import { type Path, pathOf } from './paths.js';
import { type Keyspace, type Range, scan } from './ranges.js';

/** One component of an index. */
export interface Component {
  readonly path: Path;
  readonly descending: boolean;
}

export interface Index {
  /** Keyspace of its entries. */
  readonly id: number;
  readonly name: string;
  readonly components: readonly Component[];
  readonly unique: boolean;
  readonly sparse: boolean;
  /** Whether its last component is the document's own `_id`, ascending. */
  readonly endsInId: boolean;
  readonly partial?: { readonly filter: Filter; readonly spec: Document };
  readonly expireAfterSeconds?: number;
  /** As listIndexes shows it. */
  readonly spec: Document;
  /** Whether an array was ever indexed; such an index has several entries a document, and no order of documents. */
  readonly multikey: { seen: boolean };
  /** Not filled yet: writers keep it, nobody may read it. */
  readonly building?: true;
}

export interface Collection {
  readonly ns: string;
  /** Keyspace of its documents. */
  readonly id: number;
  readonly uuid: UUID;
  readonly indexes: readonly Index[];
}

/** The first 16 keyspaces are the store's own: 0 holds the format, 1 this catalogue, 2 multikey marks, 3 sessions, 4 dictionaries. */
export const FIRST_KEYSPACE = 16;
export const OWN = { catalogue: 1, multikey: 2, sessions: 3, dictionaries: 4 } as const;

export function keyIn(keyspace: number, key: Buffer, end?: Buffer): Buffer {
  const whole = Buffer.allocUnsafe(4 + key.length + (end ? end.length : 0));
  whole.writeUInt32BE(keyspace);
  key.copy(whole, 4);
  if (end) end.copy(whole, 4 + key.length);
  return whole;
}

/** The least key of a keyspace: a number that holds the place where its pages begin (storage.ts). */
export function fenceKey(id: number): Buffer {
  return keyIn(id, Buffer.alloc(0));
}

/** Below every document and index entry of a keyspace, above its fence. */
export const LOWEST = Buffer.alloc(1);

export function wholeKeyspace(id: number): Range {
  return { low: keyIn(id, LOWEST), high: after(fenceKey(id)) };
}

/** Every collection and index of one state of the store; never changed in place, so that a snapshot keeps its own. */
export class Catalogue {
  readonly collections: ReadonlyMap<string, Collection>;
  readonly #ids: { next: number };

  private constructor(collections: ReadonlyMap<string, Collection>, ids: { next: number }) {
    this.collections = collections;
    this.#ids = ids;
  }

  static load(keys: Keyspace): Catalogue {
    const collections = new Map<string, Collection>();
    let next = FIRST_KEYSPACE;
    for (const [key, value] of scan(keys, wholeKeyspace(OWN.catalogue))) {
      const ns = key.toString('utf8', 4);
      const stored = deserialize(value, { promoteValues: false });
      const indexes = stored.indexes.map((spec: Document) => {
        const id = numberOf(spec.id)!;
        const index: Index = { ...indexOf(id, spec.spec), ...(spec.building ? { building: true } : {}) };
        index.multikey.seen = keys.get(multikeyMark(id)) !== undefined;
        next = Math.max(next, id + 1);
        return index;
      });
      const id = numberOf(stored.id)!;
      next = Math.max(next, id + 1);
      collections.set(ns, { ns, id, uuid: new UUID(stored.uuid.buffer), indexes });
    }
    return new Catalogue(collections, { next });
  }

  get(ns: string): Collection | undefined {
    return this.collections.get(ns);
  }

  newId(): number {
    return this.#ids.next++;
  }

  with(ns: string, collection: Collection | undefined): Catalogue {
    const collections = new Map(this.collections);
    if (collection) collections.set(ns, collection);
    else collections.delete(ns);
    return new Catalogue(collections, this.#ids);
  }

  holdsDocuments(keyspace: number): boolean {
    for (const { id } of this.collections.values()) if (id === keyspace) return true;
    return false;
  }

  /** Keyspaces that hold something; all others are left over from dropped collections and indexes. */
  keyspaces(): Set<number> {
    const ids = new Set<number>();
    for (const { id, indexes } of this.collections.values()) {
      ids.add(id);
      for (const index of indexes) ids.add(index.id);
    }
    return ids;
  }
}

/** An index from its description, which createIndexes has checked. */
export function indexOf(id: number, spec: Document): Index {
  const expires = numberOf(spec.expireAfterSeconds);
  const partial = spec.partialFilterExpression as Document | undefined;
  const components = Object.entries(spec.key as Document).map(([path, direction]) => ({
    path: pathOf(path),
    descending: numberOf(direction)! < 0,
  }));
  const last = components.at(-1);
  return {
    id,
    name: spec.name,
    components,
    endsInId: last?.path.text === '_id' && !last.descending,
    unique: spec.unique === true,
    sparse: spec.sparse === true,
    ...(partial ? { partial: { filter: compileFilter(partial), spec: partial } } : {}),
    ...(expires === undefined ? {} : { expireAfterSeconds: expires }),
    spec,
    multikey: { seen: false },
  };
}

export function multikeyMark(indexId: number): Buffer {
  return keyIn(OWN.multikey, fenceKey(indexId));
}
