import type { Document } from 'bson';
import { parse } from '../codec.js';
import { collectionOf } from '../collections.js';
import { insertDocument, withId } from '../documents.js';
import { CommandError } from '../errors.js';
import { numberOf } from '../numeric.js';
import { field } from '../raw.js';
import { itemsOf } from '../wire.js';
import { changeOf } from './change.js';
import { type Call, type Command, missing, namespaceOf, newNamespace } from './command.js';
import { filterOf } from './reading.js';
import { applyDelete, applyUpdate, constantsOf, knownFields, MAX_BATCH } from './statements.js';

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
      if (call.body['ordered'] !== false || call.transaction) break;
    }
  }
  return errors.length > 0 ? { writeErrors: errors } : {};
}

export const insert: Command = {
  kind: 'write',
  inTransaction: true,
  fields: ['documents', 'ordered', 'bypassDocumentValidation'],
  run(call, view) {
    const items = statements(call, 'documents');
    const collection = collectionOf(view, newNamespace(call.db, call.body['insert']));
    let n = 0;
    const outcome = eachStatement(call, items, (raw) => {
      insertDocument(view, collection, withId(raw));
      n++;
    });
    return { n, ...outcome, ok: 1 };
  },
};

const UPDATE_FIELDS = ['q', 'u', 'multi', 'upsert', 'arrayFilters', 'hint', 'sort', 'c'];

export const update: Command = {
  kind: 'write',
  inTransaction: true,
  fields: ['updates', 'ordered', 'bypassDocumentValidation', 'let'],
  run(call, view) {
    const ns = namespaceOf(call);
    const upserted: Document[] = [];
    let n = 0;
    let nModified = 0;
    const items = statements(call, 'updates');
    for (const raw of items) demandUpdate(raw);
    const outcome = eachStatement(call, items, (raw, at) => {
      const statement = parse(raw);
      knownFields('update.updates', statement, UPDATE_FIELDS);
      if (statement['c'] !== undefined && !Array.isArray(statement['u']))
        throw new CommandError(51198, 'Constant values may only be specified for pipeline updates');
      const variables = constantsOf(call.body['let'], statement['c']);
      const { arrayFilters, sort, hint } = statement;
      const change = changeOf(raw, 'u', { view, arrayFilters, variables });
      const target = {
        query: filterOf(statement['q']),
        multi: statement['multi'] === true,
        sort,
        hint,
        variables,
        pace: call.pace,
      };
      const upsert = statement['upsert'] === true;
      const done = applyUpdate(view, upsert ? newNamespace(call.db, call.body['update']) : ns, target, change, upsert);
      n += done.matched;
      nModified += done.modified;
      if (!done.upserted) return;
      upserted.push({ index: at, _id: done.upserted.id });
      n++;
    });
    return { n, nModified, ...(upserted.length > 0 ? { upserted } : {}), ...outcome, ok: 1 };
  },
};

export const remove: Command = {
  kind: 'write',
  inTransaction: true,
  fields: ['deletes', 'ordered', 'let'],
  run(call, view) {
    const ns = namespaceOf(call);
    let n = 0;
    const items = statements(call, 'deletes');
    for (const raw of items) checkDelete(parse(raw));
    const outcome = eachStatement(call, items, (raw) => {
      const statement = parse(raw);
      const limit = numberOf(statement['limit']);
      const query = filterOf(statement['q']);
      const variables = constantsOf(call.body['let']);
      n += applyDelete(view, ns, {
        query,
        multi: limit === 0,
        hint: statement['hint'],
        variables,
        pace: call.pace,
      }).length;
    });
    return { n, ...outcome, ok: 1 };
  },
};

/** What an update must have is the command's, too. */
function demandUpdate(raw: Buffer): void {
  for (const name of ['q', 'u']) if (!field(raw, 0, Buffer.from(name))) throw missing(`update.updates.${name}`);
}

/** The form of a delete is the command's: a wrong one refuses all of it. */
function checkDelete(statement: Document): void {
  knownFields('delete.deletes', statement, ['q', 'limit', 'hint']);
  for (const name of ['q', 'limit']) if (statement[name] === undefined) throw missing(`delete.deletes.${name}`);
  filterOf(statement['q']);
  const limit = numberOf(statement['limit']);
  if (limit !== 0 && limit !== 1)
    throw new CommandError(9, `The limit field in delete objects must be 0 or 1. Got ${limit}`);
}
