import { type Document, serialize } from 'bson';
import { addEntries } from '../build-index.js';
import { type Collection, type Index, indexOf } from '../catalogue.js';
import { collectionOf, putCollection } from '../collections.js';
import { badValue, CommandError, notSupported } from '../errors.js';
import { isDocument } from '../numeric.js';
import { samePattern } from '../planner.js';
import { everything } from '../reader.js';
import type { WritableView } from '../view.js';
import type { Reply } from '../wire.js';
import { type Call, type Command, missing, namespaceOf, newNamespace } from './command.js';
import { expiry, specOf } from './index-specs.js';

export const ID_INDEX = { v: 2, key: { _id: 1 }, name: '_id_' };
const MAX_INDEXES = 64;

/** Without the keys, whose directions are compared by value. */
const comparable = ({ name: _name, v: _v, key: _key, ...rest }: Document) =>
  Buffer.from(serialize(rest)).toString('latin1');

/** What tells two indexes apart: of the same keys there may be a unique one, a sparse one, and partial ones. */
const signature = ({ unique = false, sparse = false, partialFilterExpression = null }: Document) =>
  comparable({ unique, sparse, partialFilterExpression });

/**
 * The index that is there already, if it is the same.
 *
 * @throws CommandError when a different one has its name (looked for first) or its keys
 */
function existing(collection: Collection, spec: Document): Index | undefined {
  const like = (index: Index) => samePattern(index.spec.key, spec.key) && signature(index.spec) === signature(spec);
  const named = collection.indexes.find(({ name }) => name === spec.name);
  if (named && !like(named))
    throw new CommandError(
      86,
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${spec.name}`,
    );
  if (named && comparable(named.spec) !== comparable(spec))
    throw new CommandError(
      85,
      `An equivalent index already exists with the same name but different options. Requested index: ${spec.name}`,
    );
  const other = collection.indexes.find((index) => index !== named && like(index));
  if (other) throw new CommandError(85, `Index already exists with a different name: ${other.name}`);
  return named;
}

/** More documents or bytes than these are indexed in slices, so that others have their turn meanwhile. */
const AT_ONCE = { documents: 1000, bytes: 4 * 1024 * 1024 };

/** The index to be kept, filled when that is quickly done; otherwise it will be filled after the commit. */
function begun(call: Call, view: WritableView, collection: Collection, index: Index): Index {
  if (!call.transaction && isLarge(view, collection)) {
    call.building.push(index.id);
    return { ...index, building: true };
  }
  for (const { idKey, raw } of everything(view, collection)) addEntries(view, collection, index, idKey, raw);
  return index;
}

function isLarge(view: WritableView, collection: Collection): boolean {
  let documents = 0;
  let bytes = 0;
  for (const { raw } of everything(view, collection)) {
    bytes += raw.length;
    if (++documents > AT_ONCE.documents || bytes > AT_ONCE.bytes) return true;
  }
  return false;
}

export const createIndexes: Command = {
  kind: 'write',
  inTransaction: true,
  fields: ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions'],
  run(call, view) {
    const ns = newNamespace(call.db, call.body.createIndexes);
    const { indexes } = call.body;
    if (indexes === undefined) throw missing('createIndexes.indexes');
    if (!Array.isArray(indexes)) throw new CommandError(14, "BSON field 'createIndexes.indexes' is the wrong type");
    if (indexes.length === 0) throw badValue('Must specify at least one index to create');
    const specs = indexes.map(specOf);
    const known = view.catalogue.get(ns);
    if (call.transaction && known && everything(view, known).next().done === false)
      throw new CommandError(
        263,
        `Cannot create new indexes on existing collection ${ns} in a multi-document transaction.`,
      );
    let collection = collectionOf(view, ns);
    const before = collection.indexes.length;
    for (const spec of specs) {
      const there = samePattern(spec.key, { _id: 1 }) ? undefined : existing(collection, spec);
      if (there?.building) call.building.push(there.id);
      if (there || samePattern(spec.key, { _id: 1 })) continue;
      if (collection.indexes.length + 1 >= MAX_INDEXES)
        throw new CommandError(67, `add index fails, too many indexes for ${ns} key:${JSON.stringify(spec.key)}`);
      const index = indexOf(view.catalogue.newId(), spec);
      collection = { ...collection, indexes: [...collection.indexes, begun(call, view, collection, index)] };
    }
    if (collection.indexes.length !== before) putCollection(view, ns, collection);
    const unchanged = collection.indexes.length === before;
    return {
      numIndexesBefore: before + 1,
      numIndexesAfter: collection.indexes.length + 1,
      createdCollectionAutomatically: known === undefined,
      ...(unchanged ? { note: 'all indexes already exist' } : {}),
      ok: 1,
    };
  },
};

function required(call: Call, view: { catalogue: WritableView['catalogue'] }): Collection {
  const ns = namespaceOf(call);
  const collection = view.catalogue.get(ns);
  if (!collection) throw new CommandError(26, `ns not found ${ns}`);
  return collection;
}

export const dropIndexes: Command = {
  kind: 'write',
  fields: ['index'],
  run(call, view) {
    const collection = required(call, view);
    const { index } = call.body;
    if (index === undefined) throw missing('dropIndexes.index');
    const gone =
      index === '*'
        ? [...collection.indexes]
        : (Array.isArray(index) ? index : [index]).map((one) => named(collection, one));
    putCollection(view, collection.ns, {
      ...collection,
      indexes: collection.indexes.filter((one) => !gone.includes(one)),
    });
    call.dropped = gone.map(({ id }) => id);
    return { nIndexesWas: collection.indexes.length + 1, ok: 1 };
  },
};

function named(collection: Collection, wanted: unknown): Index {
  if (wanted === '_id_' || (isDocument(wanted) && samePattern(wanted, { _id: 1 })))
    throw new CommandError(72, 'cannot drop _id index');
  const [index, another] = collection.indexes.filter((one) =>
    isDocument(wanted) ? samePattern(one.spec.key, wanted) : one.name === wanted,
  );
  if (another)
    throw new CommandError(181, `several indexes found for key: ${JSON.stringify(wanted)}, identify by name instead`);
  if (!index)
    throw new CommandError(27, `index not found with name [${isDocument(wanted) ? JSON.stringify(wanted) : wanted}]`);
  return index;
}

export const listIndexes: Command = {
  kind: 'read',
  fields: ['cursor', 'includeBuildUUIDs', 'includeIndexBuildInfo'],
  run(call, view) {
    const ns = namespaceOf(call);
    const collection = view.catalogue.get(ns);
    if (!collection) throw new CommandError(26, `ns does not exist: ${ns}`);
    const specs = [ID_INDEX, ...collection.indexes.filter(({ building }) => !building).map(({ spec }) => spec)];
    return call.cursors.first(
      ns,
      specs.map((spec) => Buffer.from(serialize(spec))),
      Infinity,
      true,
    );
  },
};

export const collMod: Command = {
  kind: 'write',
  fields: ['index'],
  refused: [
    'validator',
    'validationLevel',
    'validationAction',
    'viewOn',
    'pipeline',
    'cappedSize',
    'cappedMax',
    'timeseries',
    'expireAfterSeconds',
    'changeStreamPreAndPostImages',
  ],
  run(call, view) {
    const collection = required(call, view);
    const { index: change } = call.body;
    if (!isDocument(change)) return { ok: 1 };
    const unknown = Object.keys(change).find((field) => !['name', 'keyPattern', 'expireAfterSeconds'].includes(field));
    if (unknown) throw notSupported(`collMod of an index's ${unknown}`);
    const old = named(collection, change.name ?? change.keyPattern);
    const now = indexOf(old.id, { ...old.spec, ...expiry(change, old.spec.key) });
    now.multikey.seen = old.multikey.seen;
    putCollection(view, collection.ns, {
      ...collection,
      indexes: collection.indexes.map((one) => (one === old ? now : one)),
    });
    const reply: Reply = { expireAfterSeconds_new: now.expireAfterSeconds, ok: 1 };
    return old.expireAfterSeconds === undefined ? reply : { expireAfterSeconds_old: old.expireAfterSeconds, ...reply };
  },
};
