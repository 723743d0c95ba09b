import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import supertest from 'supertest';
import { makeApp } from '../../src/app.js';
import { auditTiles } from '../../src/audit/index.js';
import { Context, type Overrides } from '../../src/context.js';
import { apiDocs } from '../../src/kernel/api-docs.js';
import { type Clock, movableClock } from '../../src/kernel/clock.js';
import { readConfig } from '../../src/kernel/config.js';
import { readSecrets } from '../../src/kernel/secrets.js';
import type { Mail, Mailer } from '../../src/notices/mailer.js';
import { doors } from '../../src/pages.js';
import { apiDocument, routes } from '../../src/routes.js';
import { type SimulatorAdmin, simulatorAdmin, startSimulator } from '../../src/simulator/index.js';
import { verifyPage } from '../../src/verify-page.js';
import { testEnvironment } from './kernel.js';
import { testStoreUri } from './store.js';

export interface TestContext {
  readonly ctx: Context;
  readonly clock: Clock & { advance(milliseconds: number): void };
  readonly server: Server;
  readonly url: string;
  readonly simulator: SimulatorAdmin;
  /** Everything the product keeps on disk: DATA_DIR, with `uploads` in it. */
  readonly folder: string;
  /** Every mail that was sent, oldest first. */
  readonly mails: readonly Mail[];
  /** One request, by whoever the headers say. */
  send(method: Method, path: string, headers?: Readonly<Record<string, string>>): supertest.Test;
  /** What the audit log says, oldest first, optionally of one action. */
  events(action?: string): Promise<LoggedEvent[]>;
  /** Works off everything that is due now. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head' | 'options';

export interface LoggedEvent {
  readonly action: string;
  readonly result: string;
  readonly caseId?: string;
  readonly actor: { readonly kind: string; readonly id: string };
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What a suite that moves the clock by half a minute for each code needs: tokens and leases that outlive it. */
const PATIENT = { ACCESS_TOKEN_MINUTES: '60', JOB_LEASE_MS: '600000' };

/**
 * The whole product in this process: every route and page over HTTP, its worker, its own database on the store of the test
 * run, the simulator as the exchange over HTTP. Mails are rendered and collected. `close` removes everything.
 */
export async function testContext(
  env: Readonly<Record<string, string>> = {},
  overrides: Overrides = {},
  base?: Clock,
): Promise<TestContext> {
  const storeUri = await testStoreUri();
  const folder = await mkdtemp(join(tmpdir(), 'firebreak-context-'));
  const secret = randomBytes(32);
  const exchange = await startSimulator({ secret: new Uint8Array(secret) });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const variables = {
    ...testEnvironment(folder),
    ...PATIENT,
    BASE_URL: url,
    MONGODB_URI: storeUri,
    DB_NAME: `test_${randomBytes(6).toString('hex')}`,
    EXCHANGE_URL: exchange.url,
    EXCHANGE_KEY: secret.toString('base64'),
    ...env,
  };
  const config = readConfig(variables);
  const clock = movableClock(base);
  const mails: Mail[] = [];
  const closeAround = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await exchange.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const given = { clock, mailer: collecting(mails), ...overrides };
  const ctx = await Context.fromConfig(config, readSecrets(config, variables), given).catch(async (error: unknown) => {
    await closeAround(); // or the test run would never end
    throw error;
  });
  server.on('request', makeApp<Context>(ctx, routes, [apiDocs(apiDocument), verifyPage(), auditTiles(ctx), doors()]));
  ctx.startWorking({ alone: false });
  return {
    ctx,
    clock,
    server,
    url,
    simulator: simulatorAdmin(exchange.url),
    folder,
    mails,
    send: (method, path, headers = {}) => supertest(url)[method](path).set(headers),
    events: async (action) => {
      const rows = await ctx.db.connection
        .collection('auditEvents')
        .find(action ? { action } : {})
        .sort({ _id: 1 })
        .toArray();
      return rows.map((row) => JSON.parse(Buffer.from(row['bytes'].buffer).toString('utf8')) as LoggedEvent);
    },
    settled: () => ctx.worker.settled(),
    close: async () => {
      server.closeAllConnections();
      await ctx.stopWorking();
      await ctx.requests.settled();
      await ctx.db.connection.dropDatabase();
      await ctx.close();
      await closeAround();
    },
  };
}

const collecting = (mails: Mail[]): Mailer => ({
  send: async (mail) => void mails.push(mail),
  close: async () => undefined,
});
