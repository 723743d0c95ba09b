import type { Document } from 'bson';
import { gather } from '../aggregation/gather.js';
import { outputStage, writeOutput } from '../aggregation/output.js';
import { runPipeline, scopeOf, variablesOf } from '../aggregation/pipeline.js';
import { wholeKeyspace } from '../catalogue.js';
import { documentOf, parse } from '../codec.js';
import { FIRST_BATCH } from '../cursors.js';
import { CommandError, notSupported } from '../errors.js';
import { compileFilter } from '../filter.js';
import { keyOf } from '../keys.js';
import { isDocument, numberOf } from '../numeric.js';
import { PAUSE, type Pace, paced } from '../pace.js';
import { eachItem, pathOf, visitPath } from '../paths.js';
import { compileProjection } from '../projection.js';
import { TYPE, type Value } from '../raw.js';
import { type Examined, type Query, select } from '../reader.js';
import { sortFields } from '../sort.js';
import { valueBytes } from '../value-bytes.js';
import type { View } from '../view.js';
import type { Reply } from '../wire.js';
import { type Call, type Command, missing, namespace, namespaceOf } from './command.js';
import { overSessions } from './local-sessions.js';
import { overStats } from './stats.js';

export function filterOf(spec: unknown): Document {
  if (spec === undefined || spec === null) return {};
  if (!isDocument(spec)) throw new CommandError(14, 'Expected field filter to be of type object');
  return spec;
}

export function count(name: string, value: unknown, otherwise: number): number {
  if (value === undefined || value === null) return otherwise;
  const number = numberOf(value);
  if (number === undefined) throw new CommandError(14, `BSON field '${name}' is the wrong type`);
  if (!Number.isInteger(number) || number < 0)
    throw new CommandError(51024, `BSON field '${name}' value must be >= 0, actual value '${number}'`);
  return number;
}

/** A find's query; a negative limit is MongoDB's old way to ask for one batch. */
export function queryOf(body: Document, filterField = 'filter'): Query {
  const limit = count('limit', body.limit, 0);
  return {
    filter: compileFilter(filterOf(body[filterField]), variablesOf(body['let'])),
    sort: sortFields(body.sort),
    skip: count('skip', body.skip, 0),
    limit: limit === 0 ? Infinity : limit,
    ...(body.hint === undefined || (isDocument(body.hint) && Object.keys(body.hint).length === 0)
      ? {}
      : { hint: body.hint }),
  };
}

/** Documents of a find, projected. */
export function found(view: View, ns: string, body: Document, pace: Pace, examined?: Examined): Iterable<Buffer> {
  const query = { ...queryOf(body), pace };
  const projection = compileProjection(
    body['projection'] as Document | undefined,
    filterOf(body['filter']),
    variablesOf(body['let']),
  );
  const collection = view.catalogue.get(ns);
  if (!collection) return [];
  const documents = select(view, collection, query, examined);
  return projection ? mapped(documents, projection) : documents;
}

function* mapped(documents: Iterable<Buffer>, change: (raw: Buffer) => Buffer): Generator<Buffer> {
  for (const raw of documents) yield raw === PAUSE ? PAUSE : change(raw);
}

export const find: Command = {
  kind: 'read',
  inTransaction: true,
  fields: [
    'filter',
    'sort',
    'projection',
    'hint',
    'skip',
    'limit',
    'batchSize',
    'singleBatch',
    'allowDiskUse',
    'noCursorTimeout',
    'readOnce',
    'allowPartialResults',
    'oplogReplay',
    'let',
  ],
  refused: ['collation', 'min', 'max', 'returnKey', 'showRecordId', 'tailable', 'awaitData'],
  run(call, view) {
    const { body } = call;
    const ns = namespaceOf(call);
    const batchSize = count('batchSize', body.batchSize, FIRST_BATCH);
    const { cursors, pace, transaction } = call;
    const documents = found(view, ns, body, pace);
    return paced(cursors.firstOf(ns, documents, batchSize, body.singleBatch === true, pace, transaction), pace);
  },
};

export const getMore: Command = {
  kind: 'read',
  inTransaction: true,
  fields: ['collection', 'batchSize'],
  run(call) {
    const id = call.body.getMore?.toBigInt?.();
    if (typeof id !== 'bigint')
      throw new CommandError(14, "BSON field 'getMore.getMore' is the wrong type, expected type 'long'");
    const size = count('batchSize', call.body.batchSize, 0);
    return call.cursors.next(
      id,
      namespace(call.db, call.body.collection),
      size === 0 ? Infinity : size,
      call.transaction,
    );
  },
};

export const killCursors: Command = {
  kind: 'other',
  inTransaction: true,
  fields: ['cursors'],
  run({ cursors, body }) {
    const reply: Reply = { cursorsKilled: [], cursorsNotFound: [], cursorsAlive: [], cursorsUnknown: [], ok: 1 };
    for (const id of (body.cursors as unknown[]) ?? []) {
      const killed = cursors.kill((id as { toBigInt(): bigint }).toBigInt());
      (reply[killed ? 'cursorsKilled' : 'cursorsNotFound'] as unknown[]).push(id);
    }
    return reply;
  },
};

export const countCommand: Command = {
  kind: 'read',
  fields: ['query', 'limit', 'skip', 'hint', 'fields'],
  refused: ['collation'],
  run(call, view) {
    const { body } = call;
    const collection = view.catalogue.get(namespaceOf(call));
    const limit = numberOf(body.limit);
    const query = queryOf({ ...body, limit: limit === undefined ? body.limit : Math.abs(limit) }, 'query');
    if (!collection) return { n: 0, ok: 1 };
    if (query.filter.empty) {
      const all = call.store.count(wholeKeyspace(collection.id));
      return { n: Math.max(0, Math.min(query.limit, all - query.skip)), ok: 1 };
    }
    const { pace } = call;
    return paced(counted(select(view, collection, { ...query, pace, counted: true })), pace);
  },
};

function* counted(documents: Iterable<Buffer>): Generator<Buffer, Reply> {
  let n = 0;
  for (const raw of documents) {
    if (raw === PAUSE) yield PAUSE;
    else n++;
  }
  return { n, ok: 1 };
}

export const distinct: Command = {
  kind: 'read',
  inTransaction: true,
  fields: ['key', 'query', 'hint'],
  refused: ['collation'],
  run(call, view) {
    const { key } = call.body;
    if (key === undefined) throw missing('distinct.key');
    if (typeof key !== 'string') throw new CommandError(14, "BSON field 'distinct.key' is the wrong type");
    const collection = view.catalogue.get(namespaceOf(call));
    const query = queryOf(call.body, 'query');
    const values = new Map<string, unknown>();
    const path = pathOf(key);
    const add = (value: Value) => {
      if (value.type === TYPE.missing) return false;
      const name = keyOf(value).toString('latin1');
      if (!values.has(name)) values.set(name, parse(valueBytes(value)).v);
      return false;
    };
    const expand = (value: Value) => (value.type === TYPE.array ? eachItem(value, add) : add(value));
    const { pace } = call;
    const documents = collection ? select(view, collection, { ...query, pace }) : [];
    const work = function* (): Generator<Buffer, Reply> {
      for (const raw of documents) {
        if (raw === PAUSE) yield PAUSE;
        else visitPath(documentOf(raw), path, expand);
      }
      return { values: [...values.values()], ok: 1 };
    };
    return paced(work(), pace);
  },
};

export const aggregateFields = {
  fields: ['pipeline', 'cursor', 'allowDiskUse', 'hint', 'bypassDocumentValidation', 'let'],
  refused: ['collation', 'explain', 'exchange'],
};

function pipelineOf(body: Document): Document[] {
  const { pipeline } = body;
  if (!Array.isArray(pipeline) || !pipeline.every(isDocument))
    throw new CommandError(14, "'pipeline' option must be specified as an array of objects");
  for (const stage of pipeline)
    if (Object.keys(stage).length !== 1)
      throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
  return pipeline;
}

const OF_NO_COLLECTION = ['$documents', '$listLocalSessions'];

function aggregateNamespace(call: Call): string {
  const { aggregate } = call.body;
  const [first = ''] = Object.keys(pipelineOf(call.body)[0] ?? {});
  if (typeof aggregate === 'string') {
    if (OF_NO_COLLECTION.includes(first)) throw new CommandError(73, `'${first}' can only be run with {aggregate: 1}`);
    return namespaceOf(call);
  }
  if (numberOf(aggregate) !== 1)
    throw new CommandError(9, "Invalid command format: the 'aggregate' field must specify a collection name or 1");
  if (!OF_NO_COLLECTION.includes(first))
    throw new CommandError(73, `{aggregate: 1} is not valid for '${first}'; a collection is required.`);
  return `${call.db}.$cmd.aggregate`;
}

export const aggregate: Command = {
  kind: 'read',
  inTransaction: true,
  ...aggregateFields,
  run(call, view) {
    const { body } = call;
    if (body.cursor !== undefined && !isDocument(body.cursor))
      throw new CommandError(14, 'cursor field must be missing or an object');
    if (!isDocument(body.cursor))
      throw new CommandError(9, "The 'cursor' option is required, except for aggregate with the explain argument");
    const ns = aggregateNamespace(call);
    const { cursors, pace, transaction } = call;
    const batchSize = count('batchSize', body.cursor.batchSize, FIRST_BATCH);
    const scope = scopeOf(view, call.db, body['let'], pace);
    const work = function* (): Generator<Buffer, Reply> {
      const pipeline = pipelineOf(body);
      const documents =
        overSessions(call, scope, pipeline) ??
        (yield* overStats(call, view, scope, pipeline)) ??
        (yield* gather(scope, ns, pipeline, body['hint']));
      return yield* cursors.firstOf(ns, documents, batchSize, false, pace, transaction);
    };
    return paced(work(), pace);
  },
};

/** An aggregate that ends in $out or $merge writes. */
export const aggregateOut: Command = {
  kind: 'write',
  ...aggregateFields,
  run(call, view) {
    const ns = aggregateNamespace(call);
    const pipeline = pipelineOf(call.body);
    const scope = scopeOf(view, call.db, call.body['let'], call.pace);
    if (call.body['readConcern']?.level === 'linearizable')
      throw new CommandError(72, `${outputStage(pipeline)} cannot be used with a 'linearizable' read concern level`);
    const stages = pipeline.slice(0, -1);
    const documents = [...(overSessions(call, scope, stages) ?? runPipeline(scope, ns, stages, call.body['hint']))];
    call.dropped = writeOutput({ ...scope, view }, pipeline.at(-1)!, documents);
    return call.cursors.first(ns, [], 0, true);
  },
};

export function writesOutput(body: Document): boolean {
  const stage = Array.isArray(body.pipeline) ? outputStage(body.pipeline) : undefined;
  if (stage && isDocument(body.explain)) throw notSupported(`explain of ${stage}`);
  return stage !== undefined;
}
