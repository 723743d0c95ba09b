import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { PERMISSIONS, type Permission } from '../../src/access/index.js';
import { fixedKeys } from '../../src/identity/key-ring.js';
import { makeTokens } from '../../src/identity/tokens.js';
import { ROLES, type Role, STAFF_ROLES } from '../../src/kernel/actor.js';
import { HOUR } from '../../src/kernel/clock.js';
import { type TestContext, testContext } from '../support/context.js';
import { everyRole, type Person, signedInStaff } from '../support/people.js';
import { assertProblem } from '../support/problem.js';
import { allRoutes, samplePath } from '../support/sample-path.js';

const closed = allRoutes.filter(({ access }) => access !== 'public');
const permitted = allRoutes.flatMap((route) =>
  typeof route.access === 'object' ? [{ route, permission: route.access.permission as Permission }] : [],
);

describe('Every route that is not public', () => {
  let world: TestContext;
  let people: Record<Role, Person>;
  let events: number;
  before(async function () {
    this.timeout(60_000);
    world = await testContext();
    people = await everyRole(world);
  });
  after(() => world?.close());
  beforeEach(async () => {
    events = await acts();
  });

  /** What the log holds, apart from the refusals themselves. */
  const acts = async () => (await world.events()).filter(({ action }) => action !== 'access.refused').length;
  const nothingHappened = async () => assert.equal(await acts(), events);

  it('answers 401 without credentials, and says how to come back', async () => {
    for (const route of closed) {
      const answer = await world.send(route.method, samplePath(route));
      assertProblem(answer, 401, 'not_signed_in');
      assert.equal(answer.headers['www-authenticate'], 'Bearer', route.id);
    }
    await nothingHappened();
  });

  it('answers 401 to tokens that are not ours, not for this, or over; public ones do too', async () => {
    const over = await signedInStaff(world, ['agent']);
    await over.send('delete', '/api/sessions/current').expect(204);
    events = await acts();
    for (const [name, authorization] of Object.entries(badCredentials(world, people.admin, over))) {
      for (const route of allRoutes) {
        const answer = await world.send(route.method, samplePath(route), { Authorization: authorization });
        assertProblem(answer, 401, 'token_refused');
        assert.match(
          String(answer.headers['www-authenticate']),
          /^Bearer error="invalid_token"$/,
          `${name} ${route.id}`,
        );
      }
    }
    await nothingHappened();
  }).timeout(60_000);

  it('answers 403 to every role that lacks its permission, and to no other', async () => {
    const wrong: string[] = [];
    for (const { route, permission } of permitted) {
      assert.ok(PERMISSIONS[permission], `${route.id} asks for ${permission}, which is not in the table`);
      for (const role of ROLES) {
        const answer = await people[role].send(route.method, samplePath(route));
        const refused = answer.status === 403 && answer.body.code === 'not_allowed';
        if (refused) assertProblem(answer);
        assert.ok(answer.status < 500, `${role} ${route.id} ${answer.text}`);
        assert.notEqual(answer.body.code, 'token_refused');
        if (refused === PERMISSIONS[permission].includes(role)) wrong.push(`${role} ${route.id} ${answer.status}`);
      }
    }
    assert.deepEqual(wrong, []);
  }).timeout(60_000);

  it('answers 403 to staff whose session passed no second factor, but for what leads to one or out again', async () => {
    for (const role of STAFF_ROLES) {
      const half = await signedInStaff(world, [role], { secondFactor: false });
      events = await acts();
      for (const route of closed.filter(({ access }) => access !== 'first-factor'))
        assertProblem(await half.send(route.method, samplePath(route)), 403, 'second_factor_required');
      await nothingHappened();
    }
  }).timeout(60_000);

  it('is refused before a byte of its body is looked at', async () => {
    for (const route of closed.filter(({ method }) => method !== 'get')) {
      const answer = await world
        .send(route.method, samplePath(route), { 'Content-Type': 'application/json' })
        .send('{"this is": no JSON');
      assertProblem(answer, 401, 'not_signed_in');
    }
  });
});

/** Credentials that look like something, by what is wrong with them. */
function badCredentials({ ctx }: TestContext, whole: Person, over: Person): Record<string, string> {
  const { signingKeys } = ctx.secrets;
  const good = String(whole.headers['Authorization']).replace('Bearer ', '');
  const [header = '', payload = '', signature = ''] = good.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  const who = { personId: whole.personId, sessionId: String(claims.sid) };
  const past = { now: () => new Date(ctx.clock.now().getTime() - 2 * HOUR) };
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const strangers = [{ kid: String(signingKeys[0]?.kid), privateKey, publicKey }];
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const shared = `${encode({ alg: 'HS256', typ: 'at+jwt', kid: signingKeys[0]?.kid })}.${payload}`;
  const pem = String(signingKeys[0]?.publicKey.export({ type: 'spki', format: 'pem' }));
  return {
    nothing: 'Bearer ',
    garbage: 'Bearer garbage',
    'another scheme': `Basic ${Buffer.from('admin:admin').toString('base64')}`,
    'two tokens': `Bearer ${good}, Bearer ${good}`,
    expired: `Bearer ${makeTokens(fixedKeys(signingKeys), past, 60).issueAccess(who).token}`,
    'of a stranger': `Bearer ${makeTokens(fixedKeys(strangers), ctx.clock, 60).issueAccess(who).token}`,
    'of an ended session': String(over.headers['Authorization']),
    'another person in the session': `Bearer ${makeTokens(fixedKeys(signingKeys), ctx.clock, 60).issueAccess({ ...who, personId: over.personId }).token}`,
    'a ticket of the first step': `Bearer ${makeTokens(fixedKeys(signingKeys), ctx.clock, 60).issueTicket({ personId: whole.personId, securityVersion: 1 }).token}`,
    unsigned: `Bearer ${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
    'signed with the public key': `Bearer ${shared}.${createHmac('sha256', pem).update(shared).digest('base64url')}`,
    'another payload': `Bearer ${header}.${encode({ ...claims, sub: over.personId })}.${signature}`,
    'cut short': `Bearer ${good.slice(0, -4)}`,
    'too long': `Bearer ${'a'.repeat(6_000)}`,
  };
}
