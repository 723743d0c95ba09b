import assert from 'node:assert/strict';
import Joi from 'joi';
import { generate } from 'otplib';
import supertest from 'supertest';
import { makeApp } from '../../src/app.js';
import {
  addPerson,
  buildIdentity,
  type IdentityContext,
  identityRoutes,
  makeGate,
  makeStepUp,
} from '../../src/identity/index.js';
import { type Role, systemActor } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/ids.js';
import { InFlight } from '../../src/kernel/lifecycle.js';
import { operationsOf } from '../../src/kernel/reverified-act.js';
import { RightOfWay } from '../../src/kernel/right-of-way.js';
import { type AnyRoute, routeFor, type StepUpRule } from '../../src/kernel/route.js';
import type { ServeContext } from '../../src/kernel/serve.js';
import { type TestKernel, testKernel } from '../support/kernel.js';

export const PASSWORD = 'lantern-Quarry 58 heron';
export const STEP_MS = 30_000;

export type World = Awaited<ReturnType<typeof makeWorld>>;

const route = routeFor<IdentityContext & { probe: Probe }>();

/** What the acts of the tests are about, and how often they happened. */
interface Probe {
  version: number;
  acts: string[];
}

const probeParams = Joi.object<{ caseId: string }>({ caseId: Joi.string().required() });
const probeBody = Joi.object<{ amount: number }>({ amount: Joi.number().required() });

/** What both acts are about, and what whoever re-verifies for them confirms. */
const onTheProbe: StepUpRule<IdentityContext & { probe: Probe }, { caseId: string }, { amount: number }> = {
  confirms: ({ about, body }) => ({ 'zh-CN': `测试 ${about} ${body.amount}`, en: `probe ${about} ${body.amount}` }),
  subject: async (ctx, { params }) => ({
    caseId: params.caseId,
    about: `number of ${params.caseId}`,
    accountId: 'acct',
    accountVersion: ctx.probe.version,
  }),
};

/** Acts that ask for a re-verification, and one that asks for a permission, as other features state theirs. */
const probes = [
  route({
    id: 'probeAct',
    method: 'post',
    path: '/api/probes/:caseId/acts',
    tag: 'probe',
    summary: 'An act that asks for a re-verification',
    access: 'signed-in',
    params: probeParams,
    body: probeBody,
    stepUp: onTheProbe,
    handle: (ctx, { params, act }) =>
      act(async (tx) => {
        tx.record({ action: 'probe.acted', caseId: params.caseId });
        ctx.probe.acts.push(params.caseId);
      }),
  }),
  route({
    id: 'otherAct',
    method: 'post',
    path: '/api/probes/:caseId/others',
    tag: 'probe',
    summary: 'Another act that asks for one',
    access: 'signed-in',
    params: probeParams,
    body: probeBody,
    stepUp: onTheProbe,
    handle: (_ctx, { act }) => act(async (tx) => tx.record({ action: 'probe.other' })),
  }),
  route({
    id: 'probePermission',
    method: 'get',
    path: '/api/probes',
    tag: 'probe',
    summary: 'Something that takes a permission',
    access: { permission: 'audit.read' },
    handle: async () => undefined,
  }),
];

/** The whole of identity on a fresh database, served over HTTP, with a clock that moves by hand. */
export async function makeWorld(env: Record<string, string> = {}, secrets: Record<string, string> = {}) {
  const kernel: TestKernel = await testKernel(env, secrets);
  const identity = buildIdentity(kernel.ctx);
  const probe: Probe = { version: 1, acts: [] };
  const routes = [...identityRoutes, ...probes] as readonly AnyRoute<
    IdentityContext & ServeContext & { probe: Probe }
  >[];
  const parts = { ...kernel.ctx, identity, probe };
  const serving = {
    ...parts,
    gate: makeGate(parts),
    stepUp: makeStepUp(parts),
    requests: new InFlight(),
    rightOfWay: new RightOfWay(),
  };
  const ctx = Object.assign(serving, { operations: operationsOf(routes as never) }) as unknown as IdentityContext &
    ServeContext & { probe: Probe };
  const server = makeApp(ctx, routes).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const http = supertest.agent(server);
  const post = (path: string, body: object = {}, headers: Record<string, string> = {}) =>
    supertest(server).post(path).set(headers).send(body);
  const get = (path: string, headers: Record<string, string> = {}) => supertest(server).get(path).set(headers);
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
  const now = () => kernel.ctx.clock.now();
  const nextStep = () => kernel.ctx.clock.advance(STEP_MS);
  const codeOf = (secret: string) => generate({ secret, epoch: Math.floor(now().getTime() / 1_000) });

  /** The token behind # of the last link mailed to the address. */
  async function mailedToken(email: string): Promise<string> {
    const rows = (await kernel.jobs('send-notice')).filter(({ payload }) => payload['to'] === email);
    const { link } = (rows.at(-1)?.payload['params'] ?? {}) as { link?: string };
    return link?.split('#')[1] ?? '';
  }

  /** Audit events of one action as the log's own bytes say them, oldest first. */
  async function log(action: string): Promise<LogEvent[]> {
    const rows = await kernel.events(action);
    return rows.map((row) => JSON.parse(Buffer.from((row['bytes'] as { buffer: Uint8Array }).buffer).toString('utf8')));
  }

  async function registered(email: string, password = PASSWORD): Promise<void> {
    await post('/api/registrations', { email, password, locale: 'en' }).expect(202);
    await post('/api/registrations/confirmations', { token: await mailedToken(email), password }).expect(204);
  }

  async function invited(email: string, roles: Role[]): Promise<void> {
    const { setupToken } = await kernel.ctx.transact(systemActor('cli', newId('cli')), (tx) =>
      addPerson(tx, { email, roles, locale: 'en' }),
    );
    await post('/api/setup', { token: setupToken, password: PASSWORD }).expect(204);
  }

  /** Signs in with the password alone. */
  async function signedIn(email: string): Promise<Session> {
    const { body } = await post('/api/sessions', { email, password: PASSWORD, refreshIn: 'body' }).expect(200);
    assert.ok(body.accessToken, body.next);
    return { ...body, auth: bearer(body.accessToken) };
  }

  /** Sets up an authenticator in this session; afterwards its codes are good again. */
  async function enrolled(session: Session): Promise<string> {
    const { body } = await post('/api/me/totp', { password: PASSWORD }, session.auth).expect(201);
    await post('/api/me/totp/confirmation', { code: await codeOf(body.secret) }, session.auth).expect(200);
    nextStep();
    return body.secret;
  }

  /** A person of these roles, signed in, with an authenticator. */
  async function person(email: string, roles: Role[] = ['customer']): Promise<Session & { secret: string }> {
    await (roles.includes('customer') ? registered(email) : invited(email, roles));
    const session = await signedIn(email);
    return { ...session, secret: await enrolled(session) };
  }

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await kernel.close();
  }

  return {
    ...kernel,
    ctx: Object.assign(ctx, { clock: kernel.ctx.clock }),
    server,
    http,
    post,
    get,
    bearer,
    now,
    nextStep,
    codeOf,
    mailedToken,
    log,
    registered,
    invited,
    signedIn,
    enrolled,
    person,
    probe,
    close,
  };
}

export interface LogEvent {
  action: string;
  result: string;
  facts: Record<string, unknown>;
  target?: { kind: string; id: string };
}

export interface Session {
  next: string;
  accessToken: string;
  refreshToken: string;
  sessionId: string;
  expiresAt: string;
  auth: { Authorization: string };
}
