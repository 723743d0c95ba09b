import { serialize, UUID } from 'bson';
import type { Collection } from '../catalogue.js';
import { documentOf } from '../codec.js';
import { collectionOf, putCollection } from '../collections.js';
import { CommandError } from '../errors.js';
import { compileFilter } from '../filter.js';
import type { WritableView } from '../view.js';
import { type Command, namespaceOf, newNamespace } from './command.js';
import { ID_INDEX } from './indexes.js';
import { filterOf } from './reading.js';

export const create: Command = {
  kind: 'write',
  inTransaction: true,
  fields: ['autoIndexId', 'idIndex', 'writeConcern'],
  refused: [
    'capped',
    'size',
    'max',
    'validator',
    'validationLevel',
    'validationAction',
    'collation',
    'viewOn',
    'pipeline',
    'timeseries',
    'expireAfterSeconds',
    'clusteredIndex',
    'changeStreamPreAndPostImages',
    'encryptedFields',
    'storageEngine',
    'indexOptionDefaults',
    'flags',
    'temp',
  ],
  run(call, view) {
    const ns = newNamespace(call.db, call.body.create);
    // A collection that is there, and has no options either, is what was asked for.
    if (view.catalogue.get(ns)) {
      if (call.transaction) throw new CommandError(48, `Collection ${ns} already exists.`);
      return { ok: 1 };
    }
    collectionOf(view, ns);
    return { ok: 1 };
  },
};

const keyspacesOf = (collection: Collection) => [collection.id, ...collection.indexes.map(({ id }) => id)];

export const drop: Command = {
  kind: 'write',
  fields: [],
  run(call, view) {
    const ns = namespaceOf(call);
    const collection = view.catalogue.get(ns);
    call.dropped = collection ? keyspacesOf(collection) : [];
    if (!collection) return { ok: 1 };
    putCollection(view, ns, undefined);
    return { nIndexesWas: collection.indexes.length + 1, ns, ok: 1 };
  },
};

const inDatabase = (view: { catalogue: WritableView['catalogue'] }, db: string) =>
  [...view.catalogue.collections.values()].filter(({ ns }) => ns.startsWith(`${db}.`));

export const dropDatabase: Command = {
  kind: 'write',
  fields: [],
  run(call, view) {
    const collections = inDatabase(view, call.db);
    for (const { ns } of collections) putCollection(view, ns, undefined);
    call.dropped = collections.flatMap(keyspacesOf);
    return { ...(collections.length > 0 ? { dropped: call.db } : {}), ok: 1 };
  },
};

export const renameCollection: Command = {
  kind: 'write',
  fields: ['to', 'dropTarget'],
  run(call, view) {
    const from = String(call.body.renameCollection);
    const collection = view.catalogue.get(from);
    if (!collection) throw new CommandError(26, `Source collection ${from} does not exist`);
    const [db = '', ...rest] = String(call.body.to).split('.');
    const to = newNamespace(db, rest.join('.'));
    const target = view.catalogue.get(to);
    if (from === to) throw new CommandError(20, "Can't rename a collection to itself");
    if (target && call.body.dropTarget !== true) throw new CommandError(48, 'target namespace exists');
    putCollection(view, from, undefined);
    putCollection(view, to, { ...collection, ns: to });
    call.dropped = target ? keyspacesOf(target) : [];
    return { ok: 1 };
  },
};

export const listCollections: Command = {
  kind: 'read',
  fields: ['filter', 'cursor', 'nameOnly', 'authorizedCollections'],
  run(call, view) {
    const { test } = compileFilter(filterOf(call.body.filter));
    const documents = inDatabase(view, call.db).map(({ ns, uuid }) => {
      const name = ns.slice(call.db.length + 1);
      const brief = { name, type: 'collection' };
      return call.body.nameOnly === true
        ? brief
        : { ...brief, options: {}, info: { readOnly: false, uuid: new UUID(uuid) }, idIndex: ID_INDEX };
    });
    const raws = documents.map((doc) => Buffer.from(serialize(doc))).filter((raw) => test(documentOf(raw)));
    return call.cursors.first(`${call.db}.$cmd.listCollections`, raws, Infinity, true);
  },
};

export const listDatabases: Command = {
  kind: 'read',
  fields: ['filter', 'nameOnly', 'authorizedDatabases'],
  run(call, view) {
    const { test } = compileFilter(filterOf(call.body.filter));
    const names = [...new Set([...view.catalogue.collections.keys()].map((ns) => ns.slice(0, ns.indexOf('.'))))].sort();
    const all = names.map((name) => ({ name, sizeOnDisk: 0, empty: false }));
    const databases = all.filter((one) => test(documentOf(Buffer.from(serialize(one)))));
    if (call.body.nameOnly === true) return { databases: databases.map(({ name }) => ({ name })), ok: 1 };
    return { databases, totalSize: call.store.stats().bytes, ok: 1 };
  },
};
