import { type Document, UUID } from 'bson';
import type { Collection } from '../catalogue.js';
import { parse, unparse } from '../codec.js';
import { collectionOf, putCollection } from '../collections.js';
import { missing, newNamespace } from '../commands/command.js';
import { idKeyOf, idOf, insertDocument, replaceDocument, type Stored, withId } from '../documents.js';
import { badValue, CommandError, refuseOthers } from '../errors.js';
import { compileFilter } from '../filter.js';
import { isDocument } from '../numeric.js';
import { choosePlan } from '../planner.js';
import { matching } from '../reader.js';
import type { WritableView } from '../view.js';
import { expressionOf } from './engine.js';
import { valueAt } from './fields.js';
import type { Scope } from './scope.js';
import { promoted } from './values.js';

export function outputStage(pipeline: readonly unknown[]): string | undefined {
  const last = pipeline.at(-1);
  if (!isDocument(last)) return undefined;
  return ['$out', '$merge'].find((name) => name in last);
}

/**
 * Writes the result of a pipeline as $out or $merge says.
 *
 * @returns keyspaces that the write left without an owner
 */
export function writeOutput(
  scope: Scope & { view: WritableView },
  stage: Document,
  documents: readonly Buffer[],
): number[] {
  if ('$out' in stage) return replaceCollection(scope, stage['$out'], documents);
  const spec: unknown = typeof stage['$merge'] === 'string' ? { into: stage['$merge'] } : stage['$merge'];
  if (!isDocument(spec)) throw new CommandError(51182, '$merge only supports a string or object argument');
  merge(scope, spec, documents);
  return [];
}

function targetOf(scope: Scope, stage: string, into: unknown, code: number): string {
  if (typeof into === 'string') return newNamespace(scope.db, into);
  if (!isDocument(into)) throw new CommandError(code, `${stage} has to be a string or an object`);
  const { db, coll, ...others } = into;
  refuseOthers(stage, others);
  if (coll === undefined) throw missing(`${stage}.coll`);
  return newNamespace(String(db ?? scope.db), coll);
}

function replaceCollection(
  scope: Scope & { view: WritableView },
  into: unknown,
  documents: readonly Buffer[],
): number[] {
  const { view } = scope;
  const ns = targetOf(scope, '$out', into, 16990);
  const old = view.catalogue.get(ns);
  const indexes = (old?.indexes ?? []).map((index) => ({
    ...index,
    id: view.catalogue.newId(),
    multikey: { seen: false },
  }));
  putCollection(view, ns, { ns, id: view.catalogue.newId(), uuid: new UUID(), indexes });
  const collection = collectionOf(view, ns);
  for (const raw of documents) insertDocument(view, collection, withId(raw));
  return old ? [old.id, ...old.indexes.map(({ id }) => id)] : [];
}

function fieldsOf(on: unknown): string[] {
  if (typeof on === 'string') return [on];
  if (!Array.isArray(on)) throw new CommandError(51186, "$merge 'on' field must be a string or an array of strings");
  if (on.length === 0) throw new CommandError(51187, "$merge 'on' field must name one field at least");
  for (const field of on)
    if (typeof field !== 'string') throw new CommandError(51134, "$merge 'on' array elements must be strings");
  return on;
}

const WHEN_MATCHED = ['merge', 'replace', 'keepExisting', 'fail'];
const WHEN_NOT_MATCHED = ['insert', 'discard', 'fail'];

function merge(scope: Scope & { view: WritableView }, spec: Document, documents: readonly Buffer[]): void {
  const {
    into,
    on = '_id',
    whenMatched = 'merge',
    whenNotMatched = 'insert',
    let: bound = { new: '$$ROOT' },
    ...others
  } = spec;
  refuseOthers('$merge', others);
  if (into === undefined) throw missing('$merge.into');
  if (!Array.isArray(whenMatched) && !WHEN_MATCHED.includes(whenMatched))
    throw badValue(`Enumeration value '${whenMatched}' for field 'whenMatched' is not a valid value.`);
  if (!WHEN_NOT_MATCHED.includes(whenNotMatched))
    throw badValue(`Enumeration value '${whenNotMatched}' for field 'whenNotMatched' is not a valid value.`);
  const { view } = scope;
  const collection = collectionOf(view, targetOf(scope, '$merge.into', into, 51178));
  const fields = fieldsOf(on);
  demandUnique(collection, fields);
  for (const each of documents) {
    const raw = withId(each);
    const old = partnerOf(view, collection, fields, raw);
    if (!old) {
      if (whenNotMatched === 'fail')
        throw new CommandError(
          13113,
          '$merge could not find a matching document in the target collection for at least one document in the source collection',
        );
      if (whenNotMatched === 'insert') insertDocument(view, collection, raw);
      continue;
    }
    if (whenMatched === 'fail') insertDocument(view, collection, raw);
    const now = changed(scope, whenMatched, bound as Document, old, raw);
    if (!now) continue;
    if (!idKeyOf(idOf(now)).equals(old.idKey))
      throw new CommandError(
        66,
        '$merge failed to update the matching document, did you attempt to modify the _id or the shard key?',
      );
    replaceDocument(view, collection, old, now);
  }
}

function changed(scope: Scope, whenMatched: unknown, bound: Document, old: Stored, raw: Buffer): Buffer | undefined {
  if (whenMatched === 'replace') return raw;
  if (whenMatched === 'merge') return unparse({ ...parse(old.raw), ...parse(raw) });
  if (!Array.isArray(whenMatched)) return undefined;
  const doc = promoted(raw);
  const variables = {
    new: doc,
    ...Object.fromEntries(
      Object.entries(bound).map(([name, expression]) => [name, expressionOf(expression, scope.variables)(doc)]),
    ),
  };
  const [result] = scope.pipelines.stages(
    { ...scope, variables: { ...scope.variables, ...variables } },
    [old.raw],
    whenMatched as Document[],
  );
  return result && withId(result);
}

/** @throws CommandError when nothing says that the fields name one document */
function demandUnique(collection: Collection, fields: readonly string[]): void {
  if (fields.length === 1 && fields[0] === '_id') return;
  const wanted = [...fields].sort().join();
  const found = collection.indexes.some(
    (index) =>
      index.unique &&
      !index.partial &&
      !index.sparse &&
      index.components
        .map(({ path }) => path.text)
        .sort()
        .join() === wanted,
  );
  if (!found) throw new CommandError(51183, 'Cannot find index to verify that join fields will be unique');
}

function partnerOf(
  view: WritableView,
  collection: Collection,
  fields: readonly string[],
  raw: Buffer,
): Stored | undefined {
  const doc = promoted(raw);
  const query = Object.fromEntries(
    fields.map((path) => {
      const value = valueAt(doc, path);
      if (value === null || value === undefined || Array.isArray(value))
        throw new CommandError(51132, "$merge write error: 'on' field cannot be missing, null, undefined or an array");
      return [path, { $eq: value }];
    }),
  );
  const filter = compileFilter(query);
  for (const found of matching(view, collection, filter, choosePlan(collection, filter, []), { keys: 0, docs: 0 }))
    return found;
  return undefined;
}
