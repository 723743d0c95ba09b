import mongoose, { type ClientSession, type Connection, type Model, type Schema } from 'mongoose';

mongoose.set('sanitizeFilter', true);
mongoose.set('strictQuery', 'throw');
mongoose.set('autoIndex', false);
mongoose.set('autoCreate', false);

/** Where documents are read. */
export interface Db {
  readonly connection: Connection;
}

/** A database, or a transaction whose own writes must be seen. */
export type Where = Db & { readonly session?: ClientSession };

/** The option that keeps a read inside the transaction it is part of. */
export const inside = ({ session }: Where): { session?: ClientSession } => (session ? { session } : {});

/** A unique index refused it: somebody else was quicker. */
export const isDuplicate = (error: unknown): boolean => (error as { code?: unknown } | undefined)?.code === 11_000;

/** Nothing was decided: the store could not be reached, or the connection to it broke. */
export const isAway = (error: unknown): boolean =>
  /^Mongo(Network|ServerSelection|PoolCleared|PoolClosed|NotConnected|TopologyClosed)|^MongooseServerSelection/.test(
    nameOf(error),
  );

/** The driver has looked for the store as long as it is told to (`serverSelectionTimeoutMS`), in vain. */
export const isNowhere = (error: unknown): boolean => /ServerSelection/.test(nameOf(error));

const nameOf = (error: unknown): string => (error as { name?: string } | undefined)?.name ?? '';

/** A collection as it was declared: call it with a place to get the model. */
export interface Declared<T> {
  (where: Db): Model<T>;
  readonly collectionName: string;
}

const registry = new Map<string, Schema<never>>();

/** The options every schema of ours has: unknown fields are refused, and no version key besides our own. */
export const SCHEMA_OPTIONS = {
  strict: 'throw',
  versionKey: false,
  id: false,
  minimize: false,
  autoIndex: false,
  autoCreate: false,
} as const;

/**
 * Declares a collection once, at module level, and gives the way to its model on a connection: `Case(db)`, `Case(tx)`.
 *
 * Indexes stated on the schema are built by `ensureIndexes` at start, never on the fly.
 */
export function collection<T>(name: string, schema: Schema<T>): Declared<T> {
  if (registry.has(name)) throw new Error(`collection ${name} is declared twice`);
  registry.set(name, schema as unknown as Schema<never>);
  const modelOn = ({ connection }: Db): Model<T> =>
    (connection.models[name] as Model<T> | undefined) ?? (connection.model(name, schema, name) as unknown as Model<T>);
  return Object.assign(modelOn, { collectionName: name });
}

/** Opens the store; what it answers is majority-read, and what it acknowledged is journaled. */
export async function openDb(uri: string, dbName: string): Promise<Db> {
  const connection = mongoose.createConnection(uri, {
    dbName,
    readConcernLevel: 'majority',
    writeConcern: { w: 'majority', journal: true },
    serverSelectionTimeoutMS: 10_000,
    maxPoolSize: 64,
    appName: 'firebreak',
  });
  await connection.asPromise();
  return { connection };
}

/** Creates every declared collection and index that is not there yet; safe to run beside others doing the same. */
export async function ensureIndexes(db: Db): Promise<void> {
  const existing = new Set((await db.connection.listCollections()).map(({ name }) => name));
  for (const [name, schema] of registry) {
    const indexes = schema
      .indexes()
      .map(([key, options]) => ({ ...definitionOf(options), key: key as Record<string, 1 | -1> }));
    if (indexes.length > 0)
      await db.connection.collection(name).createIndexes(indexes); // makes the collection too
    else if (!existing.has(name)) await createCollection(db, name);
  }
}

async function createCollection(db: Db, name: string): Promise<void> {
  const alreadyThere = 48; // NamespaceExists: another process was quicker
  await db.connection.createCollection(name).catch((error: { code?: number }) => {
    if (error.code !== alreadyThere) throw error;
  });
}

/** mongoose adds options of its own that servers refuse. */
function definitionOf(options: Record<string, unknown>): Record<string, unknown> {
  const { background: _, ...rest } = options;
  return rest;
}

export type { ClientSession };
