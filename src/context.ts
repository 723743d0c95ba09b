import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Exchange, exchangeClient, noExchange } from './accounts/index.js';
import {
  type AuditContext,
  AuditLog,
  type LogKeys,
  ledgerOf,
  openLogKeys,
  outletsOf,
  raiseAlarm,
  streamTargetOf,
} from './audit/index.js';
import { type CaseContext, checkWorkflows, makeCaseAccess, readCase } from './cases/index.js';
import { joinStore } from './embedded/index.js';
import {
  clamd,
  type EvidenceContext,
  makePreviewer,
  makeVault,
  type ObjectStore,
  openObjects,
  type Previewer,
  type Scanner,
  type Vault,
} from './evidence/index.js';
import {
  buildIdentity,
  type IdentityContext,
  type IdentityParts,
  makeGate,
  makeRecipients,
  makeStepUp,
} from './identity/index.js';
import { jobs, recurring } from './jobs.js';
import { type Clock, SECOND, systemClock } from './kernel/clock.js';
import type { Config } from './kernel/config.js';
import { type Doorbell, openDoorbell } from './kernel/doorbell.js';
import type { HealthContext } from './kernel/health.js';
import { InFlight } from './kernel/lifecycle.js';
import { limiters, type MakeLimiter } from './kernel/limits.js';
import { type Logger, makeLogger } from './kernel/logger.js';
import { type Db, ensureIndexes, openDb } from './kernel/mongo.js';
import { makeOutbox } from './kernel/outbox.js';
import type { Gate } from './kernel/permit.js';
import { type Operations, operationsOf, type StepUp } from './kernel/reverified-act.js';
import { RightOfWay } from './kernel/right-of-way.js';
import { deriveKey } from './kernel/seal.js';
import type { Secrets } from './kernel/secrets.js';
import type { ServeContext } from './kernel/serve.js';
import { makeTransact, type Transact } from './kernel/transact.js';
import { makeWorker, type Worker } from './kernel/worker.js';
import {
  type Mailer,
  makeMailer,
  makeTexter,
  type NoticesContext,
  type Recipients,
  type Texter,
} from './notices/index.js';
import { makeReportLimits, type ReportContext, type ReportLimits } from './reports/index.js';
import { routes } from './routes.js';
import { loadWorkflows, type Workflows } from './workflow/index.js';

/** Parts that a test or the demonstration puts in place of the ordinary ones. */
export interface Overrides {
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly exchange?: Exchange;
  readonly mailer?: Mailer;
  readonly texter?: Texter;
}

/** Everything there is one of, built here and nowhere else; each feature sees the part its own context interface names. */
export class Context
  implements
    AuditContext,
    CaseContext,
    EvidenceContext,
    HealthContext,
    IdentityContext,
    NoticesContext,
    ReportContext,
    ServeContext
{
  readonly config: Config;
  readonly secrets: Secrets;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly db: Db;
  readonly auditLog: AuditLog;
  readonly transact: Transact;
  readonly limiter: MakeLimiter;
  readonly doorbell: Doorbell | undefined;
  readonly worker: Worker;
  readonly workflows: Workflows;
  readonly exchange: Exchange;
  readonly vault: Vault;
  readonly scanner: Scanner | undefined;
  readonly previewer: Previewer;
  readonly mailer: Mailer;
  readonly texter: Texter;
  readonly recipients: Recipients;
  readonly identity: IdentityParts;
  readonly reportLimits: ReportLimits;
  readonly gate: Gate;
  readonly stepUp: StepUp;
  readonly operations: Operations<Context>;
  readonly caseAccess: EvidenceContext['caseAccess'];
  readonly caseNumber: EvidenceContext['caseNumber'] = async (db, caseId) => (await readCase(db, caseId)).number;
  readonly requests = new InFlight();
  readonly rightOfWay = new RightOfWay();
  stopping = false;
  readonly #closeStore: () => Promise<void>;

  /** Opens what has to be opened. @throws whatever keeps the process from serving, after closing what was open */
  static async fromConfig(config: Config, secrets: Secrets, overrides: Overrides = {}): Promise<Context> {
    const opening = openStore(config); // in a thread of its own, while this one reads the workflows
    try {
      const workflows = loadWorkflows(config.workflowsDir);
      const store = await opening;
      const db = await openDb(store.uri, config.dbName);
      await ensureIndexes(db);
      await checkWorkflows(db, workflows);
      const objects = await openObjects(config, secrets);
      const logger = overrides.logger ?? makeLogger(config.logLevel);
      const now = (overrides.clock ?? systemClock).now();
      const logKeys = await openLogKeys(db, secrets.auditKey, config.audit.origin, now);
      const doorbell = config.redisUrl ? await openDoorbell(config.redisUrl, logger) : undefined;
      return new Context(config, secrets, overrides, {
        workflows,
        db,
        objects,
        logger,
        logKeys,
        doorbell,
        closeStore: store.close,
      });
    } catch (error) {
      await (await opening).close();
      throw error;
    }
  }

  private constructor(
    config: Config,
    secrets: Secrets,
    overrides: Overrides,
    opened: Pick<Context, 'workflows' | 'db' | 'logger' | 'doorbell'> & {
      objects: ObjectStore;
      logKeys: LogKeys;
      closeStore: () => Promise<void>;
    },
  ) {
    this.config = config;
    this.secrets = secrets;
    this.clock = overrides.clock ?? systemClock;
    this.caseAccess = makeCaseAccess(this.clock);
    this.db = opened.db;
    this.workflows = opened.workflows;
    this.#closeStore = opened.closeStore;
    this.logger = opened.logger;
    this.doorbell = opened.doorbell;
    this.limiter = limiters(deriveKey(secrets.linkKey, 'firebreak limits'), this.doorbell?.counters);
    this.worker = makeWorker<Context>(() => this, { ...this, ...config.jobs, jobs, recurring });
    const bell = this.doorbell ?? this.worker;
    const streamTarget = streamTargetOf(config, secrets);
    this.auditLog = new AuditLog(
      {
        ...this,
        sealKey: secrets.auditKey,
        origin: config.audit.origin,
        outlets: outletsOf(config, secrets),
        publishEveryMs: config.audit.publishSeconds * SECOND,
        stream: streamTarget && { target: streamTarget, from: config.audit.stream.from },
        onDamage: ({ message }) => raiseAlarm(this, 'log-damaged', message),
        onRefused: (outlet, why) => raiseAlarm(this, 'witness-refused', `${outlet}: ${why}`),
      },
      opened.logKeys,
    );
    const { receipt } = this.auditLog;
    const outbox = makeOutbox((ids) => bell.ring(ids));
    this.transact = makeTransact({ ...this, ledger: ledgerOf(secrets.auditKey), receipt, outbox });
    this.vault = makeVault(opened.objects, this);
    this.scanner = config.evidence.clamd && clamd(config.evidence.clamd);
    this.previewer = makePreviewer(config.evidence.preview);
    this.exchange = overrides.exchange ?? exchangeOf(config, secrets);
    this.mailer = overrides.mailer ?? makeMailer(config);
    this.texter = overrides.texter ?? makeTexter(config);
    this.recipients = makeRecipients(this);
    this.identity = buildIdentity(this);
    this.reportLimits = makeReportLimits(this.limiter, config.reports);
    this.gate = makeGate(this);
    this.stepUp = makeStepUp(this);
    this.operations = operationsOf<Context>(routes);
  }

  /** Begins to work off the outbox: here when there is no Redis, and in worker processes (`alone`). */
  startWorking({ alone }: { alone: boolean }): void {
    if (this.config.jobs.concurrency === 0 || (!alone && this.doorbell)) return;
    this.worker.start();
    this.doorbell?.answer(this.worker, this.config.jobs.concurrency);
  }

  beginToStop(): void {
    this.stopping = true;
  }

  async stopWorking(): Promise<void> {
    await this.worker.stop();
  }

  /** Closes what was opened, once the requests that still run (their callers may be gone) are over. */
  async close(): Promise<void> {
    await this.requests.settled();
    await this.auditLog.stop();
    await this.doorbell?.close();
    await this.mailer.close();
    this.previewer.close();
    await this.vault.idle();
    await this.db.connection.close();
    await this.#closeStore();
  }
}

/** The store that MONGODB_URI names, or the embedded one, shared with whatever else of ours runs on this folder. */
async function openStore(config: Config): Promise<{ uri: string; close: () => Promise<void> }> {
  if (config.mongoUri) return { uri: config.mongoUri, close: async () => undefined };
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  return joinStore({ dataDir: join(config.dataDir, 'store') });
}

const exchangeOf = (config: Config, secrets: Secrets): Exchange =>
  config.exchange.url && secrets.exchangeKey
    ? exchangeClient({ ...config.exchange, url: config.exchange.url, secret: secrets.exchangeKey })
    : noExchange;
