import { randomBytes } from 'node:crypto';
import type { Express } from 'express';
import supertest from 'supertest';
import { can } from '../../src/access/index.js';
import { exchangeClient, expireFreezes } from '../../src/accounts/index.js';
import {
  type CaseContext,
  type CaseDoc,
  type CaseOpening,
  caseJobs,
  caseRoutes,
  openCase,
  readCase,
} from '../../src/cases/index.js';
import { buildIdentity } from '../../src/identity/index.js';
import { People } from '../../src/identity/store.js';
import { ownMailbox } from '../../src/identity/words.js';
import type { Actor, Role } from '../../src/kernel/actor.js';
import { DAY } from '../../src/kernel/clock.js';
import { newId } from '../../src/kernel/ids.js';
import { jobFor } from '../../src/kernel/jobs.js';
import { makeWorker } from '../../src/kernel/worker.js';
import { renderNotice } from '../../src/notices/index.js';
import { type SimulatorAdmin, simulatorAdmin, startSimulator } from '../../src/simulator/index.js';
import { loadWorkflows } from '../../src/workflow/index.js';
import { serveAs, type TestKernel, testActor, testKernel } from '../support/kernel.js';

export const REASON = { reason: 'as the report says' };

export interface Mail {
  readonly template: string;
  readonly to: string;
  readonly params: Readonly<Record<string, string>> & {
    readonly checks?: readonly string[];
    readonly scopes?: readonly string[];
    readonly remaining?: readonly string[];
  };
}

export interface Staff {
  readonly agent: Actor;
  readonly analyst: Actor;
  readonly verifier: Actor;
  readonly approver: Actor;
  readonly second: Actor;
  readonly compliance: Actor;
}

export interface CaseWorld {
  readonly kernel: TestKernel;
  readonly ctx: CaseContext & TestKernel['ctx'];
  readonly simulator: SimulatorAdmin;
  readonly staff: Staff;
  /** Mails that were sent: template, to, params. */
  readonly mails: Mail[];
  person(roles: Role[], over?: Record<string, unknown>): Promise<Actor>;
  /** A customer with an account, an old authenticator and an old telephone number. */
  customer(over?: Record<string, unknown>): Promise<{ actor: Actor; accountId: string; phoneId: string }>;
  open(over: Partial<CaseOpening>, as?: Actor): Promise<CaseDoc>;
  /** An urgent, re-verified report whose freeze the exchange has confirmed. */
  frozen(): Promise<{ doc: CaseDoc; customer: Actor; accountId: string; phoneId: string }>;
  /** A frozen case whose identity `verifier` has proven. */
  proven(): Promise<{ doc: CaseDoc; customer: Actor; accountId: string }>;
  /** Proposes the release of all that is held, by `analyst` unless told otherwise. */
  propose(caseId: string, by?: Actor): Promise<{ path: string; body: Record<string, string> }>;
  evidence(caseId: string): Promise<string>;
  as(actor: Actor): Client;
  /** Works off everything that is due now. */
  settle(): Promise<void>;
  expire(): Promise<void>;
  case(id: string): Promise<CaseDoc>;
  close(): Promise<void>;
}

export interface Client {
  get(path: string): supertest.Test;
  /** With a re-verification, which the tests of identity look at. */
  post(path: string, body?: object): supertest.Test;
  /** Without one. */
  plain(path: string, body?: object): supertest.Test;
}

/** Cases with all they stand on: a real store, the simulator over HTTP, a worker; mails are only collected. */
export async function caseWorld(env: Record<string, string> = {}, exchangeMs = 2_000): Promise<CaseWorld> {
  const kernel = await testKernel(env);
  const secret = new Uint8Array(randomBytes(32));
  const server = await startSimulator({ secret });
  const simulator = simulatorAdmin(server.url);
  const ctx = {
    ...kernel.ctx,
    identity: buildIdentity(kernel.ctx),
    exchange: exchangeClient({ url: server.url, keyId: 'firebreak', secret, timeoutMs: exchangeMs }),
    workflows: loadWorkflows(kernel.ctx.config.workflowsDir),
  };
  const mails: Mail[] = [];
  const collect = jobFor<CaseContext>()({
    name: 'send-notice',
    attempts: 1,
    backoff: [1],
    handle: async (_ctx, payload) => void mails.push(payload as unknown as Mail),
  });
  const worker = makeWorker<CaseContext>(() => ctx, {
    ...ctx,
    jobs: [...caseJobs, collect],
    recurring: [],
    concurrency: 4,
    leaseMs: 5_000,
    sweepMs: 60_000,
  });
  worker.start();

  const insert = async (roles: Role[], over: Record<string, unknown> = {}): Promise<Actor> => {
    const _id = newId('person');
    const email = `${_id}@example.org`;
    await People(ctx.db).collection.insertOne({
      _id,
      email,
      locale: 'en',
      roles,
      contactPoints: [ownMailbox(email, new Date(0))],
      securityVersion: 1,
      createdAt: new Date(0),
      ...over,
    } as never);
    return testActor({ kind: 'person', id: _id, roles, sessionId: newId('session') });
  };

  const oldTotp = {
    secret: 'sealed',
    enrolledAt: new Date(ctx.clock.now().getTime() - 30 * DAY),
    confirmedAt: new Date(ctx.clock.now().getTime() - 30 * DAY),
    lastStep: 1,
    failures: 0,
  };

  const staff: Staff = {
    agent: await insert(['agent']),
    analyst: await insert(['analyst']),
    verifier: await insert(['analyst']),
    approver: await insert(['approver']),
    second: await insert(['approver']),
    compliance: await insert(['compliance']),
  };

  const customer: CaseWorld['customer'] = async (over = {}) => {
    const { accountId } = await simulator.openAccount({ email: `${newId('owner')}@example.org`, sample: true });
    const phoneId = newId('contact');
    const email = `${phoneId}@example.org`;
    const actor = await insert(['customer'], {
      accountId,
      totp: oldTotp,
      contactPoints: [
        ownMailbox(email, new Date(0)),
        { _id: phoneId, kind: 'phone', value: '+8613800000000', trust: 'normal', addedAt: new Date(0) },
      ],
      ...over,
    });
    return { actor, accountId, phoneId };
  };

  const open: CaseWorld['open'] = (over, as = testActor({ kind: 'anonymous', id: 'anonymous' })) =>
    ctx.transact(as, (tx) =>
      openCase(tx, ctx, {
        kind: 'unauthorized_trade',
        reporter: { kind: over.customerId === undefined ? 'anonymous' : 'customer' },
        urgent: true,
        reverified: false,
        language: 'en',
        ...over,
      }),
    );

  const apps = new Map<Actor, Express>();
  const as = (who: Actor): Client => {
    const app = apps.get(who) ?? serveAs(ctx, caseRoutes as never, () => who, can);
    apps.set(who, app);
    return {
      get: (path) => supertest(app).get(path),
      post: (path, body) => supertest(app).post(path).set('Reverification', 'proof').send(body),
      plain: (path, body) => supertest(app).post(path).send(body),
    };
  };

  const world: CaseWorld = {
    kernel,
    ctx,
    simulator,
    staff,
    mails,
    person: insert,
    customer,
    open,
    frozen: async () => {
      const { actor: who, accountId, phoneId } = await customer();
      const doc = await open({ customerId: who.id, accountId, reverified: true }, who);
      await worker.settled();
      return { doc: await readCase(ctx.db, doc._id), customer: who, accountId, phoneId };
    },
    proven: async () => {
      const { doc, customer: who, accountId } = await world.frozen();
      const path = `/api/cases/${doc._id}`;
      await as(who).post(`${path}/authenticator-check`).expect(200);
      const started = await as(staff.verifier).post(`${path}/identity-checks`, { method: 'document' }).expect(201);
      await as(staff.verifier)
        .post(`${path}/identity-checks/${started.body.checkId}/decision`, {
          result: 'passed',
          evidenceIds: [await world.evidence(doc._id)],
          note: 'the photo is of the same person',
        })
        .expect(200);
      return { doc: await readCase(ctx.db, doc._id), customer: who, accountId };
    },
    propose: async (caseId, by = staff.analyst) => {
      const path = `/api/cases/${caseId}`;
      const { body } = await as(by).get(path).expect(200);
      const scopes = [...new Set((body.freezes as { scopes: string[] }[]).flatMap((freeze) => freeze.scopes))];
      const proposed = await as(by)
        .post(`${path}/release-proposals`, { scopes, outcome: 'recovered', ...REASON })
        .expect(201);
      return { path: `${path}/release-proposals/${proposed.body.approvalId}`, body: proposed.body };
    },
    evidence: async (caseId) => {
      const _id = newId('evidence');
      await ctx.db.connection.collection('evidence').insertOne({
        _id,
        caseId,
        sha256: 'a'.repeat(64),
        size: 1,
        name: 'passport.png',
        type: 'image/png',
        typeMismatch: false,
        scan: 'not-scanned',
        addedBy: { kind: 'person', id: 'person_1' },
        addedAt: new Date(),
      } as never);
      return _id;
    },
    as,
    settle: () => worker.settled(),
    expire: async () => {
      await expireFreezes(ctx);
      await worker.settled();
    },
    case: (id) => readCase(ctx.db, id),
    close: async () => {
      await worker.stop();
      await server.stop();
      await kernel.close();
      for (const { to: _, ...notice } of mails) renderNotice(notice as never); // every mail says what its template needs
    },
  };
  return world;
}
