import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Express } from 'express';
import { makeApp } from '../../src/app.js';
import { ledgerOf } from '../../src/audit/index.js';
import { type Actor, systemActor } from '../../src/kernel/actor.js';
import { type Clock, movableClock } from '../../src/kernel/clock.js';
import { type Config, readConfig } from '../../src/kernel/config.js';
import { InFlight } from '../../src/kernel/lifecycle.js';
import { limiters } from '../../src/kernel/limits.js';
import { makeLogger } from '../../src/kernel/logger.js';
import { ensureIndexes, openDb } from '../../src/kernel/mongo.js';
import { makeOutbox, type OutboxRow, OutboxRows } from '../../src/kernel/outbox.js';
import { kernelProblem } from '../../src/kernel/problem.js';
import { RightOfWay } from '../../src/kernel/right-of-way.js';
import type { AnyRoute, Kernel } from '../../src/kernel/route.js';
import { readSecrets } from '../../src/kernel/secrets.js';
import type { ServeContext } from '../../src/kernel/serve.js';
import { makeTransact, type Transact } from '../../src/kernel/transact.js';
import { testStoreUri } from './store.js';

/** Settings of every test: nothing outside its own folder, no limit that a suite would meet by accident. */
export const testEnvironment = (folder: string): Record<string, string> => ({
  NODE_ENV: 'test',
  LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
  DATA_DIR: folder,
  PORT: '0',
  BASE_URL: 'http://127.0.0.1:8080',
  REQUESTS_PER_MINUTE: '1000000',
  ANONYMOUS_REPORTS_PER_HOUR: '1000000',
  REPORTS_PER_HOUR: '1000000',
  ATTEMPTS_PER_MINUTE: '100000',
  JOB_SWEEP_MS: '200',
  CHECK_REPLIES: 'true',
});

export interface TestKernel {
  readonly ctx: Kernel & { readonly clock: Clock & { advance(milliseconds: number): void } };
  readonly folder: string;
  /** Rows that wait in the outbox, optionally of one name. */
  jobs(name?: string): Promise<OutboxRow[]>;
  /** Audit events as the store holds them, oldest first, optionally of one action. */
  events(action?: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** A kernel of its own on a fresh database: real store, real transactions, real audit log; nothing is worked off. */
export async function testKernel(
  env: Record<string, string> = {},
  secretsEnv: Record<string, string> = {},
): Promise<TestKernel> {
  const folder = await mkdtemp(join(tmpdir(), 'firebreak-test-'));
  const variables = { ...testEnvironment(folder), ...env };
  const config: Config = readConfig(variables);
  const secrets = readSecrets(config, secretsEnv);
  const clock = movableClock();
  const logger = makeLogger(config.logLevel);
  const db = await openDb(await testStoreUri(), `test_${randomBytes(6).toString('hex')}`);
  await ensureIndexes(db);
  const transact = makeTransact({ db, clock, ledger: ledgerOf(secrets.auditKey), outbox: makeOutbox(() => undefined) });
  return {
    ctx: { config, secrets, logger, clock, db, transact, limiter: limiters(randomBytes(32)) },
    folder,
    jobs: async (name) => {
      const rows = await OutboxRows(db)
        .collection.find(name ? { name } : {})
        .sort({ createdAt: 1 })
        .toArray();
      return rows as unknown as OutboxRow[];
    },
    events: async (action) =>
      db.connection
        .collection('auditEvents')
        .find(action ? { action } : {})
        .sort({ _id: 1 })
        .toArray(),
    close: async () => {
      await db.connection.dropDatabase();
      await db.connection.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An app that serves `routes` alone, to whoever `actor` says is calling; permissions are the real table's when `can` is given. */
export function serveAs<C extends Kernel>(
  ctx: C,
  routes: readonly AnyRoute<C & ServeContext>[],
  actor: () => Actor,
  can: (actor: Actor, permission: string) => boolean = () => true,
): Express {
  const gate: ServeContext['gate'] = {
    identify: async (request) => ({ ...actor(), requestId: request.requestId }),
    permit: (caller, access) => {
      if (access === 'public') return;
      if (caller.kind !== 'person') throw kernelProblem('not_signed_in');
      if (typeof access === 'object' && !can(caller, access.permission)) throw kernelProblem('not_allowed');
    },
  };
  const stepUp: ServeContext['stepUp'] = {
    // As if the authenticator that the caller has had answered.
    consume: async ({ connection, session, actor: { id }, now }) => {
      const person = await connection.collection('people').findOne({ _id: id as never }, { session });
      return { method: 'totp', since: person?.['totp']?.confirmedAt ?? now };
    },
    demand: () => kernelProblem('step_up_required'),
  };
  return makeApp({ ...ctx, gate, stepUp, requests: new InFlight(), rightOfWay: new RightOfWay() }, routes);
}

/** A way to transact that can be told to fail: the next transaction does all its work and then does not commit. */
export function failable(transact: Transact): { transact: Transact; failNext(error: Error): void } {
  let failure: Error | undefined;
  return {
    transact: (who, work, sealed) =>
      transact(
        who,
        async (tx) => {
          const result = await work(tx);
          const error = failure;
          failure = undefined;
          if (error) throw error;
          return result;
        },
        sealed,
      ),
    failNext: (error) => {
      failure = error;
    },
  };
}

export const testActor = (over: Partial<Actor> = {}): Actor => ({ ...systemActor('test', 'request-test'), ...over });
