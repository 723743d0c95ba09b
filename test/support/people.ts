import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { generate } from 'otplib';
import type supertest from 'supertest';
import { addPerson } from '../../src/identity/index.js';
import { type Role, systemActor } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/ids.js';
import type { Method, TestContext } from './context.js';

export const PASSWORD = 'lantern-Quarry 58 heron';

/** RFC 6238, 4.1: a code works for one step, and only once. */
const STEP_MS = 30_000;

/** Somebody who is signed in and uses the API over HTTP. */
export interface Person {
  readonly personId: string;
  readonly email: string;
  readonly headers: Readonly<Record<string, string>>;
  send(method: Method, path: string, headers?: Readonly<Record<string, string>>): supertest.Test;
  get(path: string): supertest.Test;
  post(path: string, body?: object, headers?: Readonly<Record<string, string>>): supertest.Test;
  /** A code of the authenticator that was not used yet; moves the clock on when this half minute's was. */
  code(): Promise<string>;
  /** The header that allows exactly this act. */
  reverified(operation: string, params: object, body: object): Promise<{ Reverification: string }>;
  /** Re-verifies for the act and does it. */
  act(operation: string, path: string, params: object, body?: object): Promise<supertest.Response>;
}

export interface Customer extends Person {
  readonly accountId: string;
  readonly uid: string;
}

/** An address that nobody else of the test run has. */
export const freshAddress = (name: string): string => `${name}.${randomBytes(5).toString('hex')}@example.org`;

/** Invited, set up, signed in; with an authenticator and a second factor in the session unless told otherwise. */
export async function signedInStaff(
  world: TestContext,
  roles: readonly Role[],
  { secondFactor = true }: { secondFactor?: boolean } = {},
): Promise<Person> {
  const email = freshAddress(roles.join('-'));
  const { setupToken } = await world.ctx.transact(systemActor('cli', newId('cli')), (tx) =>
    addPerson(tx, { email, roles, locale: 'en' }),
  );
  await world.send('post', '/api/setup').send({ token: setupToken, password: PASSWORD }).expect(204);
  return signIn(world, email, secondFactor);
}

/** Registered by mail, signed in, with an authenticator, linked to an account at the exchange. */
export async function signedInCustomer(world: TestContext): Promise<Customer> {
  const email = freshAddress('customer');
  await world.send('post', '/api/registrations').send({ email, password: PASSWORD, locale: 'en' }).expect(202);
  await world.settled();
  const token = /#([\w-]{43})/.exec(world.mails.findLast(({ to }) => to === email)?.text ?? '')?.[1];
  await world.send('post', '/api/registrations/confirmations').send({ token, password: PASSWORD }).expect(204);
  const person = await signIn(world, email, true);
  const { accountId, uid } = await world.simulator.openAccount({ email, sample: true });
  const { code } = await world.simulator.issueLinkCode(accountId);
  await person.post('/api/account/link', { linkCode: code }).expect(200);
  return { ...person, accountId, uid };
}

/** One person of each role, signed in with two factors. */
export async function everyRole(world: TestContext): Promise<Record<Role, Person>> {
  const people: Partial<Record<Role, Person>> = { customer: await signedInCustomer(world) };
  for (const role of ['agent', 'analyst', 'approver', 'compliance', 'admin'] as const)
    people[role] = await signedInStaff(world, [role]);
  return people as Record<Role, Person>;
}

async function signIn(world: TestContext, email: string, secondFactor: boolean): Promise<Person> {
  const { body: session } = await world
    .send('post', '/api/sessions')
    .send({ email, password: PASSWORD, refreshIn: 'body' })
    .expect(200);
  assert.ok(session.accessToken, session.next);
  const headers = { Authorization: `Bearer ${session.accessToken}` };
  const send: Person['send'] = (method, path, more = {}) => world.send(method, path, { ...headers, ...more });
  const post: Person['post'] = (path, body = {}, more = {}) => send('post', path, more).send(body);
  let secret = '';
  let lastStep = -1;
  const now = () => world.clock.now().getTime();
  const code = async () => {
    if (Math.floor(now() / STEP_MS) <= lastStep) world.clock.advance(STEP_MS);
    lastStep = Math.floor(now() / STEP_MS);
    return generate({ secret, epoch: Math.floor(now() / 1_000) });
  };
  if (secondFactor) {
    ({ secret } = (await post('/api/me/totp', { password: PASSWORD }).expect(201)).body);
    await post('/api/me/totp/confirmation', { code: await code() }).expect(200);
  }
  const { body: me } = await send('get', '/api/me').expect(200);
  const reverified: Person['reverified'] = async (operation, params, body) => {
    const asked = await post('/api/reverifications', { operation, params, body }).expect(201);
    const path = `/api/reverifications/${asked.body.reverificationId}/answers`;
    const answered = await post(path, { code: await code() }).expect(200);
    return { Reverification: answered.body.token };
  };
  return {
    personId: me.id,
    email,
    headers,
    send,
    get: (path) => send('get', path),
    post,
    code,
    reverified,
    act: async (operation, path, params, body = {}) =>
      send('post', path, await reverified(operation, params, body)).send(body),
  };
}
