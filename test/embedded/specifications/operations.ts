import { isDeepStrictEqual } from 'node:util';
import { mongo } from 'mongoose';

/** One step of a published test. */
export interface Operation {
  readonly name: string;
  readonly on: string;
  readonly collection: string | undefined;
  readonly arguments: mongo.Document;
  readonly result: unknown;
  /** What is expected of an error; empty for any error. */
  readonly error: mongo.Document | undefined;
}
export type Sessions = Record<string, mongo.ClientSession>;

export async function clearAll(db: mongo.Db, collections: readonly string[]): Promise<void> {
  await db
    .admin()
    .command({ killAllSessions: [] })
    .catch(() => undefined);
  for (const name of new Set(collections)) await db.dropCollection(name).catch(() => undefined);
}

/** @throws Error that says how the result is not the expected one */
export async function perform(
  client: mongo.MongoClient,
  db: mongo.Db,
  operation: Operation,
  sessions: Sessions,
): Promise<void> {
  const { error: expected } = operation;
  let result: unknown;
  try {
    result = await call(client, db, operation, sessions);
  } catch (error) {
    if (!expected) throw new Error(`${operation.name}: ${error instanceof Error ? error.message : error}`);
    const failure = errorFailure(expected, error as mongo.MongoServerError);
    if (failure) throw new Error(`${operation.name}: ${failure}`);
    return;
  }
  if (expected) throw new Error(`${operation.name} succeeded with ${JSON.stringify(result)}, an error was expected`);
  if (operation.result === undefined) return;
  const failure = failureOf(operation.result, plain(result), operation.name, true);
  if (failure) throw new Error(failure);
}

function errorFailure(expected: mongo.Document, error: mongo.MongoServerError): string | undefined {
  const {
    errorCode,
    errorCodeName,
    errorContains,
    errorResponse,
    errorLabelsContain = [],
    errorLabelsOmit = [],
  } = expected;
  if (errorCode !== undefined && error.code !== errorCode)
    return `error ${error.code} (${error.message}), expected ${errorCode}`;
  if (errorCodeName !== undefined && error.codeName !== errorCodeName)
    return `error ${error.codeName} (${error.message}), expected ${errorCodeName}`;
  if (errorResponse !== undefined) {
    const failure = failureOf(errorResponse, error.errorResponse ?? {}, 'response');
    if (failure) return failure;
  }
  if (errorContains !== undefined && !error.message.toLowerCase().includes(String(errorContains).toLowerCase()))
    return `"${error.message}" does not contain "${errorContains}"`;
  for (const label of errorLabelsContain)
    if (!error.hasErrorLabel?.(label)) return `no label ${label} on ${error.message}`;
  for (const label of errorLabelsOmit) if (error.hasErrorLabel?.(label)) return `label ${label} on ${error.message}`;
  return undefined;
}

async function call(
  client: mongo.MongoClient,
  db: mongo.Db,
  { name, on, collection, arguments: given }: Operation,
  sessions: Sessions,
): Promise<unknown> {
  const { session: named, ...args } = given;
  const session = named === undefined ? undefined : sessions[named as string];
  const { filter, update, replacement, document, documents, pipeline, fieldName, requests, ...rest } = args;
  const options = { ...rest, ...(session ? { session } : {}) } as mongo.Document;
  const target = sessions[on];
  if (target) return inSession(target, name, args);
  const docs = db.collection(collection ?? 'test', {
    ...(args['readConcern'] ? { readConcern: args['readConcern'] } : {}),
  });
  switch (name) {
    case 'find': {
      const { batchSize, limit, skip, sort } = rest;
      return docs
        .find(filter ?? {}, {
          ...options,
          ...(batchSize ? { batchSize } : {}),
          ...(limit ? { limit } : {}),
          ...(skip ? { skip } : {}),
          ...(sort ? { sort } : {}),
        })
        .toArray();
    }
    case 'aggregate':
      return (on === 'database' ? db.aggregate(pipeline, options) : docs.aggregate(pipeline, options)).toArray();
    case 'count':
      if (session) return db.command({ count: collection, query: filter ?? {} }, { session });
      return docs.countDocuments(filter ?? {}, options);
    case 'countDocuments':
      return docs.countDocuments(filter ?? {}, options);
    case 'estimatedDocumentCount':
      return docs.estimatedDocumentCount(options);
    case 'distinct':
      return docs.distinct(fieldName, filter ?? {}, options);
    case 'insertOne':
      return docs.insertOne({ ...document }, options);
    case 'insertMany':
      return docs.insertMany(
        (documents as mongo.Document[]).map((one) => ({ ...one })),
        { ...options, ...rest['options'] },
      );
    case 'updateOne':
      return docs.updateOne(filter, update, options);
    case 'updateMany':
      return docs.updateMany(filter, update, options);
    case 'replaceOne':
      return docs.replaceOne(filter, replacement, options);
    case 'deleteOne':
      return docs.deleteOne(filter, options);
    case 'deleteMany':
      return docs.deleteMany(filter, options);
    case 'findOneAndUpdate':
      return docs.findOneAndUpdate(filter, update, returning(options));
    case 'findOneAndReplace':
      return docs.findOneAndReplace(filter, replacement, returning(options));
    case 'findOneAndDelete':
      return docs.findOneAndDelete(filter, options);
    case 'bulkWrite':
      return docs.bulkWrite((requests as mongo.Document[]).map(requestOf), { ...options, ...rest['options'] });
    case 'createCollection':
      return void (await db.createCollection(args['collection'], session ? { session } : {}));
    case 'dropCollection':
      return db.dropCollection(args['collection'], session ? { session } : {}).catch(() => undefined);
    case 'createIndex':
      return void (await docs.createIndex(args['keys'], indexOptions(options)));
    case 'modifyCollection': {
      const { collection: modified, ...changes } = args;
      return db.command({ collMod: modified, ...changes });
    }
    case 'runCommand':
      return db.command({ ...args['command'] }, session ? { session } : {});
    case 'assertCollectionExists':
    case 'assertCollectionNotExists': {
      const there =
        (await client.db(args['database']).listCollections({ name: args['collection'] }).toArray()).length > 0;
      if (there !== (name === 'assertCollectionExists'))
        throw new Error(`collection ${args['collection']} is ${there ? '' : 'not '}there`);
      return undefined;
    }
    case 'assertIndexExists':
    case 'assertIndexNotExists': {
      const indexes = await client
        .db(args['database'])
        .collection(args['collection'])
        .indexes()
        .catch(() => []);
      const there = indexes.some((index) => index.name === args['index']);
      if (there !== (name === 'assertIndexExists'))
        throw new Error(`index ${args['index']} is ${there ? '' : 'not '}there`);
      return undefined;
    }
    case 'assertSessionTransactionState':
    case 'assertSessionPinned':
    case 'assertSessionUnpinned':
      return undefined;
    default:
      throw new Error(`an operation that this runner does not know: ${name}`);
  }
}

async function inSession(session: mongo.ClientSession, name: string, args: mongo.Document): Promise<unknown> {
  if (name === 'startTransaction') session.startTransaction(args['options']);
  else if (name === 'commitTransaction') await session.commitTransaction();
  else if (name === 'abortTransaction') await session.abortTransaction();
  else throw new Error(`an operation of a session that this runner does not know: ${name}`);
  return undefined;
}

const indexOptions = ({ keys: _keys, ...options }: mongo.Document) => options;

const returning = ({ returnDocument, ...options }: mongo.Document): mongo.FindOneAndUpdateOptions => ({
  ...options,
  ...(returnDocument ? { returnDocument: String(returnDocument).toLowerCase() as 'after' } : {}),
});

/** Both ways in which the tests write a request. */
function requestOf(request: mongo.Document): mongo.AnyBulkWriteOperation {
  if (typeof request['name'] !== 'string') return request as mongo.AnyBulkWriteOperation;
  return { [request['name']]: request['arguments'] } as unknown as mongo.AnyBulkWriteOperation;
}

const isBulkResult = (result: unknown): result is mongo.BulkWriteResult =>
  typeof result === 'object' && result !== null && 'getWriteErrors' in result;

/** Results as the tests name their parts. */
function plain(result: unknown): unknown {
  if (isBulkResult(result))
    return {
      deletedCount: result.deletedCount,
      insertedCount: result.insertedCount,
      insertedIds: result.insertedIds,
      matchedCount: result.matchedCount,
      modifiedCount: result.modifiedCount,
      upsertedCount: result.upsertedCount,
      upsertedIds: result.upsertedIds,
    };
  return result;
}

/**
 * How a value is not what a test expects, or undefined. Fields beside the expected ones are ignored at the top, and in the
 * documents of a result (`listed`).
 */
export function failureOf(expected: unknown, found: unknown, where: string, listed = false): string | undefined {
  const ok =
    listed && Array.isArray(expected) && Array.isArray(found) && expected.length === found.length
      ? expected.every((one, i) => matches(one, found[i], true))
      : matches(expected, found, true);
  return ok
    ? undefined
    : `${where}: expected ${mongo.BSON.EJSON.stringify(expected)}, found ${mongo.BSON.EJSON.stringify(found)}`;
}

function matches(expected: unknown, found: unknown, top: boolean): boolean {
  if (expected === null || typeof expected !== 'object' || expected instanceof Date || '_bsontype' in expected)
    return expected === null
      ? found === null || found === undefined
      : isDeepStrictEqual(expected, found) || String(expected) === String(found);
  if (Array.isArray(expected))
    return (
      Array.isArray(found) &&
      expected.length === found.length &&
      expected.every((one, i) => matches(one, found[i], false))
    );
  const wanted = expected as mongo.Document;
  if ('$$unsetOrMatches' in wanted) return found === undefined || matches(wanted['$$unsetOrMatches'], found, top);
  if ('$$exists' in wanted) return (found !== undefined) === wanted['$$exists'];
  if ('$$type' in wanted) return found !== undefined;
  if (typeof found !== 'object' || found === null) return false;
  const document = found as mongo.Document;
  for (const [name, one] of Object.entries(wanted)) {
    // The driver tells counts of what did not happen, or leaves them out.
    if (
      ['insertedIds', 'insertedId', 'insertedCount', 'upsertedCount', 'upsertedIds', 'upsertedId'].includes(name) &&
      top
    ) {
      if (
        one === 0 ||
        (typeof one === 'object' && one !== null && Object.keys(one).length === 0) ||
        document[name] === undefined
      )
        continue;
    }
    if (!matches(one, document[name], top && name === 'cursor')) return false;
  }
  return top || Object.keys(document).every((name) => name in wanted);
}
