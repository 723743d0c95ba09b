import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { type StoreOptions, startStore } from '../../src/embedded/index.js';

/** A document without a schema. */
export interface Row {
  _id?: string | number | mongo.ObjectId;
  [field: string]: unknown;
}

/** `$inc` for a field that no schema knows to be a number. */
export const inc = (by: Record<string, number>): mongo.UpdateFilter<Row> => ({ $inc: by as never });

export interface Fixture {
  readonly client: mongo.MongoClient;
  readonly db: mongo.Db;
  readonly uri: string;
  readonly dataDir: string;
  /** A collection without a schema. */
  collection(name: string): mongo.Collection<Row>;
  /** Ends the store; the folder stays until `close`. */
  closeStore(): Promise<void>;
  close(): Promise<void>;
}

/** A store of its own on a fresh folder, in this thread, and a client of it. */
export async function openFixture(options: Partial<StoreOptions> = {}): Promise<Fixture> {
  const dataDir = await mkdtemp(join(tmpdir(), 'store-'));
  const store = await startStore({ dataDir, inThread: false, ...options });
  const client = new mongo.MongoClient(store.uri, { ignoreUndefined: false });
  const db = client.db('test');
  return {
    client,
    db,
    uri: store.uri,
    dataDir,
    collection: (name) => db.collection(name),
    closeStore: async () => {
      await client.close();
      await store.close();
    },
    close: async () => {
      await client.close();
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The stage that an explained command reads by, and the index it uses. */
export function access(explained: mongo.Document): {
  stage: string;
  index?: string;
  keys: number;
  docs: number;
  sorted: boolean;
} {
  let stage = explained['queryPlanner'].winningPlan;
  const sorted = stage.stage === 'SORT';
  if (sorted) stage = stage.inputStage;
  const { totalKeysExamined: keys, totalDocsExamined: docs } = explained['executionStats'];
  const scan = stage.inputStage ?? stage;
  return { stage: scan.stage, ...(scan.indexName ? { index: scan.indexName } : {}), keys, docs, sorted };
}
