import type { Document } from 'bson';
import { parse } from '../codec.js';
import { collectionOf } from '../collections.js';
import { insertDocument, removeDocument, replaceDocument, withId } from '../documents.js';
import { CommandError } from '../errors.js';
import { compileFilter } from '../filter.js';
import { eachElement, field, slice, TYPE } from '../raw.js';
import type { WritableView } from '../view.js';
import { rawItems } from '../wire.js';
import { type Call, type Command, newNamespace } from './command.js';
import { filterOf } from './reading.js';
import { changed, changeOf, insertChanged, knownFields, MAX_BATCH, refuseDollars, targetsOf } from './writing.js';

type Counts = Record<'nInserted' | 'nMatched' | 'nModified' | 'nUpserted' | 'nDeleted', number>;

/** Inserts, updates and deletes over several collections in one command (MongoDB 8.0). */
export const bulkWrite: Command = {
  kind: 'write',
  inTransaction: true,
  fields: ['ops', 'nsInfo', 'ordered', 'errorsOnly', 'bypassDocumentValidation', 'cursor'],
  refused: ['let'],
  run(call, view) {
    if (call.db !== 'admin') throw new CommandError(13, 'bulkWrite may only be run against the admin database.');
    const items = call.request.sequences.get('ops') ?? rawItems(call.request.raw, 'ops');
    if (items.length === 0 || items.length > MAX_BATCH)
      throw new CommandError(
        16,
        `Write batch sizes must be between 1 and ${MAX_BATCH}. Got ${items.length} operations.`,
      );
    const namespaces = namespacesOf(call);
    const counts: Counts = { nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 };
    const results: Document[] = [];
    let nErrors = 0;
    for (const [idx, item] of items.entries()) {
      try {
        const result = operate(view, namespaces, item, counts);
        if (call.body.errorsOnly !== true) results.push({ ok: 1, idx, ...result });
      } catch (error) {
        if (!(error instanceof CommandError) || error.code === 112 || call.transaction) throw error;
        nErrors++;
        results.push({ ok: 0, idx, code: error.code, errmsg: error.message, n: 0, ...error.details });
        if (call.body.ordered !== false) break;
      }
    }
    return { cursor: { id: 0n, firstBatch: results, ns: 'admin.$cmd.bulkWrite' }, nErrors, ...counts, ok: 1 };
  },
};

function namespacesOf({ request, body }: Call): string[] {
  const infos = request.sequences.get('nsInfo')?.map((raw) => parse(raw)) ?? (body.nsInfo as unknown);
  if (!Array.isArray(infos))
    throw new CommandError(40414, `BSON field 'bulkWrite.nsInfo' is missing but a required field`);
  return infos.map((info: Document) => {
    const ns = info.ns as unknown;
    const dot = typeof ns === 'string' ? ns.indexOf('.') : -1;
    if (typeof ns !== 'string' || dot < 1) throw new CommandError(73, `Invalid namespace specified '${String(ns)}'`);
    return newNamespace(ns.slice(0, dot), ns.slice(dot + 1));
  });
}

function operate(view: WritableView, namespaces: string[], raw: Buffer, counts: Counts): Document {
  const { kind, index } = kindOf(raw);
  const ns = namespaces[index];
  if (ns === undefined) throw new CommandError(2, `BulkWrite ops entry ${kind} is not a valid index into nsInfo`);
  if (kind === 'insert') return insertOne(view, ns, raw, counts);
  const operation = parse(raw);
  if (kind === 'update') return updateMatching(view, ns, raw, operation, counts);
  if (kind === 'delete') return deleteMatching(view, ns, operation, counts);
  throw new CommandError(40415, `BSON field 'bulkWrite.ops.${kind}' is an unknown field.`);
}

/** The first element of an operation: what it does, and where. */
function kindOf(raw: Buffer): { kind: string; index: number } {
  let found = { kind: '', index: -1 };
  eachElement(raw, 0, (type, nameAt, nameEnd, at) => {
    found = { kind: raw.toString('utf8', nameAt, nameEnd), index: type === TYPE.int ? raw.readInt32LE(at) : -1 };
    return true;
  });
  return found;
}

const DOCUMENT = Buffer.from('document');

/** The document is never read here, only cut out. */
function insertOne(view: WritableView, ns: string, raw: Buffer, counts: Counts): Document {
  eachElement(raw, 0, (_type, nameAt, nameEnd) => {
    const name = raw.toString('utf8', nameAt, nameEnd);
    if (name === 'insert' || name === 'document') return false;
    throw new CommandError(40415, `BSON field 'bulkWrite.ops.${name}' is an unknown field.`);
  });
  const at = field(raw, 0, DOCUMENT);
  if (at?.type !== TYPE.object)
    throw new CommandError(40414, `BSON field 'bulkWrite.ops.document' is missing but a required field`);
  const bytes = Buffer.from(slice(at));
  refuseDollars(bytes);
  insertDocument(view, collectionOf(view, ns), withId(bytes));
  counts.nInserted++;
  return { n: 1 };
}

function updateMatching(view: WritableView, ns: string, raw: Buffer, operation: Document, counts: Counts): Document {
  knownFields('bulkWrite.ops', operation, [
    'update',
    'filter',
    'updateMods',
    'multi',
    'upsert',
    'arrayFilters',
    'hint',
    'sort',
  ]);
  const query = filterOf(operation.filter);
  const change = changeOf(raw, 'updateMods', operation.arrayFilters);
  if (operation.multi === true && change.replaces)
    throw new CommandError(9, 'multi update is not supported for replacement-style update');
  compileFilter(query);
  const collection = view.catalogue.get(ns);
  const targets = collection ? targetsOf(view, collection, query, operation) : [];
  let nModified = 0;
  for (const old of targets) {
    const now = changed(old, change, query);
    if (now.equals(old.raw)) continue;
    replaceDocument(view, collection!, old, now);
    nModified++;
  }
  counts.nMatched += targets.length;
  counts.nModified += nModified;
  if (targets.length > 0 || operation.upsert !== true) return { n: targets.length, nModified };
  const { id } = insertChanged(view, collectionOf(view, ns), change, query);
  counts.nUpserted++;
  return { n: 1, nModified: 0, upserted: { _id: id } };
}

function deleteMatching(view: WritableView, ns: string, operation: Document, counts: Counts): Document {
  knownFields('bulkWrite.ops', operation, ['delete', 'filter', 'multi', 'hint']);
  const query = filterOf(operation.filter);
  compileFilter(query);
  const collection = view.catalogue.get(ns);
  if (!collection) return { n: 0 };
  const targets = targetsOf(view, collection, query, operation);
  for (const old of targets) removeDocument(view, collection, old);
  counts.nDeleted += targets.length;
  return { n: targets.length };
}
