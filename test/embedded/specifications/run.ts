import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { mongo } from 'mongoose';
import { startStore } from '../../../src/embedded/index.js';
import { clearAll, failureOf, type Operation, perform, type Sessions } from './operations.js';

/**
 * Runs MongoDB's published driver tests (github.com/mongodb/specifications, JSON) for CRUD and transactions against the
 * embedded store, or the server that --uri names. It judges results, errors and what the collections hold afterwards; what a
 * driver sends (events) is the driver's matter. Tests with fail points, for sharded clusters, or for other server versions
 * are counted as not run.
 */
const { uri, verbose, args } = (() => {
  const command = new Command('specifications')
    .argument('<folders...>', 'folders of JSON files: crud/unified, crud/v1/read, crud/v1/write, transactions/legacy')
    .option('--uri <uri>', 'another server than the embedded store')
    .option('--verbose', 'name every test')
    .parse();
  return { ...command.opts<{ uri?: string; verbose?: boolean }>(), args: command.args };
})();

interface Test {
  readonly name: string;
  readonly db: string;
  readonly data: readonly { readonly collection: string; readonly documents: mongo.Document[] }[];
  readonly operations: readonly Operation[];
  readonly outcome: readonly { readonly collection: string; readonly documents: mongo.Document[] }[];
  /** Why it is not run. */
  readonly skipped?: string | undefined;
}

/** What a driver refuses, or decides, before anything is sent. */
const DRIVERS = /eadPreference|sessionOptions|clientOptions|"w":0/;
const VERSION = [7, 0, 0];
const older = (version: string) => {
  const wanted = version.split('.').map(Number);
  const at = VERSION.findIndex((part, i) => part !== (wanted[i] ?? 0));
  return at >= 0 && VERSION[at]! < (wanted[at] ?? 0) ? -1 : at < 0 ? 0 : 1;
};

function unmet(requirements: mongo.Document[] | undefined): string | undefined {
  if (!requirements || requirements.length === 0) return undefined;
  const reasons = requirements.map((one) => {
    if (one['minServerVersion'] && older(one['minServerVersion']) < 0) return 'newer server';
    if (one['maxServerVersion'] && older(one['maxServerVersion']) > 0) return 'older server';
    const topologies = (one['topologies'] ?? one['topology']) as string[] | undefined;
    if (topologies && !topologies.includes('replicaset')) return topologies.join();
    return one['serverless'] === 'require' ? 'serverless' : undefined;
  });
  return reasons.includes(undefined) ? undefined : reasons[0];
}

function testsOf(file: string, spec: mongo.Document): Test[] {
  const whole = unmet(
    spec['runOnRequirements'] ??
      spec['runOn'] ??
      (spec['minServerVersion'] || spec['maxServerVersion'] ? [spec] : undefined),
  );
  return (spec['tests'] as mongo.Document[]).map((test): Test => {
    const name = `${basename(file, '.json')}: ${test['description']}`;
    const points = JSON.stringify(test).includes('ailPoint') ? 'fail point' : undefined;
    const skipped =
      whole ??
      unmet(test['runOnRequirements']) ??
      points ??
      (test['skipReason'] as string | undefined) ??
      (test['useMultipleMongoses'] ? 'sharded' : undefined) ??
      (DRIVERS.test(JSON.stringify(test)) ? 'decided by the driver' : undefined);
    if (spec['schemaVersion']) {
      const of = (one: mongo.Document) => ({
        collection: one['collectionName'] as string,
        documents: one['documents'] as mongo.Document[],
      });
      const entities = new Map<string, mongo.Document>();
      for (const entity of spec['createEntities'] as mongo.Document[])
        for (const [kind, one] of Object.entries(entity)) entities.set(one.id, { kind, ...one });
      const first = [...entities.values()].find(({ kind }) => kind === 'database');
      const unacknowledged = [...entities.values()].some((one) => JSON.stringify(one).includes('"w":0'));
      const operations = (test['operations'] as mongo.Document[]).map((one): Operation => {
        const on = entities.get(one['object'] as string);
        return {
          name: one['name'],
          on: on?.['kind'] ?? 'testRunner',
          collection: on?.['collectionName'],
          arguments: one['arguments'] ?? {},
          result: one['expectResult'],
          error: one['expectError'],
        };
      });
      return {
        name,
        db: first?.['databaseName'] ?? 'test',
        data: ((spec['initialData'] ?? []) as mongo.Document[]).map(of),
        operations,
        outcome: ((test['outcome'] ?? []) as mongo.Document[]).map(of),
        skipped: skipped ?? (unacknowledged ? 'unacknowledged' : undefined),
      };
    }
    const collection = (spec['collection_name'] ?? 'test') as string;
    const legacy = (test['operations'] ?? [test['operation']]) as mongo.Document[];
    const operations = legacy.map((one): Operation => {
      const fails =
        one['result']?.errorContains !== undefined ||
        one['result']?.errorCodeName !== undefined ||
        one['result']?.errorLabelsContain !== undefined ||
        one['result']?.errorLabelsOmit !== undefined;
      return {
        name: one['name'],
        on: (one['object'] as string | undefined) ?? 'collection',
        collection: one['collectionOptions']?.collectionName ?? collection,
        arguments: one['arguments'] ?? {},
        result: fails ? undefined : (one['result'] ?? test['outcome']?.result),
        error: fails || one['error'] === true || test['outcome']?.error === true ? (one['result'] ?? {}) : undefined,
      };
    });
    const data = Array.isArray(spec['data']) ? [{ collection, documents: spec['data'] as mongo.Document[] }] : [];
    const after = test['outcome']?.collection;
    return {
      name,
      db: spec['database_name'] ?? 'spec',
      data,
      operations,
      outcome: after ? [{ collection: after.name ?? collection, documents: after.data }] : [],
      skipped,
    };
  });
}

async function run(client: mongo.MongoClient, test: Test): Promise<void> {
  const db = client.db(test.db);
  await clearAll(
    db,
    [...test.data, ...test.outcome].map(({ collection }) => collection),
  );
  for (const { collection, documents } of test.data) {
    await db.createCollection(collection);
    if (documents.length > 0) await db.collection(collection).insertMany(documents.map((one) => ({ ...one })));
  }
  const sessions: Sessions = { session0: client.startSession(), session1: client.startSession() };
  try {
    for (const operation of test.operations) await perform(client, db, operation, sessions);
  } finally {
    for (const session of Object.values(sessions)) await session.endSession();
  }
  for (const { collection, documents } of test.outcome) {
    const found = await db.collection(collection).find({}, { promoteValues: true }).sort({ _id: 1 }).toArray();
    const failure = failureOf(documents, found, 'outcome');
    if (failure) throw new Error(failure);
  }
}

const dataDir = await mkdtemp(join(tmpdir(), 'specifications-'));
const store = uri ? undefined : await startStore({ dataDir });
const client = new mongo.MongoClient(uri ?? store!.uri, { maxPoolSize: 5 });
const counts = { passed: 0, failed: 0 };
const notRun = new Map<string, number>();
try {
  for (const folder of args)
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.json')).sort())
      for (const test of testsOf(
        file,
        mongo.BSON.EJSON.parse(await readFile(join(folder, file), 'utf8')) as mongo.Document,
      )) {
        if (test.skipped) {
          notRun.set(test.skipped, (notRun.get(test.skipped) ?? 0) + 1);
          continue;
        }
        try {
          await run(client, test);
          counts.passed++;
          if (verbose) console.log(`ok      ${test.name}`);
        } catch (error) {
          counts.failed++;
          console.log(`FAILED  ${test.name}\n        ${error instanceof Error ? error.message : error}`);
        }
      }
} finally {
  await client.close();
  await store?.close();
  await rm(dataDir, { recursive: true, force: true });
}
console.log(
  `${counts.passed} passed, ${counts.failed} failed; not run: ${[...notRun].map(([why, n]) => `${n} ${why}`).join(', ') || 'none'}`,
);
if (counts.failed > 0) process.exitCode = 1;
