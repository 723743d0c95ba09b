import { type Document, serialize, UUID } from 'bson';
import { keyIn } from './catalogue.js';
import { documentOf, parse, unparse } from './codec.js';
import { collectionOf, putCollection } from './collections.js';
import { newNamespace } from './commands/command.js';
import { idKeyOf, idOf, insertDocument, replaceDocument, withId } from './documents.js';
import { badValue, CommandError, notSupported } from './errors.js';
import { promoted, runStages } from './expressions.js';
import { compileFilter } from './filter.js';
import { isDocument, numberOf } from './numeric.js';
import { compileProjection } from './projection.js';
import { everything, type Query, select } from './reader.js';
import { sortDocuments, sortFields } from './sort.js';
import type { View, WritableView } from './view.js';

const REFUSED = new Set([
  '$changeStream',
  '$collStats',
  '$currentOp',
  '$geoNear',
  '$indexStats',
  '$listLocalSessions',
  '$listSessions',
  '$planCacheStats',
  '$search',
  '$searchMeta',
  '$vectorSearch',
  '$querySettings',
  '$listSampledQueries',
  '$shardedDataDistribution',
]);

/**
 * Runs a pipeline over a collection. Leading stages that choose, order or cut documents work on their bytes and use
 * indexes; from the first other stage on mingo takes over, with everything in memory.
 */
export function runPipeline(
  view: View,
  db: string,
  ns: string,
  pipeline: readonly Document[],
  options: Document,
): Iterable<Buffer> {
  for (const stage of pipeline) {
    const name = Object.keys(stage)[0]!;
    if (REFUSED.has(name)) throw notSupported(name);
    if (name === '$out' || name === '$merge')
      throw new CommandError(40601, `${name} can only be the final stage in the pipeline`);
  }
  const { query, used } = leading(pipeline, options.hint);
  const collection = view.catalogue.get(ns);
  let documents: Iterable<Buffer> = collection ? select(view, collection, query) : [];
  let i = used;
  for (; i < pipeline.length; i++) {
    const next = onBytes(documents, pipeline[i]!);
    if (!next) break;
    documents = next;
  }
  const rest = pipeline.slice(i);
  if (rest.length === 0) return documents;
  const variables = isDocument(options.let) ? options.let : {};
  return inMemory(view, db, documents, rest, variables);
}

/** Stages that become the query itself: matches, one sort, skip and limit. */
function leading(pipeline: readonly Document[], hint: unknown): { query: Query; used: number } {
  const filters: Document[] = [];
  let sort: unknown;
  let skip = 0;
  let limit = Infinity;
  let used = 0;
  loop: for (const stage of pipeline) {
    const [name, operand] = Object.entries(stage)[0]!;
    switch (name) {
      case '$match':
        if (skip > 0 || limit < Infinity) break loop;
        if (!isDocument(operand)) throw new CommandError(15959, 'the match filter must be an expression in an object');
        filters.push(operand);
        break;
      case '$sort':
        if (sort !== undefined || skip > 0 || limit < Infinity) break loop;
        sort = operand;
        break;
      case '$skip':
        if (limit < Infinity) break loop;
        skip += size(name, operand, 0);
        break;
      case '$limit':
        limit = Math.min(limit, size(name, operand, 1));
        break;
      default:
        break loop;
    }
    used++;
  }
  const filter = compileFilter(filters.length === 1 ? filters[0]! : filters.length === 0 ? {} : { $and: filters });
  return { query: { filter, sort: sortFields(sort), skip, limit, ...(hint === undefined ? {} : { hint }) }, used };
}

function size(name: string, operand: unknown, least: number): number {
  const number = numberOf(operand);
  if (number === undefined || !Number.isInteger(number) || number < least)
    throw new CommandError(
      15958,
      `invalid argument to ${name} stage: Expected ${least === 0 ? 'a non-negative' : 'a positive'} number`,
    );
  return number;
}

/** A stage that works on bytes, or undefined when it takes mingo. */
function onBytes(documents: Iterable<Buffer>, stage: Document): Iterable<Buffer> | undefined {
  const [name, operand] = Object.entries(stage)[0]!;
  switch (name) {
    case '$match': {
      const { test } = compileFilter(operand);
      return filtered(documents, (raw) => test(documentOf(raw)));
    }
    case '$sort':
      return sortDocuments(documents, sortFields(operand), Infinity);
    case '$skip':
      return cut(documents, size(name, operand, 0), Infinity);
    case '$limit':
      return cut(documents, 0, size(name, operand, 1));
    case '$project':
      if (
        !isDocument(operand) ||
        !Object.values(operand).every((flag) => typeof flag === 'boolean' || numberOf(flag) !== undefined)
      )
        return undefined;
      return mapped(documents, compileProjection(operand, {})!);
    case '$count':
      if (typeof operand !== 'string' || operand === '' || operand[0] === '$')
        throw new CommandError(40156, 'the count field must be a non-empty string');
      return counted(documents, (n) => ({ [operand]: n }));
    case '$group':
      return countingGroup(documents, operand);
    default:
      return undefined;
  }
}

/** `countDocuments` of every driver: one group, one sum of ones. */
function countingGroup(documents: Iterable<Buffer>, operand: Document): Iterable<Buffer> | undefined {
  const { _id: id, ...sums } = operand;
  const [[name, sum] = ['', undefined], ...more] = Object.entries(sums);
  const constant = id === null || numberOf(id) !== undefined;
  if (!constant || more.length > 0 || !isDocument(sum) || numberOf(sum.$sum) !== 1) return undefined;
  return counted(documents, (n) => ({ _id: id, [name]: n }));
}

function* counted(documents: Iterable<Buffer>, toDocument: (n: number) => Document): Generator<Buffer> {
  let n = 0;
  for (const _ of documents) n++;
  if (n > 0) yield unparse(toDocument(n));
}

function* filtered(documents: Iterable<Buffer>, test: (raw: Buffer) => boolean): Generator<Buffer> {
  for (const raw of documents) if (test(raw)) yield raw;
}

function* mapped(documents: Iterable<Buffer>, change: (raw: Buffer) => Buffer): Generator<Buffer> {
  for (const raw of documents) yield change(raw);
}

function* cut(documents: Iterable<Buffer>, skip: number, limit: number): Generator<Buffer> {
  let position = 0;
  for (const raw of documents) {
    if (position++ >= skip) yield raw;
    if (position >= skip + limit) return;
  }
}

function* inMemory(
  view: View,
  db: string,
  documents: Iterable<Buffer>,
  stages: readonly Document[],
  variables: Document,
): Generator<Buffer> {
  const docs: Document[] = [];
  for (const raw of documents) docs.push(promoted(raw));
  const collectionNamed = (name: string): Document[] => {
    const collection = view.catalogue.get(`${db}.${name}`);
    return collection ? [...everything(view, collection)].map(({ raw }) => promoted(raw)) : [];
  };
  for (const doc of runStages(docs, stages, (filter) => compileFilter(filter).test, collectionNamed, variables))
    yield Buffer.from(serialize(doc, { ignoreUndefined: true }));
}

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
export function writeOutput(view: WritableView, db: string, stage: Document, documents: readonly Buffer[]): number[] {
  if ('$out' in stage) return replaceCollection(view, db, stage.$out, documents);
  const spec: Document = typeof stage.$merge === 'string' ? { into: stage.$merge } : stage.$merge;
  merge(view, db, spec, documents);
  return [];
}

function targetOf(db: string, into: unknown): string {
  if (isDocument(into)) return newNamespace(String(into.db ?? db), into.coll);
  return newNamespace(db, into);
}

function replaceCollection(view: WritableView, db: string, into: unknown, documents: readonly Buffer[]): number[] {
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

function merge(view: WritableView, db: string, spec: Document, documents: readonly Buffer[]): void {
  const { whenMatched = 'merge', whenNotMatched = 'insert' } = spec;
  if (spec.on !== undefined && spec.on !== '_id') throw notSupported('$merge with on');
  if (typeof whenMatched !== 'string') throw notSupported('$merge with a pipeline');
  const collection = collectionOf(view, targetOf(db, spec.into));
  for (const each of documents) {
    const raw = withId(each);
    const idKey = idKeyOf(idOf(raw));
    const old = view.get(keyIn(collection.id, idKey));
    if (!old) {
      if (whenNotMatched === 'fail')
        throw new CommandError(
          13113,
          '$merge could not find a matching document in the target collection for at least one document in the source collection',
        );
      if (whenNotMatched === 'insert') insertDocument(view, collection, raw);
    } else if (whenMatched === 'fail') insertDocument(view, collection, raw);
    else if (whenMatched === 'replace') replaceDocument(view, collection, { idKey, raw: old }, raw);
    else if (whenMatched === 'merge')
      replaceDocument(view, collection, { idKey, raw: old }, unparse({ ...parse(old), ...parse(raw) }));
    else if (whenMatched !== 'keepExisting') throw badValue(`whenMatched: ${whenMatched}`);
  }
}
