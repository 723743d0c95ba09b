import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Express } from 'express';
import { can } from '../../src/access/index.js';
import { type Exchange, exchangeClient } from '../../src/accounts/index.js';
import { AuditLog } from '../../src/audit/index.js';
import { caseRoutes, makeCaseAccess, readCase } from '../../src/cases/index.js';
import { makePreviewer, makeVault, openObjects } from '../../src/evidence/index.js';
import { buildIdentity } from '../../src/identity/index.js';
import { People } from '../../src/identity/store.js';
import { ownMailbox } from '../../src/identity/words.js';
import type { Actor } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/ids.js';
import { kernelProblem } from '../../src/kernel/problem.js';
import type { ReportContext } from '../../src/reports/index.js';
import { makeReportLimits, reportJobs, reportRoutes } from '../../src/reports/index.js';
import { type Simulator, type SimulatorAdmin, simulatorAdmin, startSimulator } from '../../src/simulator/index.js';
import { loadWorkflows } from '../../src/workflow/index.js';
import { failable, serveAs, type TestKernel, testActor, testKernel } from '../support/kernel.js';

export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export const ANONYMOUS: Actor = testActor({ kind: 'anonymous', id: 'anonymous', roles: [] });

/** The least that a stranger can say. */
export const REPORT = {
  kind: 'phishing',
  language: 'en',
  whatHappened: 'Somebody who said they were support had me sign a transaction.',
  contact: { email: 'wei@example.org' },
};

export const TX_HASH = '9f2c4a1e7b5d3806c1f4e8a7d2b9056341fa87e6c5d4b3a29180f7e6d5c4b3a2';

export interface ReportWorld {
  readonly kernel: TestKernel;
  readonly ctx: ReportContext;
  readonly app: Express;
  readonly simulator: SimulatorAdmin;
  as(actor: Actor): void;
  /** Somebody with a confirmed mailbox, and an account at the exchange unless told otherwise. */
  customer(email: string, account?: 'no-account'): Promise<{ actor: Actor; accountId: string; contactPointId: string }>;
  files(): Promise<string[]>;
  /** Works off one job of that name for each row that waits. */
  work(name: string): Promise<void>;
  count(collection: string, filter?: Record<string, unknown>): Promise<number>;
  /** The next transaction does all its work and then fails instead of committing. */
  failNext(error: Error): void;
  close(): Promise<void>;
}

/** Reports with all they stand on: a real store, a real folder, the simulator over HTTP. */
export async function reportWorld(
  env: Record<string, string> = {},
  exchangeOf: (client: Exchange) => Exchange = (client) => client,
): Promise<ReportWorld> {
  const kernel = await testKernel(env);
  const secret = new Uint8Array(randomBytes(32));
  const exchange: Simulator = await startSimulator({ secret });
  const client = exchangeClient({ url: exchange.url, keyId: 'firebreak', secret, timeoutMs: 2_000 });
  const uploads = join(kernel.folder, 'uploads-of-test');
  const { config, secrets } = kernel.ctx;
  const vault = makeVault(await openObjects(config, secrets, pathToFileURL(uploads).href), kernel.ctx);
  const failing = failable(kernel.ctx.transact);
  const ctx: ReportContext = {
    ...kernel.ctx,
    transact: failing.transact,
    vault,
    scanner: undefined,
    previewer: makePreviewer(config.evidence.preview),
    caseNumber: async (db, caseId) => (await readCase(db, caseId)).number,
    caseAccess: makeCaseAccess(kernel.ctx.clock),
    exchange: exchangeOf(client),
    workflows: loadWorkflows(kernel.ctx.config.workflowsDir),
    identity: buildIdentity(kernel.ctx),
    reportLimits: makeReportLimits(kernel.ctx.limiter, kernel.ctx.config.reports),
    auditLog: await AuditLog.open({ ...kernel.ctx, sealKey: secrets.auditKey, origin: 'test/audit' }),
    stepUp: { demand: () => kernelProblem('step_up_required') },
  };
  const simulator = simulatorAdmin(exchange.url);
  let actor = ANONYMOUS;
  return {
    kernel,
    ctx,
    simulator,
    app: serveAs(ctx, [...reportRoutes, ...caseRoutes], () => actor, can),
    as: (next) => {
      actor = next;
    },
    customer: async (email, account) => {
      const accountId =
        account === 'no-account' ? undefined : (await simulator.openAccount({ email, sample: true })).accountId;
      const mailbox = ownMailbox(email, new Date(0));
      const _id = newId('person');
      await People(ctx.db).collection.insertOne({
        _id,
        email,
        locale: 'en',
        roles: ['customer'],
        ...(accountId !== undefined && { accountId }),
        contactPoints: [mailbox],
        securityVersion: 1,
        createdAt: new Date(0),
      } as never);
      const person = testActor({ kind: 'person', id: _id, roles: ['customer'] });
      return { actor: person, accountId: accountId ?? '', contactPointId: mailbox._id };
    },
    files: async () => {
      await vault.idle();
      const found = await readdir(uploads, { recursive: true, withFileTypes: true });
      return found.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    work: async (name) => {
      const job = reportJobs.find((each) => each.name === name);
      if (!job) throw new Error(`no job ${name}`);
      for (const row of await kernel.jobs(name))
        await job.handle(ctx, row.payload as never, { attempt: 1, jobId: row._id });
    },
    count: (collection, filter = {}) => ctx.db.connection.collection(collection).countDocuments(filter),
    failNext: failing.failNext,
    close: async () => {
      await exchange.stop();
      await kernel.close();
    },
  };
}
