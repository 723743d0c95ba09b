import { type Document, ObjectId } from 'bson';
import type { Collection } from '../catalogue.js';
import { parse, unparse } from '../codec.js';
import { collectionOf } from '../collections.js';
import { idKeyOf, idOf, insertDocument, removeDocument, replaceDocument, type Stored, withId } from '../documents.js';
import { CommandError } from '../errors.js';
import { promoted, runStages } from '../expressions.js';
import { compileFilter } from '../filter.js';
import { isDocument, numberOf } from '../numeric.js';
import { choosePlan } from '../planner.js';
import { compileProjection } from '../projection.js';
import { eachElement, field, slice, TYPE } from '../raw.js';
import { matching, select } from '../reader.js';
import { shellText } from '../shell-text.js';
import { sortFields } from '../sort.js';
import { compileUpdate, seedOf } from '../update.js';
import type { WritableView } from '../view.js';
import { itemsOf, RawPart } from '../wire.js';
import { type Call, type Command, namespaceOf, newNamespace } from './command.js';
import { filterOf } from './reading.js';

/** MongoDB's maxWriteBatchSize. */
export const MAX_BATCH = 100_000;

function statements({ request, name: command }: Call, name: string): readonly Buffer[] {
  const items = itemsOf(request, command, name);
  if (items.length === 0 || items.length > MAX_BATCH)
    throw new CommandError(16, `Write batch sizes must be between 1 and ${MAX_BATCH}. Got ${items.length} operations.`);
  return items;
}

/** Runs each statement; the first failure ends an ordered batch. A write conflict is the whole command's. */
function eachStatement(
  call: Call,
  items: readonly Buffer[],
  run: (item: Buffer, at: number) => void,
): { writeErrors?: Document[] } {
  const errors: Document[] = [];
  for (const [at, item] of items.entries()) {
    try {
      run(item, at);
    } catch (error) {
      if (!(error instanceof CommandError) || error.code === 112) throw error;
      errors.push({ index: at, code: error.code, errmsg: error.message, ...error.details });
      if (call.body.ordered !== false || call.transaction) break;
    }
  }
  return errors.length > 0 ? { writeErrors: errors } : {};
}

export const insert: Command = {
  kind: 'write',
  inTransaction: true,
  fields: ['documents', 'ordered', 'bypassDocumentValidation'],
  run(call, view) {
    const collection = collectionOf(view, newNamespace(call.db, call.body.insert));
    let n = 0;
    const outcome = eachStatement(call, statements(call, 'documents'), (raw) => {
      refuseDollars(raw);
      insertDocument(view, collection, withId(raw));
      n++;
    });
    return { n, ...outcome, ok: 1 };
  },
};

export function refuseDollars(raw: Buffer): void {
  eachElement(raw, 0, (_type, nameAt, nameEnd) => {
    if (raw[nameAt] === 0x24)
      throw new CommandError(
        52,
        `Document can't have $ prefixed field names: ${raw.toString('utf8', nameAt, nameEnd)}`,
      );
    return false;
  });
}

/** How one document changes: operators, a pipeline, or another document in its place (kept in the client's bytes). */
export interface Change {
  readonly replaces: boolean;
  apply(old: Buffer, query: Document): Buffer;
  insert(query: Document): Buffer;
}

export function changeOf(raw: Buffer, name: string, arrayFilters: unknown): Change {
  const operand = field(raw, 0, Buffer.from(name));
  if (operand?.type === TYPE.array) return byPipeline(parse(raw)[name] as Document[]);
  if (operand?.type !== TYPE.object) throw new CommandError(9, 'Update argument must be either an object or an array');
  const bytes = Buffer.from(slice(operand));
  const spec = parse(bytes);
  const operators = Object.keys(spec).filter((key) => key[0] === '$');
  if (operators.length === 0) {
    if (arrayFilters !== undefined)
      throw new CommandError(9, 'arrayFilters may not be specified for replacement-style updates');
    return byReplacement(bytes);
  }
  const other = Object.keys(spec).find((key) => key[0] !== '$');
  if (other !== undefined)
    throw new CommandError(
      9,
      `Unknown modifier: ${other}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  return byOperators(spec, (arrayFilters as Document[] | undefined) ?? []);
}

function byOperators(spec: Document, arrayFilters: Document[]): Change {
  const update = compileUpdate(spec, arrayFilters);
  return {
    replaces: false,
    apply(old, query) {
      const doc = parse(old);
      update(doc, query, false);
      return unparse(doc);
    },
    insert(query) {
      const doc = seedOf(query);
      update(doc, query, true);
      return unparse(doc);
    },
  };
}

function byReplacement(bytes: Buffer): Change {
  const hasId = field(bytes, 0, Buffer.from('_id')) !== undefined;
  const withIdOf = (doc: Document) => {
    if (hasId || !('_id' in doc)) return bytes;
    const id = unparse({ _id: doc._id });
    const whole = Buffer.concat([id.subarray(0, -1), bytes.subarray(4)]);
    whole.writeInt32LE(whole.length, 0);
    return whole;
  };
  return {
    replaces: true,
    apply: (old) => withIdOf({ _id: parse(old)._id }),
    insert: (query) => {
      const seed = seedOf(query);
      return withIdOf('_id' in seed ? { _id: seed._id } : {});
    },
  };
}

const PIPELINE_STAGES = ['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith'];

function byPipeline(stages: Document[]): Change {
  for (const stage of stages) {
    const name = Object.keys(stage)[0] ?? '';
    if (!PIPELINE_STAGES.includes(name))
      throw new CommandError(72, `${name} is not allowed to be used within an update`);
  }
  const run = (doc: Document) => {
    const [result] = runStages(
      [doc],
      stages,
      (filter) => compileFilter(filter).test,
      () => [],
    );
    return unparse(result ?? {});
  };
  return {
    replaces: false,
    apply: (old) => run(promoted(old)),
    insert: (query) => run(promoted(unparse(seedOf(query)))),
  };
}

/** The new bytes of a document, with its _id first and unchanged. */
export function changed(old: Stored, change: Change, query: Document): Buffer {
  const raw = change.apply(old.raw, query);
  const whole = withIdOrOld(raw, old.raw);
  if (!idKeyOf(idOf(whole)).equals(old.idKey))
    throw new CommandError(66, `Performing an update on the path '_id' would modify the immutable field '_id'`);
  return whole;
}

function withIdOrOld(raw: Buffer, old: Buffer): Buffer {
  if (field(raw, 0, Buffer.from('_id'))) return withId(raw);
  throw new CommandError(
    66,
    `After applying the update, the (immutable) field '_id' was found to have been removed: ${shellText({ _id: parse(old)._id })}`,
  );
}

export function insertChanged(
  view: WritableView,
  collection: Collection,
  change: Change,
  query: Document,
): { id: unknown; raw: Buffer } {
  const raw = withId(change.insert(query));
  const doc = parse(raw);
  const demanded = seedOf(query)._id;
  if (demanded !== undefined && shellText(demanded) !== shellText(doc._id))
    throw new CommandError(66, `Performing an update on the path '_id' would modify the immutable field '_id'`);
  insertDocument(view, collection, raw);
  return { id: doc._id ?? new ObjectId(), raw };
}

export function knownFields(name: string, statement: Document, known: readonly string[]): void {
  for (const [key, value] of Object.entries(statement)) {
    if (known.includes(key) || value === undefined || value === null) continue;
    if (key === 'collation' && isDocument(value) && (value.locale === 'simple' || Object.keys(value).length === 0))
      continue;
    throw new CommandError(
      ['collation', 'c', 'let'].includes(key) ? 238 : 40415,
      `BSON field '${name}.${key}' is ${['collation', 'c'].includes(key) ? 'not supported by the embedded store' : 'an unknown field.'}`,
    );
  }
}

export const update: Command = {
  kind: 'write',
  inTransaction: true,
  fields: ['updates', 'ordered', 'bypassDocumentValidation'],
  refused: ['let'],
  run(call, view) {
    const ns = namespaceOf(call);
    const upserted: Document[] = [];
    let n = 0;
    let nModified = 0;
    const outcome = eachStatement(call, statements(call, 'updates'), (raw, at) => {
      const statement = parse(raw);
      knownFields('update.updates', statement, ['q', 'u', 'multi', 'upsert', 'arrayFilters', 'hint', 'sort']);
      const query = filterOf(statement.q);
      const change = changeOf(raw, 'u', statement.arrayFilters);
      if (statement.multi === true && change.replaces)
        throw new CommandError(9, 'multi update is not supported for replacement-style update');
      compileFilter(query);
      const collection = view.catalogue.get(ns);
      const targets = collection ? targetsOf(view, collection, query, statement) : [];
      for (const old of targets) {
        n++;
        const now = changed(old, change, query);
        if (now.equals(old.raw)) continue;
        replaceDocument(view, collection!, old, now);
        nModified++;
      }
      if (targets.length === 0 && statement.upsert === true) {
        const { id } = insertChanged(view, collectionOf(view, newNamespace(call.db, call.body.update)), change, query);
        upserted.push({ index: at, _id: id });
        n++;
      }
    });
    return { n, nModified, ...(upserted.length > 0 ? { upserted } : {}), ...outcome, ok: 1 };
  },
};

/** All matches are found before the first changes, so that no document is met twice. */
export function targetsOf(view: WritableView, collection: Collection, query: Document, statement: Document): Stored[] {
  const filter = compileFilter(query);
  if (statement.multi === true) {
    const plan = choosePlan(collection, filter, [], statement.hint);
    return [...matching(view, collection, filter, plan, { keys: 0, docs: 0 })];
  }
  const sort = sortFields(statement.sort);
  for (const raw of select(view, collection, { filter, sort, skip: 0, limit: 1, hint: statement.hint }))
    return [{ idKey: idKeyOf(idOf(raw)), raw }];
  return [];
}

export const remove: Command = {
  kind: 'write',
  inTransaction: true,
  fields: ['deletes', 'ordered'],
  refused: ['let'],
  run(call, view) {
    const ns = namespaceOf(call);
    let n = 0;
    const outcome = eachStatement(call, statements(call, 'deletes'), (raw) => {
      const statement = parse(raw);
      knownFields('delete.deletes', statement, ['q', 'limit', 'hint']);
      const limit = numberOf(statement.limit);
      if (limit !== 0 && limit !== 1)
        throw new CommandError(9, `The limit field in delete objects must be 0 or 1. Got ${limit}`);
      const query = filterOf(statement.q);
      compileFilter(query);
      const collection = view.catalogue.get(ns);
      if (!collection) return;
      for (const old of targetsOf(view, collection, query, { ...statement, multi: limit === 0 })) {
        removeDocument(view, collection, old);
        n++;
      }
    });
    return { n, ...outcome, ok: 1 };
  },
};

export const findAndModify: Command = {
  kind: 'write',
  inTransaction: true,
  fields: [
    'query',
    'sort',
    'remove',
    'update',
    'new',
    'fields',
    'upsert',
    'arrayFilters',
    'hint',
    'bypassDocumentValidation',
  ],
  refused: ['collation', 'let'],
  run(call, view) {
    const { body } = call;
    const ns = namespaceOf(call);
    const query = filterOf(body.query);
    const projection = compileProjection(body.fields as Document | undefined, query);
    const show = (raw: Buffer) => RawPart.document(projection ? projection(raw) : raw);
    if ((body.remove === true) === (body.update !== undefined))
      throw new CommandError(9, 'Either an update or remove=true must be specified');
    if (body.remove === true && (body.new === true || body.upsert === true))
      throw new CommandError(
        9,
        "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
      );
    const collection = view.catalogue.get(ns);
    compileFilter(query);
    const [old] = collection ? targetsOf(view, collection, query, { sort: body.sort, hint: body.hint }) : [];
    if (body.remove === true) {
      if (!old) return { lastErrorObject: { n: 0 }, value: null, ok: 1 };
      removeDocument(view, collection!, old);
      return { lastErrorObject: { n: 1 }, value: show(old.raw), ok: 1 };
    }
    const change = changeOf(call.request.raw, 'update', body.arrayFilters);
    if (old) {
      const now = changed(old, change, query);
      if (!now.equals(old.raw)) replaceDocument(view, collection!, old, now);
      return {
        lastErrorObject: { n: 1, updatedExisting: true },
        value: show(body.new === true ? now : old.raw),
        ok: 1,
      };
    }
    if (body.upsert !== true) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null, ok: 1 };
    const { id, raw } = insertChanged(view, collectionOf(view, newNamespace(call.db, body[call.name])), change, query);
    return {
      lastErrorObject: { n: 1, updatedExisting: false, upserted: id },
      value: body.new === true ? show(raw) : null,
      ok: 1,
    };
  },
};
