import type { Document } from 'bson';
import type { Collection } from '../catalogue.js';
import { documentOf } from '../codec.js';
import { CommandError, notSupported, refuseOthers } from '../errors.js';
import { compileFilter } from '../filter.js';
import { isDocument } from '../numeric.js';
import type { Pace } from '../pace.js';
import { compileProjection } from '../projection.js';
import { type Query, select } from '../reader.js';
import { sortDocuments, sortFields } from '../sort.js';
import type { View } from '../view.js';
import { bucket, bucketAuto, sortByCount } from './buckets.js';
import { expressionOf } from './engine.js';
import { densify, fill } from './gaps.js';
import { facet, graphLookup, lookup, unionWith } from './joins.js';
import type { Pipelines, Scope, Stage } from './scope.js';
import { addFields, count, documents, group, redact, replaceRoot, sample, size, unwind } from './stages.js';
import { setWindowFields } from './windows.js';

const REFUSED = new Set(
  '$changeStream $collStats $currentOp $geoNear $indexStats $listLocalSessions $listSessions $planCacheStats $search $searchMeta $vectorSearch $querySettings $listSampledQueries $shardedDataDistribution'.split(
    ' ',
  ),
);
/** MongoDB's limit for pipelines in pipelines. */
const MAX_DEPTH = 20;

const projected: Stage = (documents, operand, { variables }) => {
  if (!isDocument(operand)) throw new CommandError(15969, '$project specification must be an object');
  if (Object.keys(operand).length === 0)
    throw new CommandError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  return mapped(documents, compileProjection(operand, {}, variables, true)!);
};

const unset: Stage = (documents, operand, scope) => {
  const names = Array.isArray(operand) ? operand : [operand];
  if (names.length === 0)
    throw new CommandError(31119, '$unset specification must be a string or an array with at least one field');
  if (!names.every((name) => typeof name === 'string'))
    throw new CommandError(
      Array.isArray(operand) ? 31120 : 31002,
      '$unset specification must be a string or an array of strings',
    );
  return projected(documents, Object.fromEntries(names.map((name) => [name, 0])), scope);
};

const STAGES: Record<string, Stage> = {
  $match: (documents, operand, { variables }) => {
    if (!isDocument(operand)) throw new CommandError(15959, 'the match filter must be an expression in an object');
    const { test } = compileFilter(operand, variables);
    return filtered(documents, (raw) => test(documentOf(raw)));
  },
  $sort: (documents, operand) => sortDocuments(documents, stageSort(operand), Infinity),
  $skip: (documents, operand) => cut(documents, size('$skip', operand, 0), Infinity),
  $limit: (documents, operand) => cut(documents, 0, size('$limit', operand, 1)),
  $project: projected,
  $unset: unset,
  $count: count,
  $group: group,
  $addFields: addFields,
  $set: addFields,
  $replaceRoot: (documents, operand, scope) => {
    if (!isDocument(operand))
      throw new CommandError(40229, 'expected an object as specification for $replaceRoot stage');
    const { newRoot, ...others } = operand;
    if (newRoot === undefined)
      throw new CommandError(40414, "BSON field '$replaceRoot.newRoot' is missing but a required field");
    refuseOthers('$replaceRoot', others);
    return replaceRoot(documents, newRoot, scope);
  },
  $replaceWith: replaceRoot,
  $unwind: unwind,
  $sortByCount: sortByCount,
  $bucket: bucket,
  $sample: sample,
  $lookup: lookup,
  $graphLookup: graphLookup,
  $unionWith: unionWith,
  $facet: facet,
  $setWindowFields: setWindowFields,
  $redact: redact,
  $bucketAuto: bucketAuto,
  $densify: densify,
  $fill: fill,
  $documents: documents,
};

/** @throws CommandError for stages nobody knows, and for those that a pipeline may not have there */
export function checkStages(pipeline: readonly Document[]): void {
  for (const [i, stage] of pipeline.entries()) {
    const [name = '', ...more] = isDocument(stage) ? Object.keys(stage) : [];
    if (name === '' || more.length > 0)
      throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
    if (REFUSED.has(name)) throw notSupported(name);
    if (name === '$out' || name === '$merge')
      throw new CommandError(40601, `${name} can only be the final stage in the pipeline`);
    if (!Object.hasOwn(STAGES, name)) throw new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
    if (name === '$documents' && i > 0)
      throw new CommandError(40602, '$documents is only valid as the first stage in a pipeline.');
  }
}

/** Runs a pipeline over a collection: leading stages that choose, order or cut documents become a query, which uses indexes. */
export function runPipeline(scope: Scope, ns: string, pipeline: readonly Document[], hint?: unknown): Iterable<Buffer> {
  if (scope.depth > MAX_DEPTH) throw new CommandError(51047, 'Maximum number of nested sub-pipelines exceeded.');
  checkStages(pipeline);
  const { query, used } = leading(pipeline, hint, scope.variables);
  const collection = scope.view.catalogue.get(ns);
  return runStages(scope, collection ? selected(scope, collection, query) : [], pipeline.slice(used));
}

export function selected({ view, pace }: Scope, collection: Collection, query: Query): Iterable<Buffer> {
  return select(view, collection, pace ? { ...query, pace } : query);
}

const PIPELINES: Pipelines = { check: checkStages, run: runPipeline, stages: runStages };

/** @param bound  the command's `let`: constants, or expressions of them */
export function scopeOf(view: View, db: string, bound: unknown, pace?: Pace): Scope {
  return { view, db, variables: variablesOf(bound), depth: 0, pipelines: PIPELINES, pace };
}

/** The values of a command's `let`. */
export function variablesOf(bound: unknown): Document {
  if (!isDocument(bound)) return {};
  return Object.fromEntries(
    Object.entries(bound).map(([name, expression]) => [name, expressionOf(expression)({}) ?? null]),
  );
}

export function runStages(scope: Scope, documents: Iterable<Buffer>, stages: readonly Document[]): Iterable<Buffer> {
  return stages.reduce((result: Iterable<Buffer>, stage) => {
    const [[name, operand] = ['', undefined]] = Object.entries(stage);
    return STAGES[name]!(result, operand, scope);
  }, documents);
}

/** Stages that become the query itself: matches, one sort, skip and limit. */
export function leading(
  pipeline: readonly Document[],
  hint: unknown,
  variables: Document,
): { query: Query; used: number } {
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
        stageSort(sort);
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
  const whole = filters.length === 1 ? filters[0]! : filters.length === 0 ? {} : { $and: filters };
  const query = { filter: compileFilter(whole, variables), sort: sortFields(sort), skip, limit };
  return { query: hint === undefined ? query : { ...query, hint }, used };
}

function stageSort(operand: unknown) {
  if (!isDocument(operand)) throw new CommandError(15973, 'the $sort key specification must be an object');
  if (Object.keys(operand).length === 0) throw new CommandError(15976, '$sort stage must have at least one sort key');
  return sortFields(operand);
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
