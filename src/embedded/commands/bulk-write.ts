import type { Document } from 'bson';
import { parse, unparse } from '../codec.js';
import { collectionOf } from '../collections.js';
import { insertDocument, withId } from '../documents.js';
import { CommandError, notSupported, unknownField } from '../errors.js';
import { isDocument, numberOfValue } from '../numeric.js';
import { eachElement, slice, TYPE } from '../raw.js';
import type { WritableView } from '../view.js';
import { itemsOf } from '../wire.js';
import { changeOf } from './change.js';
import { type Call, type Command, newNamespace } from './command.js';
import { count, filterOf } from './reading.js';
import { applyDelete, applyUpdate, constantsOf, knownFields, MAX_BATCH } from './statements.js';

type Counts = Record<'nInserted' | 'nMatched' | 'nModified' | 'nUpserted' | 'nDeleted', number>;

/**
 * Inserts, updates and deletes over several collections in one command (MongoDB 8.0). What is wrong with the command, an
 * operation of unknown form too, refuses all of it before anything is written; an operation that fails is one of the
 * results. In a transaction the first failure ends the transaction, as it does for insert, update and delete.
 */
export const bulkWrite: Command = {
  kind: 'write',
  inTransaction: true,
  fields: ['ops', 'nsInfo', 'ordered', 'errorsOnly', 'bypassDocumentValidation', 'cursor', 'let'],
  run(call, view) {
    if (call.db !== 'admin') throw new CommandError(13, 'bulkWrite may only be run against the admin database.');
    const operations = operationsOf(call);
    const batchSize = count(
      'batchSize',
      isDocument(call.body.cursor) ? call.body.cursor.batchSize : undefined,
      Infinity,
    );
    const counts: Counts = { nInserted: 0, nMatched: 0, nModified: 0, nUpserted: 0, nDeleted: 0 };
    const results: Buffer[] = [];
    let nErrors = 0;
    for (const [idx, operation] of operations.entries()) {
      try {
        const result = operation.run(view, counts);
        if (call.body.errorsOnly !== true) results.push(unparse({ ok: 1, idx, ...result }));
      } catch (error) {
        if (!(error instanceof CommandError) || error.code === 112) throw error;
        nErrors++;
        const none = operation.kind === 'update' ? { n: 0, nModified: 0 } : { n: 0 };
        results.push(unparse({ ok: 0, idx, code: error.code, errmsg: error.message, ...error.details, ...none }));
        if (call.body.ordered !== false || call.transaction) break;
      }
    }
    const reply = call.cursors.first('admin.$cmd.bulkWrite', results, batchSize, false, call.transaction);
    return { cursor: reply.cursor, nErrors, ...counts, ok: 1 };
  },
};

interface Operation {
  readonly kind: 'insert' | 'update' | 'delete';
  run(view: WritableView, counts: Counts): Document;
}

/** @throws CommandError for the whole command, when an operation or a namespace is not of the form that it must have */
function operationsOf(call: Call): Operation[] {
  const items = itemsOf(call.request, 'bulkWrite', 'ops');
  const infos = itemsOf(call.request, 'bulkWrite', 'nsInfo').map(parse);
  if (items.length === 0 || items.length > MAX_BATCH)
    throw new CommandError(16, `Write batch sizes must be between 1 and ${MAX_BATCH}. Got ${items.length} operations.`);
  const namespaces = infos.map(namespaceOf);
  return items.map((raw) => {
    const { kind, index } = headOf(raw);
    const ns = namespaces[index];
    if (ns === undefined) throw new CommandError(2, `BulkWrite ops entry has an invalid nsInfo index: ${index}`);
    switch (kind) {
      case 'insert':
        return insertion(ns, raw);
      case 'update':
        return updating(ns, raw, call.body.let);
      default:
        return deletion(ns, raw, call.body.let);
    }
  });
}

function namespaceOf(info: Document): string {
  for (const name of Object.keys(info)) {
    if (name === 'collectionUUID' || name === 'encryptionInformation') throw notSupported(`nsInfo with ${name}`);
    if (name !== 'ns') throw unknownField(`bulkWrite.nsInfo.${name}`);
  }
  const ns = info.ns as unknown;
  const dot = typeof ns === 'string' ? ns.indexOf('.') : -1;
  if (typeof ns !== 'string' || dot < 1)
    throw new CommandError(73, `Invalid namespace specified for bulkWrite: '${String(ns)}'`);
  const db = ns.slice(0, dot);
  if (/[/\\ "$\0]/.test(db) || Buffer.byteLength(db) > 63)
    throw new CommandError(73, `Invalid namespace specified for bulkWrite: '${ns}'`);
  return newNamespace(db, ns.slice(dot + 1));
}

const KINDS = ['insert', 'update', 'delete'];

/** The first element of an operation: what it does, and where. */
function headOf(raw: Buffer): { kind: string; index: number } {
  let head = { kind: '', index: -1 };
  eachElement(raw, 0, (type, nameAt, nameEnd, at) => {
    const kind = raw.toString('utf8', nameAt, nameEnd);
    if (!KINDS.includes(kind)) throw unknownField(`bulkWrite.${kind}`);
    const index = numberOfValue({ buf: raw, type, at });
    if (Number.isNaN(index)) throw wrongType(kind);
    if (index < 0) throw new CommandError(2, `BSON field '${kind}' value must be >= 0, actual value '${index}'`);
    head = { kind, index };
    return true;
  });
  return head;
}

/** The document is never parsed, only cut out. */
function insertion(ns: string, raw: Buffer): Operation {
  let document: Buffer | undefined;
  let first = true;
  eachElement(raw, 0, (type, nameAt, nameEnd, at) => {
    if (!first) {
      const name = raw.toString('latin1', nameAt, nameEnd);
      if (name !== 'document') throw unknownField(`bulkWrite.ops.${name}`);
      if (type !== TYPE.object) throw wrongType(name);
      document = slice({ buf: raw, type, at });
    }
    first = false;
    return false;
  });
  const bytes = document ?? missing('document');
  return {
    kind: 'insert',
    run(view, counts) {
      insertDocument(view, collectionOf(view, ns), withId(bytes));
      counts.nInserted++;
      return { n: 1 };
    },
  };
}

const UPDATE_FIELDS = [
  'update',
  'filter',
  'updateMods',
  'multi',
  'upsert',
  'arrayFilters',
  'hint',
  'sort',
  'constants',
];

function updating(ns: string, raw: Buffer, bound: unknown): Operation {
  const operation = checked(parse(raw), UPDATE_FIELDS);
  if (operation.updateMods === undefined) missing('updateMods');
  if (!isDocument(operation.updateMods) && !Array.isArray(operation.updateMods))
    throw new CommandError(9, 'Update argument must be either an object or an array');
  if (operation.arrayFilters !== undefined && !Array.isArray(operation.arrayFilters)) throw wrongType('arrayFilters');
  return {
    kind: 'update',
    run(view, counts) {
      const { arrayFilters, sort, hint } = operation;
      const variables = constantsOf(bound, operation.constants);
      const change = changeOf(raw, 'updateMods', { view, arrayFilters, variables });
      const target = { query: filterOf(operation.filter), multi: operation.multi === true, sort, hint, variables };
      const done = applyUpdate(view, ns, target, change, operation.upsert === true);
      counts.nMatched += done.matched;
      counts.nModified += done.modified;
      if (!done.upserted) return { n: done.matched, nModified: done.modified };
      counts.nUpserted++;
      return { n: 1, nModified: 0, upserted: { _id: done.upserted.id } };
    },
  };
}

function deletion(ns: string, raw: Buffer, bound: unknown): Operation {
  const operation = checked(parse(raw), ['delete', 'filter', 'multi', 'hint']);
  return {
    kind: 'delete',
    run(view, counts) {
      const query = filterOf(operation.filter);
      const target = { query, multi: operation.multi === true, hint: operation.hint, variables: constantsOf(bound) };
      const { length } = applyDelete(view, ns, target);
      counts.nDeleted += length;
      return { n: length };
    },
  };
}

/** What updates and deletes have in common. */
function checked(operation: Document, known: readonly string[]): Document {
  knownFields('bulkWrite.ops', operation, known);
  if (operation.filter === undefined) missing('filter');
  if (!isDocument(operation.filter)) throw wrongType('filter');
  for (const flag of ['multi', 'upsert'])
    if (operation[flag] !== undefined && typeof operation[flag] !== 'boolean') throw wrongType(flag);
  const { hint } = operation;
  if (hint !== undefined && typeof hint !== 'string' && !isDocument(hint))
    throw new CommandError(9, 'Hint must be a string or an object');
  return operation;
}

const wrongType = (name: string) => new CommandError(14, `BSON field 'bulkWrite.ops.${name}' is the wrong type`);

function missing(name: string): never {
  throw new CommandError(40414, `BSON field 'bulkWrite.ops.${name}' is missing but a required field`);
}
