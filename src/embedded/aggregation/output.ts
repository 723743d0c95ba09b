import { type Document, UUID } from 'bson';
import type { Collection } from '../catalogue.js';
import { parse, unparse } from '../codec.js';
import { collectionOf, putCollection } from '../collections.js';
import { newNamespace } from '../commands/command.js';
import { idKeyOf, idOf, insertDocument, replaceDocument, type Stored, withId } from '../documents.js';
import { badValue, CommandError } from '../errors.js';
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

function targetOf(db: string, into: unknown): string {
  if (isDocument(into)) return newNamespace(String(into['db'] ?? db), into['coll']);
  return newNamespace(db, into);
}

function replaceCollection(
  { view, db }: Scope & { view: WritableView },
  into: unknown,
  documents: readonly Buffer[],
): number[] {
  const ns = targetOf(db, into);
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

const WHEN_MATCHED = ['merge', 'replace', 'keepExisting', 'fail'];
const WHEN_NOT_MATCHED = ['insert', 'discard', 'fail'];

function merge(scope: Scope & { view: WritableView }, spec: Document, documents: readonly Buffer[]): void {
  const { into, on = '_id', whenMatched = 'merge', whenNotMatched = 'insert', let: bound = { new: '$$ROOT' } } = spec;
  if (!Array.isArray(whenMatched) && !WHEN_MATCHED.includes(whenMatched))
    throw badValue(`Enumeration value '${whenMatched}' for field 'whenMatched' is not a valid value.`);
  if (!WHEN_NOT_MATCHED.includes(whenNotMatched))
    throw badValue(`Enumeration value '${whenNotMatched}' for field 'whenNotMatched' is not a valid value.`);
  const { view } = scope;
  const collection = collectionOf(view, targetOf(scope.db, into));
  const fields = (Array.isArray(on) ? on : [on]) as string[];
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
